"""Files beside each other, and in older encodings."""

from pathlib import Path

import pytest

from planner.importing.importing import import_table
from planner.past.history import read_history, remembered
from planner.past.mapping import HistoryError
from tests.planner.importing.test_cells import file, made


def test_two_tables_of_one_stem_do_not_share_a_mapping(tmp_path: Path) -> None:
    first, second = (
        file(tmp_path, made({})),
        file(tmp_path, made({}).replace("yield", "gain"), "t.tsv"),
    )
    remembered(first).write_text(import_table([first]).text)
    found = import_table([second])
    assert (found.is_guessed, list(found.mapping.outcomes)) == (True, ["gain"])
    with pytest.raises(HistoryError, match=r"t\.tsv: a table needs a mapping"):
        read_history(str(second))
    remembered(second).write_text(found.text)
    assert list(read_history(str(second)).mapping.outcomes) == ["gain"]
    assert list(read_history(str(first)).mapping.outcomes) == ["yield"]
    assert not import_table([second]).is_guessed


@pytest.mark.parametrize("words", ["four à moufle,mesuré", "Größe,Härte", "recuit_température,durée",
                                   "Ånneal,prøve"])  # fmt: skip
def test_names_of_western_europe_are_no_japanese(tmp_path: Path, words: str) -> None:
    lines = [f"{words},yield", *(f"{i % 4},{i % 3},{i * 7 % 9 + 0.5}" for i in range(12))]
    (tmp_path / "t.csv").write_bytes("\n".join(lines).encode("cp1252"))
    table = import_table([tmp_path / "t.csv"]).table
    assert table.columns == (*words.split(","), "yield")
