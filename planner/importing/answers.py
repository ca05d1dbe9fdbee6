"""What people answer to the questions of an import."""

import json
from collections.abc import Mapping

from planner.importing.guess.guessed import GuessedMapping
from planner.past.mapping import parse_mapping
from planner.past.mapping_text import mapping_text


def answered(proposal: GuessedMapping, answers: Mapping[str, str], name: str | None = None) -> str:
    """The proposed mapping with answers by field of the question; what is left open stays asked."""
    content = json.loads(json.dumps(proposal.content))
    content["name"] = name or content["name"]
    for field, answer in answers.items():
        section, _, rest = field.partition(".")
        if section == "failure" and answer not in ("no", "not applied"):
            content.setdefault("failure", {})[rest] = answer
        elif section == "outcomes":
            content["outcomes"][rest.removesuffix(".goal")]["goal"] = answer
        elif field == "order.trust":
            content["order"]["trust"] = answer
        elif field == "only":
            ((column, _),) = content["only"].items()
            content["only"][column] = float(answer)
        elif field == "pool":
            content["pool"] = answer
    left = [q for q in proposal.questions if q.field not in answers]
    parse_mapping(content, "the answers")
    return mapping_text(content, left)
