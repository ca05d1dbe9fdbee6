"""Names from outside: whatever comes, the file lies in the folder that was meant."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.campaign.checks import name_problems
from planner.door.names import MOST_BYTES, artifact_names, file_name, own_name
from planner.past.history import remembered
from planner.past.mapping_text import mapping_text

anything = st.text(
    st.one_of(st.characters(codec=None), st.sampled_from("/\\. \0\n\u3000\ud800\uffff温"))
)  # lone surrogates too
endless = st.builds(
    lambda part, times, suffix: part * times + suffix,
    anything.filter(bool), st.integers(1, 400), st.sampled_from(["", ".csv", ".xlsx", ". ."]),
)  # fmt: skip


@given(anything | endless)
def test_whatever_the_name_the_file_lies_in_its_folder(given_name: str) -> None:
    name = file_name(given_name)
    place = Path("/folder") / name
    assert (place.parent, place.name) == (Path("/folder"), name)
    assert name.strip(" .") == name != ""
    assert len(name.encode()) <= MOST_BYTES <= 255
    assert not set(name) & set("/\\\0\n")
    assert file_name(name) == name


@given(anything | endless, st.sampled_from([".csv", ".TSV", ".xlsx", ".jsonl", ".表"]))
def test_the_suffix_is_kept_for_the_reader_chooses_by_it(given_name: str, suffix: str) -> None:
    assert Path(file_name(given_name + suffix)).suffix == suffix


@given(anything | endless)
def test_a_mapping_can_name_the_file(given_name: str) -> None:
    assert mapping_text({"table": file_name(given_name)})  # it reads its own text back


@given(anything | endless)
def test_any_name_can_be_written_to_this_disk(
    tmp_path_factory: pytest.TempPathFactory, given_name: str
) -> None:
    place = tmp_path_factory.getbasetemp() / "names"
    place.mkdir(exist_ok=True)
    table = place / file_name(given_name)
    for path in (table, remembered(table)):  # the mapping lies beside it, under a longer name
        path.write_bytes(b"1")
        path.unlink()


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("furnace.csv", "furnace.csv"),
        ("焼結 温度（2024）.xlsx", "焼結 温度（2024）.xlsx"),
        ("Öfen & Proben, v2.1 (neu).csv", "Öfen & Proben, v2.1 (neu).csv"),
        ("../../escaped.csv", "escaped.csv"),
        ("/etc/cron.d/job.csv", "job.csv"),
        (r"C:\Users\aki\furnace.csv", "furnace.csv"),
        (r"..\..\furnace.csv", "furnace.csv"),
        ("folder/", "table"),
        ("", "table"),
        (".", "table"),
        ("..", "table"),
        (" . . ", "table"),
        ("\0\ud800", "table"),
        (".csv", "table.csv"),
        (".bashrc", "table.bashrc"),
        ("a.csv\0.png", "a.csv.png"),
        ("a\nb\r.csv", "ab.csv"),
        (" a.csv . ", "a.csv"),
        ("a\udcff.csv", "a.csv"),
        ("..a..b.csv", "a..b.csv"),
    ],
)
def test_names_as_they_come(given_name: str, name: str) -> None:
    assert file_name(given_name) == name


@pytest.mark.parametrize("letter", ["x", "é", "温", "𠮷"])
def test_a_long_name_is_cut_between_letters_and_keeps_its_suffix(letter: str) -> None:
    name = file_name(letter * 300 + ".csv")
    assert set(name.removesuffix(".csv")) == {letter}
    assert MOST_BYTES - 4 < len(name.encode()) <= MOST_BYTES


def test_what_is_too_long_for_a_suffix_is_cut_like_the_rest() -> None:
    assert file_name("a." + "x" * 300) == "a." + "x" * (MOST_BYTES - 2)
    full = "x" * (MOST_BYTES - 1)
    assert file_name(full + ".y" + "z" * 100) == full


@given(anything | endless)
def test_a_campaign_may_be_called_like_any_table(given_name: str) -> None:
    assert name_problems(own_name(given_name), (), ()) == []


@given(
    st.lists(anything | st.sampled_from(["a.png", "a.png ", "b/../a.png", "/b//a.png"]), max_size=6)
)
def test_artifacts_have_different_names_that_lead_nowhere(given_names: list[str]) -> None:
    names = artifact_names(given_names)
    assert len(set(names)) == len(given_names)
    for name in names:
        assert not name.startswith("/")
        assert all(file_name(part) == part for part in name.split("/"))
