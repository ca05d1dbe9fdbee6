"""Every kind of hypothesis keeps the contract; kinds of plug-ins come and go in plain words."""

from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest

from executors.testing.hypothesis import CONTENT, HypothesisContract
from executors.testing.laboratory import START
from planner.campaign import hypothesis
from planner.campaign.campaign import CampaignError, parse_campaign
from planner.campaign.cube import Cube
from planner.campaign.hypothesis import Avoid, Candidates, Claim, Near, Region, Trend
from planner.proposals.proposer import propose
from planner.space.design import first_design
from planner.store import Store, Unreadable, open_store
from tests.planner.campaign.plug_in import install
from tests.planner.proposals.test_ax_bridge import record

SPOT = {"T": 700, "t": 5, "E": 50, "route": "HIP"}
BOX = {"T": [650, 700], "route": ["SPS", "HIP"]}


class TestNear(HypothesisContract):
    kind = Near
    examples = (
        {"point": {"T": "973.15 K", "E": 100}, "width": {"T": "30 K", "E": 10}},
        {"point": {"route": "SPS"}, "width": 0.5},
    )
    refused = (
        ({"point": {}}, "point: at least 1 is needed"),
        ({"point": {"T": 950}}, "950 is outside 600 to 900"),
        ({"point": {"T": 700}, "width": {"t": 3}}, "width.T: no value came"),
    )


class TestRegion(HypothesisContract):
    kind = Region
    examples = ({"within": BOX}, {"where": ["T - t >= 600"]}, {"within": {"E": [20, 50]}})
    refused = (
        ({}, "needs limits (within) or inequalities (where)"),
        ({"where": ["T == 700"]}, "is an equality"),
    )


class TestAvoid(HypothesisContract):
    kind = Avoid
    examples = (
        {"within": BOX},
        {"within": {"T": [880, 900]}, "hard": True},
        {"within": {"E": [20, 50], "route": ["PIT"]}, "where": ["T >= 700"], "hard": True},
    )
    refused = (({"within": {"route": []}}, "the region is empty"),)


class TestTrend(HypothesisContract):
    kind = Trend
    examples = (
        {"outcome": "Jc", "parameter": "T", "sign": "peaks", "over": ["950 K", 850]},
        {"outcome": "cost", "parameter": "E", "sign": "rises"},
        {"outcome": "colour", "parameter": "t", "sign": "dips"},
    )
    refused = (
        ({"outcome": "Jc", "parameter": "route", "sign": "falls"}, "route is a choice"),
        (
            {"outcome": "Jc", "parameter": "T", "sign": "up"},
            "up is not one of rises, falls, peaks, dips",
        ),
    )


class TestCandidates(HypothesisContract):
    kind = Candidates
    examples = ({"points": [SPOT]}, {"points": [SPOT, {**SPOT, "T": 650}]})
    refused = (({"points": [{"T": 700}]}, "points.0.t: no value came"),)


def grown(point: dict[str, Any]) -> dict[str, float]:
    """Best in the middle of the disc."""
    middle = -abs(point["T"] - 750) / 100 - abs(point["E"] - 100) / 100
    return {"Jc": middle, "cost": float(point["t"]), "colour": 0.0}


class Round(Claim):
    """A hard claim whose region is no matter of planes: a disc in the unit square of T and E."""

    about: ClassVar[str] = "a round region is forbidden"
    kind: Literal["round"] = "round"
    radius: float = 0.2

    @property
    def words(self) -> str:
        return "never go into the disc"

    @property
    def is_hard(self) -> bool:
        return True

    def forbids(self, cube: Cube) -> Any:
        square = sum((cube.unit(name) - 0.5) ** 2 for name in ("T", "E"))
        return square <= self.radius**2

    def says(self, cube: Cube) -> Any:
        return 1 - 1.0 * self.forbids(cube)


class TestRound(HypothesisContract):
    kind = Round
    examples = ({}, {"radius": 0.3})

    @pytest.mark.timeout(400)  # the model is imported
    def test_nobody_plans_or_goes_there(self) -> None:
        campaign = self.campaign({})
        centre = {"T": 750, "t": 5, "E": 100, "route": "SPS"}
        with pytest.raises(ValueError, match="Aki says: never go into the disc"):
            campaign.complete(centre)
        known = record(campaign, first_design(campaign, [], 9, seed=3), grown)
        made = propose(campaign, known, 2, seed=1)
        assert [p.generator for p in made] == ["botorch"] * 2
        assert all(campaign.complete(p.point) for p in made)


def test_every_installed_kind_has_a_test_here() -> None:
    tested = {kind.kind for kind in HypothesisContract.__subclasses__()}
    assert set(hypothesis.OWN) <= tested
    assert [*hypothesis.kinds()][:5] == ["near", "region", "trend", "avoid", "candidates"]


def test_a_kind_of_a_plug_in_is_used_and_its_absence_is_told(tmp_path: Path) -> None:
    def opened() -> Store:
        return open_store(f"sqlite:///{tmp_path / 'kyoso.db'}", tmp_path / "files")

    claim = {"kind": "middle", "author": "Aki", "parameter": "T"}
    with install(tmp_path), opened() as store:
        campaign = parse_campaign({**CONTENT, "hypotheses": [claim]})
        assert campaign.hypotheses[0].title == "T is best in the middle"
        store.campaigns.add(campaign, "Aki", START)
        assert store.campaigns.get("contract") == campaign
    message = r"hypotheses.0: 'kind' must be one of .*, not middle"
    with opened() as store, pytest.raises(Unreadable, match=message):
        store.campaigns.get("contract")
    with install(tmp_path), opened() as store:
        assert store.campaigns.get("contract").hypotheses[0].kind == "middle"


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("middle = nowhere:Middle", "No module named 'nowhere'"),
        ("other = middle_kind:Middle", "it calls itself 'middle'"),
        ("middle = middle_kind:math", "it is no Claim"),
        ("middle = middle_kind:Claim", "Claim has no field 'kind'"),
        ("near = planner.campaign.hypothesis:Near", "there is another of that name"),
    ],
)
def test_a_kind_that_cannot_be_loaded_is_left_out_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, entry: str, why: str
) -> None:
    with install(tmp_path, entry):
        assert [*hypothesis.kinds()] == [hypothesis.name_of(kind) for kind in hypothesis.OWN]
        assert why in caplog.text
        with pytest.raises(CampaignError, match="'kind' must be one of"):
            parse_campaign({**CONTENT, "hypotheses": [{"kind": "middle", "author": "Aki"}]})
