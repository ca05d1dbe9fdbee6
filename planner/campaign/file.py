"""Reading and writing the YAML files that people write (YAML 1.2: ``on`` and ``no`` stay words)."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from planner.campaign.campaign import Campaign, CampaignError, parse_campaign

MAX_BYTES = 2_000_000


def read_campaign(path: Path) -> Campaign:
    """The campaign in a file. CampaignError names the file and every problem."""
    with named(path):
        return parse_campaign(read_yaml(path))


@contextmanager
def named(path: Path) -> Iterator[None]:
    """What is wrong with a campaign is told with the name of its file."""
    try:
        yield
    except CampaignError as error:
        raise CampaignError([f"{path.name}: {problem}" for problem in error.problems]) from error


def campaign_from_text(text: str) -> Campaign:
    """The campaign in YAML text. CampaignError lists every problem."""
    return parse_campaign(parse_yaml(text))


def read_yaml(path: Path) -> Any:
    """Plain data from a YAML file. CampaignError where it cannot be read."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise CampaignError([f"cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise CampaignError([f"is not UTF-8 text (byte {error.start})"]) from error
    return parse_yaml(text)


def parse_yaml(text: str) -> Any:
    """Plain data from YAML text. Doubled keys, anchors and nesting beyond reason are refused."""
    if len(text) > MAX_BYTES:
        raise CampaignError([f"holds more than {MAX_BYTES} characters"])
    try:
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        raise CampaignError([_explain(error)]) from error
    except (YAMLError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise CampaignError([f"is not valid YAML: {error}"]) from error


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
