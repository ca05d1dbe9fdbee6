import os
from pathlib import Path
from typing import Any

import pytest

from executors.people.folder import Folder
from executors.testing import ExecutorContract
from planner.door.files import Inside
from planner.executor import (
    Abandoned,
    Answer,
    Executor,
    Failed,
    Finished,
    Measurement,
    Running,
    WorkOrder,
)

JOB = "Ba122 bulk/7/synthesis"
ORDER = WorkOrder(
    JOB, "Ba122 bulk", 7, "synthesis", {"temperature": 850.0, "route": "HIP"},
    {"temperature": "degC", "density": "percent"}, ("density", "cracks"),
    {"porosity": Measurement("porosity", 12.5, "percent")},
)  # fmt: skip
PLACE = "orders/Ba122 bulk/7/synthesis"


class TestFolder(ExecutorContract):
    def make(self, folder: Path) -> Folder:
        self.orders = folder / "orders"
        return Folder(folder, settle=0)

    def answer(self, executor: Executor, order: WorkOrder) -> None:
        for path in self.orders.rglob("order*.yaml"):
            if f"job: {order.job}\n" in path.read_text(encoding="utf-8"):
                path.with_name("result.yaml").write_text("measured: {y: 1.5 T}")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    executor = Folder(tmp_path, settle=0)
    executor.submit(ORDER)
    return executor


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / PLACE


def paths(answer: Finished | Failed) -> dict[str, Path]:
    return {name: file.path for name, file in answer.artifacts.items() if isinstance(file, Inside)}


def note(answer: Answer) -> str:
    assert isinstance(answer, Running), answer
    return answer.note


def test_the_order_tells_a_technician_all(folder: Folder, place: Path) -> None:
    text = (place / "order.yaml").read_text()
    assert "temperature:\n    value: 850.0\n    unit: degC" in text
    assert "#     density: {value: ..., unit: percent, standard_error: ...}" in text
    assert "measured_before:\n  porosity:\n    value: 12.5" in text
    assert "waiting for result.yaml" in note(folder.poll(JOB))


def test_the_way_to_answer_that_the_order_shows_is_accepted(folder: Folder, place: Path) -> None:
    lines = (place / "order.yaml").read_text().split("#   measured:")[1].split("\n#\n")[0]
    answer = ("  measured:" + lines.replace("\n#   ", "\n  ")).replace("...", "1")
    (place / "result.yaml").write_text(answer)
    assert isinstance(folder.poll(JOB), Finished)


FULL = Finished(
    (
        Measurement("density", 82.1, "percent", 0.4, "Archimedes", "folder"),
        Measurement("cracks", 2, "", None, "", "folder"),
    ),
    {"temperature": 848.0},
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "result.yaml",
            "measured:\n"
            "  density: {value: 82.1, unit: percent, standard_error: 0.4, method: Archimedes}\n"
            "  cracks: 2\n"
            "as_run: {temperature: 1121.15 K}",
        ),
        (
            "result.json",
            '{"measured": {"density": {"value": 82.1, "unit": "percent", "standard_error": 0.4,'
            ' "method": "Archimedes"}, "cracks": {"value": 2}}, "as_run": {"temperature": 848}}',
        ),
        (
            "result.csv",
            "\ufeffname,value,unit,standard_error,method\n"
            "density,82.1,percent,0.4,Archimedes\ncracks,2\ntemperature,848,degC,,\n",
        ),
    ],
)
def test_a_result_file_is_the_answer(folder: Folder, place: Path, name: str, text: str) -> None:
    (place / name).write_text(text, encoding="utf-8")
    answer = folder.poll(JOB)
    assert isinstance(answer, Finished)
    assert answer.measurements == FULL.measurements
    assert answer.as_run == pytest.approx(FULL.as_run)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("result.yaml", "failed: melted", Failed("melted")),
        ("result.csv", "name,value\nfailed,melted", Failed("melted")),
        ("result.yaml", "abandoned: the furnace is broken", Abandoned("the furnace is broken")),
        (
            "result.yaml",
            "{failed: cracked, as_run: {route: SPS}, measured: {cracks: 9}}",
            Failed(
                "cracked", {"route": "SPS"}, (Measurement("cracks", 9, "", None, "", "folder"),)
            ),
        ),
    ],
)
def test_a_sample_or_the_furnace_may_fail(
    folder: Folder, place: Path, name: str, text: str, expected: Answer
) -> None:
    (place / name).write_text(text)
    assert folder.poll(JOB) == expected


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("result.yaml", "", "must be names and values, not 'None'"),
        ("result.yaml", "measured: {density: {value: 82", "line 1"),
        ("result.json", '{"measured": {"dens', "line 1, column 15: unterminated string"),
        ("result.json", '{"measured": {"cracks": NaN}}', "measured.cracks"),
        ("result.yaml", "measured: {density: 82.1}", "came without a unit, such as 'percent'"),
        ("result.yaml", "measured: {density: 82.1 T}", "cannot be turned into 'percent'"),
        ("result.yaml", "measured: {cracks: many}", "'many' is not a number"),
        ("result.yaml", "measured: {cracks: {value: true}}", "value: must be a number, not 'True'"),
        (
            "result.yaml",
            "measured: {cracks: {value: 1, standard_error: -1}}",
            "must be at least 0, not -1",
        ),
        ("result.yaml", "measured: {hardness: 3 GPa}", "'hardness' was not asked for"),
        ("result.yaml", "as_run: {temperature: 848}", "one of 'measured', 'failed'"),
        ("result.yaml", "{failed: x, as_run: {pressure: 1}}", "'pressure' is no parameter"),
        ("result.yaml", "{failed: x, as_run: {temperature: hot}}", "'hot' is not a number"),
        ("result.yaml", "{abandoned: x, measured: {cracks: 2}}", "it stands alone"),
        ("result.yaml", "mesured: {cracks: 2}", "mesured: this field is not known"),
        ("result.csv", "outcome,value\ncracks,2", "each line needs 'name' and 'value'"),
        ("result.csv", "name,value\ncracks,two", "'two' is not a number"),
    ],
)
def test_a_wrong_file_waits_to_be_mended(
    folder: Folder, place: Path, name: str, text: str, complaint: str
) -> None:
    (place / name).write_text(text)
    assert complaint in note(folder.poll(JOB))
    (place / name).unlink()
    (place / "result.yaml").write_text("failed: melted")
    folder.poll(JOB)
    assert folder.poll(JOB) == Failed("melted")


def test_a_file_that_is_not_utf8_waits(folder: Folder, place: Path) -> None:
    (place / "result.csv").write_bytes("name,value\nfailed,溶けた".encode("cp932"))
    assert "result.csv: is not UTF-8 text (byte 18)" in note(folder.poll(JOB))


def test_two_result_files_wait(folder: Folder, place: Path) -> None:
    for name in ("result.yaml", "result.csv"):
        (place / name).touch()
    assert "which one holds?" in note(folder.poll(JOB))


def test_a_young_file_waits(tmp_path: Path, folder: Folder, place: Path) -> None:
    (place / "result.yaml").write_text("failed: melted")
    patient = Folder(tmp_path, settle=3600)
    assert "waiting until the files rest" in note(patient.poll(JOB))
    for path in place.iterdir():
        os.utime(path, (0, 0))
    assert patient.poll(JOB) == Failed("melted")


def test_an_image_that_still_grows_holds_the_answer(folder: Folder, place: Path) -> None:
    (place / "result.yaml").write_text("failed: melted?")
    (place / "stack").mkdir()
    folder.poll(JOB)
    (place / "stack" / "01.tif").write_bytes(b"II*")
    assert "rest" in note(folder.poll(JOB))
    answer = folder.poll(JOB)
    assert isinstance(answer, Failed), "of a failed sample too"
    assert paths(answer) == {"stack/01.tif": place / "stack" / "01.tif"}


def test_other_files_are_artifacts(folder: Folder, place: Path) -> None:
    (place / "stack").mkdir()
    for name in ("stack/01.tif", "log.txt", ".hidden", "~$book.xlsx", "half.part"):
        (place / name).touch()
    (place / "result.yaml").write_text("measured: {cracks: 0}")
    answer = folder.poll(JOB)
    assert isinstance(answer, Finished)
    assert paths(answer) == {n: place / n for n in ("log.txt", "stack/01.tif")}


def test_links_and_pipes_are_no_results_and_no_artifacts(
    tmp_path: Path, folder: Folder, place: Path
) -> None:
    (tmp_path / "secret").write_text("failed: a file of somebody else")
    (place / "result.yaml").symlink_to(tmp_path / "secret")
    assert "result.yaml is a link, not a plain file" in note(folder.poll(JOB))
    (place / "result.yaml").unlink()
    os.mkfifo(place / "result.yaml")
    assert "result.yaml is a pipe, not a plain file" in note(folder.poll(JOB))
    (place / "result.yaml").unlink()
    (place / "secret.txt").symlink_to(tmp_path / "secret")
    os.mkfifo(place / "pipe.txt")
    (place / "result.yaml").write_text("failed: melted")
    assert folder.poll(JOB) == Failed("melted")


def test_what_is_too_large_is_not_read(folder: Folder, place: Path) -> None:
    (place / "result.yaml").touch()
    os.truncate(place / "result.yaml", 10**12)
    assert "result.yaml: has 1000 GB; at most 2 MB are read" in note(folder.poll(JOB))
    (place / "result.yaml").write_bytes(b"failed: melted")
    (place / "stack.tif").touch()
    os.truncate(place / "stack.tif", 10**13)
    folder.poll(JOB)
    assert "stack.tif has 10000 GB; at most 20 GB are read" in note(folder.poll(JOB))


def test_a_shared_drive_may_be_away(tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    folder = Folder(tmp_path / "own", path=str(drive), settle=0)
    folder.submit(ORDER)
    assert "cannot be reached" in note(folder.poll(JOB))
    drive.mkdir()
    assert "waiting for" in note(folder.poll(JOB))
    assert (drive / PLACE / "order.yaml").exists()


def test_a_cancelled_order_is_renamed(folder: Folder, place: Path) -> None:
    folder.cancel(JOB)
    assert [path.name for path in place.iterdir()] == ["order.cancelled.yaml"]
    assert folder.poll(JOB) == Abandoned("cancelled")


@pytest.mark.parametrize("options", [{"path": "orders"}, {"settle": -1}, {"folders": 2}])
def test_wrong_options_are_named(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        Folder(tmp_path, **options)
