"""Small tables as text, for files whose columns are known; ``planner.tables`` reads the others."""

import csv
import io

from planner.door.refused import Refused


def read_rows(text: str) -> list[dict[str, str | None]]:
    """The rows of CSV text by the names in its header; what is beyond them is left out. Refused
    where a name stands twice or the text is no table."""
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    try:
        names = [name.strip() for name in reader.fieldnames or ()]
        if doubled := {name for name in names if names.count(name) > 1}:
            raise Refused(f"has the column {min(doubled)!r} twice")
        reader.fieldnames = names
        return [{name: row.get(name) for name in names} for row in reader]
    except csv.Error as error:
        raise Refused(f"is no table (line {reader.line_num}: {error})") from error
