"""What a proposal keeps."""

import math

from planner.record.trial import Proposal


def test_what_moved_a_proposal_is_read_as_it_was_kept() -> None:
    kept = {
        "moved_by": {"near it": {"credence": 0.7, "weight": 1.1, "gain": 2.5}},
        "without": {"T": 650, "route": "SPS"}, "score": -math.inf, "score_without": -1.5, "of": "then",
    }  # fmt: skip
    content = {"point": {"T": 700}, "generator": "botorch", "guidance": kept}
    assert Proposal.model_validate(content).model_dump()["guidance"] == kept
