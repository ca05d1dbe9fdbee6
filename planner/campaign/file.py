"""Reading and writing the YAML files that people write (YAML 1.2: ``on`` and ``no`` stay words)."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode

from planner.campaign.campaign import Campaign, CampaignError, parse_campaign
from planner.door.bounds import TEXT, WRITTEN, check_values, check_written
from planner.door.files import Inside, check_bytes, read_text
from planner.door.refused import Refused
from planner.door.words import said

_MERGE = "tag:yaml.org,2002:merge"
_NOT_YAML = (YAMLError, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)
"""What ruamel lets through from a text that is none."""


def read_campaign(file: Path | Inside) -> Campaign:
    """The campaign in a file. CampaignError names the file and every problem."""
    with named(file):
        return parse_campaign(read_yaml(file))


@contextmanager
def named(file: Path | Inside) -> Iterator[None]:
    """What is wrong with a campaign is told with the name of its file."""
    try:
        yield
    except CampaignError as error:
        raise CampaignError([f"{file.name}: {problem}" for problem in error.problems]) from error


def campaign_from_text(text: str) -> Campaign:
    """The campaign in YAML text. CampaignError lists every problem."""
    return parse_campaign(parse_yaml(text))


def read_yaml(file: Path | Inside) -> Any:
    """Plain data from a YAML file. CampaignError where it cannot be read."""
    try:
        text = read_text(file)
    except OSError as error:
        raise CampaignError([f"cannot be read: {error.strerror}"]) from error
    except Refused as error:
        raise CampaignError([str(error)]) from error
    return parse_yaml(text)


class _Bounded(SafeConstructor):
    """Puts no more together by ``<<: *name`` than a person writes."""

    _merged = 0

    def flatten_mapping(self, node: Any) -> Any:
        """The fields of a mapping with those that it merges, which are counted before."""
        for key, value in node.value:
            if key.tag == _MERGE:
                parts = value.value if isinstance(value, SequenceNode) else [value]
                for part in parts:
                    if isinstance(part, MappingNode):
                        self.flatten_mapping(part)
                self._merged += sum(len(part.value) for part in parts)
                if self._merged > WRITTEN:
                    raise Refused(f"merges more than {WRITTEN} fields; so much is not read")
        return super().flatten_mapping(node)


def parse_yaml(text: str) -> Any:
    """Plain data from YAML text. Doubled keys, and more or deeper data than reason, also by
    repetition (``*name``), are refused."""
    try:
        check_bytes(len(text), TEXT)
        check_written(text)
        yaml = YAML(typ="safe", pure=True)
        yaml.Constructor = _Bounded
        content = yaml.load(text)
        check_values(content)
    except MarkedYAMLError as error:
        raise CampaignError([_explain(error)]) from error
    except Refused as error:
        raise CampaignError([str(error)]) from error
    except RecursionError as error:
        raise CampaignError(["is not read: it is nested too deeply"]) from error
    except _NOT_YAML as error:
        raise CampaignError([f"is not valid YAML: {said(error)}"]) from error
    return content


def write_yaml(content: Any) -> str:
    """YAML text for plain data, in the order given."""
    yaml = YAML()
    yaml.width = 100
    yaml.allow_unicode = True
    stream = io.StringIO()
    yaml.dump(content, stream)
    return stream.getvalue()


def _explain(error: MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{error.problem or error.context or 'is not valid YAML'}".split("\n")[0]
