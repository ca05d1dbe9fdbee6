"""Docstrings as the documentation shows them: a Griffe extension, named in mkdocs.yml."""

import re
from typing import Any

from griffe import Extension, Object


class Plain(Extension):
    """``::`` before an indented block is a mark for other tools: here it becomes a colon."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Called for every object that is shown."""
        if obj.docstring is not None:
            obj.docstring.value = re.sub(r"(?m)^ *::$", "", obj.docstring.value)
            obj.docstring.value = re.sub(r"::$", ":", obj.docstring.value, flags=re.M)
