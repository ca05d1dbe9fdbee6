"""What every kind of hypothesis promises, as tests. A plug-in's own tests inherit them::

class TestMiddle(HypothesisContract):
    kind = Middle
    examples = ({"parameter": "T"},)
    refused = (({"parameter": "route"}, "route is a choice"),)
"""

import datetime
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.beliefs.credence import ground, weigh_observations
from planner.beliefs.ledger import describe
from planner.beliefs.merging import MergingRule, guide_of
from planner.beliefs.opposite import opposite
from planner.campaign import hypothesis
from planner.campaign.campaign import Campaign, CampaignError, parse_campaign
from planner.campaign.cube import Cube
from planner.campaign.file import parse_yaml, write_yaml
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypotheses.evidence import Course, Optimum
from planner.campaign.hypotheses.form import ClaimField, Number, OneOf
from planner.campaign.values import Point, plain_data
from planner.record.record import Observation, Record
from planner.space.design import first_design
from planner.space.encoding import encode

CONTENT: dict[str, Any] = {
    "name": "contract",
    "parameters": {
        "T": {"kind": "range", "low": 600, "high": 900, "unit": "degC"},
        "t": {"kind": "integer", "low": 1, "high": 48, "unit": "h"},
        "E": {"kind": "range", "low": 10, "high": 1000, "unit": "MJ/kg", "scale": "log"},
        "route": {"kind": "choice", "values": ["SPS", "HIP", "PIT"]},
        "gas": {"kind": "fixed", "value": "Ar"},
    },
    "constraints": ["T + 5*t <= 1000"],
    "outcomes": {
        "Jc": {"goal": "maximize", "unit": "A/cm**2"},
        "cost": {"goal": "minimize"},
        "colour": {"goal": "none"},
    },
    "stages": [{"name": "only", "executor": "manual", "gives": ["Jc", "cost", "colour"]}],
}
DAY = datetime.date(2026, 1, 5)


class HypothesisContract:
    """Say the kind, examples of its own fields that fit ``CONTENT``, and some that do not."""

    kind: ClassVar[type[Claim]]
    examples: ClassVar[tuple[Mapping[str, Any], ...]]
    """Fields besides author; at least one."""
    refused: ClassVar[tuple[tuple[Mapping[str, Any], str], ...]] = ()
    """Fields that do not fit the campaign, and what its error says."""

    @pytest.fixture(autouse=True)
    def _is_known(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As if the package of the kind were installed."""
        known = {**hypothesis.kinds(), hypothesis.name_of(self.kind): self.kind}
        monkeypatch.setattr(hypothesis, "kinds", lambda: known)

    def campaign(self, fields: Mapping[str, Any], **changes: Any) -> Campaign:
        """The contract's campaign with one claim of the kind."""
        claim = {"kind": hypothesis.name_of(self.kind), "author": "Aki", **fields}
        return parse_campaign({**CONTENT, "hypotheses": [claim], **changes})

    def each(self) -> Iterator[tuple[Campaign, Claim]]:
        """Every example, in its campaign."""
        assert self.examples, "a kind needs an example"
        for fields in self.examples:
            campaign = self.campaign(fields)
            yield campaign, campaign.hypotheses[0]

    def test_it_has_a_name_a_description_and_words(self) -> None:
        assert self.kind.about
        for _, claim in self.each():
            assert claim.kind == hypothesis.name_of(self.kind)
            assert claim.words.strip() == claim.words != ""
            assert "\n" not in claim.words

    def test_it_says_between_nothing_and_one_of_any_point(self) -> None:
        made = [*self.each()]

        @given(st.integers(0, 1000))
        def says(seed: int) -> None:
            for campaign, claim in made:
                rows = np.random.default_rng(seed).random((40, len(campaign.free)))
                _in_unit(claim.says(_view(campaign, rows)), (40,))
                _in_unit(claim.says(_view(campaign, rows.reshape(4, 10, -1))), (4, 10))

        says()

    def test_it_says_the_same_of_one_point_as_of_many(self) -> None:
        for campaign, claim in self.each():
            rows = encode(campaign, _points(campaign, 20))
            many = np.broadcast_to(claim.says(_view(campaign, rows)), 20)
            single = [float(claim.says(_view(campaign, row))) for row in rows]
            assert single == pytest.approx(many.tolist())

    def test_the_model_follows_it_in_torch(self) -> None:
        torch = pytest.importorskip("torch")
        for campaign, claim in self.each():
            rows = encode(campaign, _points(campaign, 20))
            same = claim.says(_view(campaign, torch.tensor(rows)))
            expected = np.broadcast_to(claim.says(_view(campaign, rows)), 20)
            assert np.broadcast_to(np.asarray(same), 20) == pytest.approx(expected, abs=1e-6)

    def test_it_is_the_same_after_a_journey_through_files(self) -> None:
        for campaign, _ in self.each():
            plain = campaign.model_dump(mode="json")
            assert parse_campaign(json.loads(json.dumps(plain, allow_nan=False))) == campaign
            assert parse_campaign(parse_yaml(write_yaml(plain))) == campaign
            assert parse_campaign(campaign.model_dump()) == campaign

    def test_what_does_not_fit_is_refused_by_field(self) -> None:
        wrong = [*self.refused, ({**self.examples[0], "no such field": 1}, "is not known")]
        for fields, message in wrong:
            with pytest.raises(CampaignError) as caught:
                self.campaign(fields)
            assert message in str(caught.value)
            assert all(problem.startswith("hypotheses.0.") for problem in caught.value.problems)

    def test_names_that_are_not_there_are_refused_and_not_met(self) -> None:
        """Each name of a parameter or outcome in an example, replaced by one that there is not."""
        names = {*CONTENT["parameters"], *CONTENT["outcomes"]}
        for fields in self.examples:
            for name in names & _words(fields):
                with pytest.raises(CampaignError) as caught:
                    self.campaign(_renamed(fields, name, "Zzz"))
                assert "Zzz" in str(caught.value)

    def test_its_picture_can_be_drawn(self) -> None:
        for campaign, claim in self.each():
            assert set(claim.axes) <= set(campaign.free)
            held = claim.held(_view(campaign, np.zeros(0)))
            point = _points(campaign, 1)[0] | held
            _in_unit(claim.says(_view(campaign, encode(campaign, [point]))), (1,))
            for name, value in held.items():
                campaign.free[name].check(value, within=False)

    def test_its_form_asks_for_fields_that_it_has(self) -> None:
        names = [entry.name for entry in self.kind.form]
        assert len(names) == len(set(names))
        assert set(names) <= set(self.kind.model_fields)
        assert all(isinstance(entry, ClaimField) for entry in self.kind.form)
        for entry in self.kind.form:
            if isinstance(entry, Number):
                assert entry.low <= entry.start <= entry.high
            if isinstance(entry, OneOf):
                assert entry.options

    def test_data_weigh_it_by_a_rule_that_there_is(self) -> None:
        for campaign, claim in self.each():
            assert isinstance(claim.evidence, Optimum | Course | None)
            assert (claim.evidence is None) == claim.is_hard
            seen = _results(campaign, 9)
            for some in (seen[:0], seen[:3], seen):
                (found,) = weigh_observations(campaign, some, ground(campaign))
                assert 0 < found.credence < 1
                assert math.isfinite(found.log_odds)
                json.dumps(plain_data(describe(found, DAY)), allow_nan=False)

    def test_it_has_a_say_in_plans_unless_it_is_hard(self) -> None:
        for campaign, claim in self.each():
            at_once = MergingRule(watching=False)  # a trend too, of which no result speaks yet
            guide = guide_of(campaign, Record(), rule=at_once)
            assert (guide is None) == claim.is_hard
            if guide is not None:
                rows = encode(campaign, _points(campaign, 20))
                assert np.isfinite(guide.log_belief(rows)).all()
                assert all(set(p) >= set(campaign.free) for p in claim.conditions)

    def test_strength_zero_has_no_say(self) -> None:
        assert guide_of(self.campaign({**self.examples[0], "strength": 0}), Record()) is None

    def test_a_hard_one_leaves_no_point_that_it_forbids(self) -> None:
        for campaign, claim in self.each():
            if claim.is_hard:
                rows = encode(campaign, _points(campaign, 50))
                assert not np.any(claim.forbids(_view(campaign, rows)))

    def test_its_opposite_is_another_claim_of_its_kind(self) -> None:
        for campaign, claim in self.each():
            reverse = opposite(campaign, claim)
            assert type(reverse) is type(claim)
            if reverse is not claim:
                rows = encode(campaign, _points(campaign, 20))
                assert reverse.title == f"reverse of: {claim.title}"
                _in_unit(reverse.says(_view(campaign, rows)), (20,))


def _view(campaign: Campaign, rows: Any) -> Cube:
    return Cube(campaign.parameters, campaign.outcomes, rows)


def _points(campaign: Campaign, n: int) -> list[Point]:
    return first_design(campaign, [], n, seed=3)


def _results(campaign: Campaign, n: int) -> list[Observation]:
    return [
        Observation(i, p, {"Jc": (heat / 100, None), "cost": (hours + energy / 100, None),
                           "colour": (hours % 5, None)})
        for i, p in enumerate(_points(campaign, n), 1)
        for heat, hours, energy in [(float(p["T"]), float(p["t"]), float(p["E"]))]
    ]  # fmt: skip


def _in_unit(found: Any, shape: tuple[int, ...]) -> None:
    values = np.broadcast_to(np.asarray(found, dtype=float), shape)
    assert np.all((values >= 0) & (values <= 1)), f"it says {values.min()} to {values.max()}"


def _words(fields: Any) -> set[str]:
    """All words among keys and values."""
    if isinstance(fields, Mapping):
        return set(fields) | {w for value in fields.values() for w in _words(value)}
    if isinstance(fields, list | tuple):
        return {w for value in fields for w in _words(value)}
    return {fields} if isinstance(fields, str) else set()


def _renamed(fields: Any, old: str, new: str) -> Any:
    if isinstance(fields, Mapping):
        return {new if k == old else k: _renamed(v, old, new) for k, v in fields.items()}
    if isinstance(fields, list | tuple):
        return [_renamed(value, old, new) for value in fields]
    return new if fields == old else fields
