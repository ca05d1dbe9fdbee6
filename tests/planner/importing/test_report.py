"""The report of an import: the same facts as text and as one page."""

from pathlib import Path

from planner.importing.importing import import_table
from planner.importing.report import import_report, mapping_in_force
from tests.planner.importing.test_import import imported

DOUBTFUL = "T,t,yield\n" + "".join(f"{600 + i},{i % 3},{i % 2 + 1e-3 * i}\n" for i in range(9))


def test_text_and_page_tell_of_every_column_finding_and_question(tmp_path: Path) -> None:
    found = imported(tmp_path, DOUBTFUL + "700,1,inf\n", "furnace.csv")
    assert found.findings
    assert found.questions
    text, page = (import_report(found, html) for html in (False, True))
    assert text.startswith("# Import of furnace.csv: 10 rows")
    assert page.startswith("<!doctype html>")
    for name in found.table.columns:
        assert f"* `{name}`: {found.proposal.guess.roles[name].role}" in text
        assert f"<td>{name}</td>" in page
    for question in found.questions:
        assert f"* {question.field}: " in text
        assert f"<b>{question.field}</b>: " in page
    assert all(f"* {finding}" in text for finding in found.findings)


def test_the_page_shows_what_looks_like_html_as_text(tmp_path: Path) -> None:
    table = DOUBTFUL.replace("yield", "yield <b>")
    page = import_report(imported(tmp_path, table), html=True)
    assert "yield <b>" not in page
    assert "yield &lt;b&gt;" in page


def test_a_mapping_that_people_wrote_is_shown_without_questions(tmp_path: Path) -> None:
    guessed = imported(tmp_path, DOUBTFUL)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(guessed.text)
    found = import_table([tmp_path / "t.csv"], mapping)
    assert not found.is_guessed
    assert found.questions == ()
    assert "## To be answered" not in import_report(found, html=False)
    assert "mapping: 1" in mapping_in_force(found)
