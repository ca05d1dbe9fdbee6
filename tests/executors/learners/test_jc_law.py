from datetime import UTC, datetime

import numpy as np
import pytest

from executors.learners.jc_law import NAME, JcLearner, law_of, predict
from planner.campaign.campaign import Campaign, parse_campaign
from planner.learner import Lesson
from planner.record.record import Record
from planner.record.result import ModelVersion, Result
from planner.record.trial import Origin, Trial, TrialState

NOW = datetime(2026, 11, 23, tzinfo=UTC)
UNITS = {"jc": "kA/cm^2", "boundary_density": "1/um", "clean_boundaries": "", "porosity": ""}


def campaign(*outcomes: str) -> Campaign:
    kept = outcomes or tuple(UNITS)
    return parse_campaign(
        {
            "name": "law",
            "parameters": {"x": {"kind": "range", "low": 0, "high": 1}},
            "outcomes": {
                n: {"goal": "maximize" if n == kept[0] else "none", "unit": UNITS[n]} for n in kept
            },
            "stages": [{"name": "all", "executor": "manual", "gives": list(kept)}],
        }
    )


def planted(
    n: int, seed: int = 0, noise: float = 0.05, level: float = 20.0
) -> list[dict[str, float]]:
    """jc = level S_V^0.8 clean^1.3 (1 - p)^2 in kA/cm^2, S_V in 1/um."""
    random = np.random.default_rng(seed)
    s, c, p = random.uniform(2, 12, n), random.uniform(0.1, 0.9, n), random.uniform(0.02, 0.3, n)
    jc = level * s**0.8 * c**1.3 * (1 - p) ** 2 * np.exp(noise * random.normal(size=n))
    columns = {"jc": jc, "boundary_density": s, "clean_boundaries": c, "porosity": p}
    return [{k: float(v[i]) for k, v in columns.items()} for i in range(n)]


def record(rows: list[dict[str, float]], *versions: ModelVersion) -> Record:
    told = [(i, name, value) for i, row in enumerate(rows, 1) for name, value in row.items()]
    trials = tuple(
        Trial(
            campaign="law", number=i, origin=Origin.PLANNER, state=TrialState.COMPLETED, point={"x": 0.5},
            generator="sobol", campaign_version=1, author="planner", created_at=NOW,
        )
        for i in range(1, len(rows) + 1)
    )  # fmt: skip
    results = tuple(
        Result(
            campaign="law", number=k, trial=i, stage="all", outcome=name, value=value,
            unit=UNITS[name], author="test", at=NOW,
        )
        for k, (i, name, value) in enumerate(told, 1)
    )  # fmt: skip
    return Record(trials=trials, results=results, versions=versions)


def lesson(rows: list[dict[str, float]], *versions: ModelVersion) -> Lesson:
    found = JcLearner().learn(campaign(), record(rows, *versions))
    assert found is not None
    return found


def version(of: Lesson, number: int = 1) -> ModelVersion:
    return ModelVersion(
        campaign="law",
        learner=NAME,
        number=number,
        at=NOW,
        results=0,
        state=of.state,
        used=of.better,
    )


def test_a_planted_law_is_recovered() -> None:
    scores = lesson(planted(40)).scores
    for name, planted_exponent in (
        ("boundary_density", 0.8),
        ("clean_boundaries", 1.3),
        ("porosity", 2.0),
    ):
        off = scores[f"{name}.exponent"] - planted_exponent
        assert abs(off) < 3 * scores[f"{name}.sd"], name
        assert scores[f"{name}.sd"] < 0.35, name
    assert scores["loo_rmse"] == pytest.approx(0.05, rel=0.4)


@pytest.mark.parametrize("noise", [0.15, 0.6])
def test_its_predictions_are_honest(noise: float) -> None:
    """Of new samples, 95 % lie within two standard deviations, with 8 samples as with 30."""
    for n in (8, 30):
        z = []
        for seed in range(60):
            rows = planted(n + 1, seed, noise=noise)
            law = law_of(lesson(rows[:n]).state)
            guess = predict(law, {k: (v, UNITS[k]) for k, v in rows[n].items()})
            assert guess is not None
            z.append((np.log(rows[n]["jc"] * 1e7) - guess[0]) / guess[1])
        assert np.mean(np.abs(z) < 2) >= 0.88
        assert np.std(z) > 0.4


def test_a_law_of_before_the_scatter_was_learned_still_predicts() -> None:
    old = {
        "features": ["porosity"], "mean": [18.0, 2.0], "covariance": [[0.5, 0.0], [0.0, 1.0]],
        "shape": 3.0, "scale": 0.18, "n": 4,
    }  # fmt: skip
    told = predict(law_of(old), {"porosity": (0.1, "")})
    assert told is not None
    mean, sd = told
    rest = np.log(0.9)
    assert mean == pytest.approx(18 + 2 * rest)
    assert sd == pytest.approx(0.3 * np.sqrt(1 + 0.5 + rest**2))


def test_few_data_teach_nothing_and_other_campaigns_neither() -> None:
    assert JcLearner().learn(campaign(), record(planted(2))) is None
    assert JcLearner().learn(campaign("jc"), record(planted(9))) is None
    assert JcLearner().learn(campaign("porosity"), record(planted(9))) is None


def test_samples_without_some_measurement_are_left_out() -> None:
    rows = planted(9)
    del rows[4]["porosity"]
    assert lesson(rows).scores["n"] == 8


def test_a_law_that_predicts_worse_is_not_used() -> None:
    good = lesson(planted(30))
    assert good.better
    odd = planted(2, seed=7)
    odd[0]["jc"] *= 30
    confused = lesson(planted(30) + odd[:1], version(good))
    spoilt = lesson(planted(30) + odd[:1] + planted(3, seed=8), version(good))
    assert confused.better in (True, False)
    assert not spoilt.better, "the odd sample makes the law worse for the others"


def test_the_same_record_gives_the_same_law() -> None:
    assert lesson(planted(12)) == lesson(planted(12))


def test_a_missing_feature_gives_no_prediction() -> None:
    assert predict(law_of(lesson(planted(12)).state), {"porosity": (0.1, "")}) is None
