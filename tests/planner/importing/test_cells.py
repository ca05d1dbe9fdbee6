"""Words that are no words elsewhere, and cells that only a person can explain."""

from pathlib import Path

import pytest

from planner.importing.answers import answered, undecided
from planner.importing.guess.cells import OPEN
from planner.importing.importing import Import, import_table
from planner.past.history import read_history, remembered
from planner.past.mapping import HistoryError
from planner.past.pool import History

IONS = ("Na", "K", "Li", "none")


def file(folder: Path, text: str, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def kept(path: Path, **answers: str) -> History:
    """The table's history after these answers, columns to what their cells are."""
    found = import_table([path])
    text = answered(found.proposal, {f"cells.{n}": a for n, a in answers.items()})
    remembered(path).write_text(text)
    return read_history(str(path))


def made(cells: dict[int, str], ion: dict[int, str] | None = None) -> str:
    """A table whose yields and ions are replaced in some rows."""
    rows = [f"{(ion or {}).get(i, IONS[i % 4])},{40 + i % 5 * 10},{cells.get(i, i * 7 % 20 + 0.5)}"
            for i in range(20)]  # fmt: skip
    return "\n".join(["cation,heat,yield", *rows]) + "\n"


def asked(found: Import) -> dict[str, str]:
    return {q.field: q.text for q in found.questions if q.field.startswith("cells.")}


def test_sodium_and_none_are_levels_and_are_replayed(tmp_path: Path) -> None:
    history = kept(file(tmp_path, made({})))
    assert history.campaign.parameters["cation"].values == ("K", "Li", "Na", "none")  # type: ignore[union-attr]
    assert history.pool().size == 20


@pytest.mark.parametrize("word", ["none", "NA", "null", "n/a", "-", "?"])
def test_a_word_that_may_mean_missing_is_a_kind_and_is_asked_about(
    tmp_path: Path, word: str
) -> None:
    path = file(tmp_path, made({}, {3: word, 7: word, 11: word, 15: word, 19: word}))
    assert word in asked(import_table([path]))["cells.cation"]
    assert kept(path).pool().size == 20
    assert len(kept(path, cation="left out").rows) == 15


def test_rows_of_another_width_are_asked_about_and_left_out(tmp_path: Path) -> None:
    lines = made({}).splitlines()
    path = file(
        tmp_path, "\n".join([*lines[:4], lines[4] + ",9", *lines[5:9], "Na,40", *lines[9:]])
    )
    found = import_table([path])
    assert [q for q in undecided(found.proposal, {}) if "rows 5, 10" in q]
    remembered(path).write_text(found.text)
    with pytest.raises(HistoryError, match=r"row 5 has 4 cells .* ragged_rows: left out"):
        read_history(str(path))
    remembered(path).write_text(answered(found.proposal, {"ragged_rows": "left out"}))
    assert len(read_history(str(path)).rows) == 19
    assert {f.level for f in import_table([path]).findings if f.code == "ragged-row"} == {"note"}


def test_an_empty_setting_is_asked_about(tmp_path: Path) -> None:
    path = file(tmp_path, made({}, {3: "", 8: "nan"}))
    found = import_table([path])
    assert "rows 5, 10" in asked(found)["cells.cation"]
    assert undecided(found.proposal, {})
    assert len(kept(path, cation="left out").rows) == 18


@pytest.mark.parametrize(
    ("answer", "rows", "value"),
    [
        ("left out", 19, None),
        ("missing", 20, None),
        ("the number in it", 20, 97),
        ("96.5", 20, 96.5),
    ],
)
def test_a_cell_that_is_no_number_is_left_out_missing_or_a_value(
    tmp_path: Path, answer: str, rows: int, value: float | None
) -> None:
    path = file(tmp_path, made({4: "~97"}))
    found = import_table([path])
    assert "'~97' in yield (row 6)" in asked(found)["cells.yield"]
    assert undecided(found.proposal, {"cells.yield": OPEN})
    assert not undecided(found.proposal, {"cells.yield": answer})
    history = kept(path, **{"yield": answer})
    assert len(history.rows) == rows
    assert [r.values["yield"] for r in history.rows if r.line == 6 and r.values] == (
        [] if value is None else [value]
    )
    assert not [f for f in import_table([path]).findings if f.level == "error"]


def test_what_nobody_decided_stops_the_replay_with_the_way_out(tmp_path: Path) -> None:
    path = file(tmp_path, made({4: "~97"}))
    with pytest.raises(HistoryError, match=r"row 6, column 'yield'.*say in the mapping"):
        kept(path)
    assert "# ASK: '~97' in yield (row 6)" in remembered(path).read_text()


def test_an_answer_that_is_no_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="yield: 'many' is no number"):
        kept(file(tmp_path, made({4: "~97"})), **{"yield": "many"})


def test_the_dash_of_a_cracked_sample_is_asked_about(tmp_path: Path) -> None:
    path = file(tmp_path, made({4: "-", 9: "-"}))
    assert "did the sample fail?" in asked(import_table([path]))["cells.yield"]
    assert [r.line for r in kept(path).rows if r.failed] == []
    assert [r.line for r in kept(path, **{"yield": "failed"}).rows if r.failed] == [6, 11]


def test_the_dash_beside_a_cell_that_is_no_number_is_asked_about_too(tmp_path: Path) -> None:
    path = file(tmp_path, made({4: "~97", 9: "-"}))
    proposal = import_table([path]).proposal
    answers = {"cells.yield": "the number in it", "marks.yield": "failed"}
    assert set(answers) <= {q.field for q in proposal.questions}
    remembered(path).write_text(answered(proposal, answers))
    rows = {r.line: r for r in read_history(str(path)).rows}
    assert rows[6].values == {"yield": 97}
    assert rows[11].failed


@pytest.mark.parametrize(
    ("answer", "low"), [("left out", 501), ("500", 500), ("store anyway", -500)]
)
def test_a_setting_that_may_be_a_slip_is_asked_about_and_bounds_follow(
    tmp_path: Path, answer: str, low: float
) -> None:
    rows = [f"{-500 if i == 3 else 501 + 7 * i},{i * 7 % 20 + 0.5}" for i in range(20)]
    path = file(tmp_path, "\n".join(["heat_K,yield", *rows]) + "\n")
    proposal = import_table([path]).proposal
    question = next(q for q in proposal.questions if q.field == "value.heat_K")
    assert "-500 K is below absolute zero (row 5)" in question.text
    remembered(path).write_text(answered(proposal, {question.field: answer}))
    history = read_history(str(path))
    assert history.mapping.parameters["heat_K"].low == low  # type: ignore[union-attr]
    assert len(history.rows) == (19 if answer == "left out" else 20)


def test_what_was_set_and_what_was_measured_is_asked_where_the_table_does_not_tell(
    tmp_path: Path,
) -> None:
    rows = [f"{i * 37 % 101 / 10},{i * 53 % 97},{i * 71 % 103 / 3:.1f}" for i in range(20)]
    found = import_table([file(tmp_path, "\n".join(["one,two,three", *rows]))])
    role = next(q for q in found.questions if q.field.startswith("role.") and q.guess == "set")
    column = role.field.removeprefix("role.")
    assert role.allowed == ("set", "measured")
    text = answered(found.proposal, {role.field: "measured"})
    assert f"  # ASK: Is {column} to become large or small?" in text


def test_a_lone_999_is_asked_about_and_stored_anyway_or_not(tmp_path: Path) -> None:
    path = file(tmp_path, made({4: "999"}))
    found = import_table([path])
    question = next(q for q in found.questions if q.field == "value.yield")
    assert "yield: 999 lies far from most other values, 0.5 to 18.5 (row 6)" in question.text
    assert "implausible" in {f.code for f in found.findings}
    assert undecided(found.proposal, {})
    remembered(path).write_text(found.text)
    assert "a slip? It counts as it is" in " ".join(read_history(str(path)).notes)
    for answer, best in (("store anyway", 999), ("missing", 19.5), ("9.99", 19.5)):
        assert not undecided(found.proposal, {question.field: answer})
        remembered(path).write_text(answered(found.proposal, {question.field: answer}))
        history = read_history(str(path))
        assert max(r.values.get("yield", 0) for r in history.rows) == best
        assert "a slip?" not in " ".join(history.notes)
        remembered(path).unlink()
