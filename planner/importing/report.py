"""The report of an import, as text or as one HTML page: what was read, guessed, found and asked."""

from html import escape

from planner.campaign.plain import plain
from planner.importing.importing import Import
from planner.past.mapping_text import mapping_text

_TITLES = {"error": "Errors: the table cannot be used as it is",
           "warning": "Warnings: look at these before you rely on the table",
           "note": "Notes: how the table was read"}  # fmt: skip
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1f2937}}
table {{border-collapse: collapse; margin: 1rem 0}} td, th {{border-bottom: 1px solid #d1d5db;
  padding: .3rem .7rem; text-align: left; vertical-align: top}}
pre {{background: #f3f4f6; padding: 1rem; overflow-x: auto}} h2 {{margin-top: 2rem}}
.error {{color: #b91c1c}} .warning {{color: #b45309}} .note {{color: #4b5563}}
</style></head><body><h1>{title}</h1>{body}</body></html>
"""


def import_report(found: Import, html: bool) -> str:
    """The whole report; nothing in it refers to another file."""
    return _page(found) if html else _text(found)


def _title(found: Import) -> str:
    return f"Import of {found.table.source}: {len(found.table.rows)} rows"


def _text(found: Import) -> str:
    lines = [
        f"# {plain(_title(found))}",
        "",
        f"Read as {found.table.format}.",
        "",
        "## Columns",
        "",
    ]
    lines += [f"* `{name}`: {role}{', ' + unit if unit else ''} ({why})"
              for name, role, unit, why in _columns(found)]  # fmt: skip
    for level, title in _TITLES.items():
        here = [f for f in found.findings if f.level == level]
        if here:
            lines += ["", f"## {title}", "", *(f"* {plain(finding)}" for finding in here)]
    if found.questions:
        lines += ["", "## To be answered", ""]
        lines += [f"* {q.field}: {q.text} For now: {q.guess}." for q in found.questions]
    return "\n".join([*lines, "", "## Mapping", "", "```yaml", mapping_in_force(found), "```", ""])


def _page(found: Import) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
        for cells in _columns(found)
    )
    parts = [f"<p>Read as {escape(found.table.format)}. Nothing was repaired.</p><h2>Columns</h2>"
             f"<table><tr><th>column<th>role<th>unit<th>why</tr>{rows}</table>"]  # fmt: skip
    for level, title in _TITLES.items():
        here = [f"<li>{escape(str(f))}</li>" for f in found.findings if f.level == level]
        if here:
            parts.append(f"<h2 class={level}>{title}</h2><ul>{''.join(here)}</ul>")
    if found.questions:
        asked = "".join(f"<li><b>{escape(q.field)}</b>: {escape(q.text)} For now: "
                        f"{escape(q.guess)}.</li>" for q in found.questions)  # fmt: skip
        parts.append(f"<h2>To be answered</h2><ul>{asked}</ul>")
    parts.append(f"<h2>Mapping</h2><pre>{escape(mapping_in_force(found))}</pre>")
    return _PAGE.format(title=escape(_title(found)), body="".join(parts))


def mapping_in_force(found: Import) -> str:
    """The mapping as text: the guess with its questions, or what people wrote."""
    if found.is_guessed:
        return found.text
    return mapping_text(found.mapping.model_dump(mode="json", exclude_defaults=True))


def _columns(found: Import) -> list[tuple[str, str, str, str]]:
    guess = found.proposal.guess
    return [
        (name, guess.roles[name].role, guess.columns[name].unit, guess.roles[name].why)
        for name in found.table.columns
    ]
