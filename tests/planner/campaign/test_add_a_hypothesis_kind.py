"""The page docs/add-a-hypothesis-kind.md tells the truth: its example runs, and passes the
contract."""

from pathlib import Path
from typing import Any

from executors.testing.hypothesis import CONTENT
from planner.campaign.campaign import parse_campaign
from planner.proposals.proposer import propose
from tests.planner.beliefs.test_merging import POOL, hill, space
from tests.planner.campaign.plug_in import BLOCKS, install
from tests.planner.proposals.test_ax_bridge import record

EXAMPLE: dict[str, Any] = {"__name__": "example"}
for block in BLOCKS:
    exec(block, EXAMPLE)


TestMiddle = EXAMPLE["TestMiddle"]


def test_it_moves_proposals_and_tells_so(tmp_path: Path) -> None:
    claim = {"kind": "middle", "parameter": "a", "width": 0.05, "strength": 0.9}
    with install(tmp_path):
        campaign = space(claim)
        made = propose(campaign, record(campaign, POOL[:2], hill), 3, seed=4, pool=POOL)
    (moved, *_) = [p for p in made if p.guidance]
    assert abs(float(moved.point["a"]) - 0.5) < 0.15
    assert "a is best in the middle" in moved.reason


def test_a_line_of_the_page_is_a_claim(tmp_path: Path) -> None:
    with install(tmp_path):
        line = {"kind": "middle", "parameter": "T", "author": "Aki", "strength": 0.6}
        assert parse_campaign({**CONTENT, "hypotheses": [line]}).hypotheses[0].strength == 0.6
