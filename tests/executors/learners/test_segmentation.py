"""Models of segmentation are numbered; a worse one is kept and not used."""

from dataclasses import replace

from executors.learners.segmentation import MODEL, SegmentationLearner
from executors.testing import LearnerContract
from planner.campaign.campaign import Campaign, parse_campaign
from planner.past.as_record import Experiment
from planner.record.record import Record
from planner.record.result import ModelVersion, Result

CAMPAIGN = parse_campaign(
    {
        "name": "bulk",
        "parameters": {"T": {"kind": "range", "low": 600, "high": 900, "unit": "degC"}},
        "outcomes": {
            "porosity": {"goal": "minimize"},
            "held_out_iou": {"goal": "none"},
            "held_out_iou_before": {"goal": "none"},
        },
        "stages": [
            {
                "name": "imaging",
                "executor": "manual",
                "gives": ["porosity", "held_out_iou", "held_out_iou_before"],
            }
        ],
    }
)


def trained(score: float, before: float | None) -> Experiment:
    values: dict[str, tuple[float, float | None]] = {
        "porosity": (0.2, 0.01),
        "held_out_iou": (score, None),
    }
    if before is not None:
        values["held_out_iou_before"] = (before, None)
    return Experiment({"T": 700}, values)


class TestSegmentation(LearnerContract):
    make = SegmentationLearner

    def campaign(self) -> Campaign:
        return CAMPAIGN

    def experiments(self) -> list[Experiment]:
        return [trained(0.8, None), trained(0.9, 0.8)]

    def test_it_learns_on_from_its_own_version(self) -> None:
        """Without a new model there is nothing new: its versions count models, not results."""
        version = self.version(self.lesson(), len(self.record().results))
        known = replace(self.record(), versions=(version,))
        assert self.make().learn(CAMPAIGN, known) is None

    def learned(self, *experiments: Experiment) -> Record:
        """The record after each of these, with the versions made on the way."""
        self.experiments = lambda: list(experiments)  # type: ignore[method-assign]
        whole = self.record()
        versions: tuple[ModelVersion, ...] = ()
        for experiment in whole.trials:
            part = tuple(r for r in whole.results if r.trial <= experiment.number)
            lesson = self.make().learn(CAMPAIGN, Record(results=part, versions=versions))
            assert lesson is not None
            number = len(versions) + 1
            made = self.version(lesson, len(part)).model_copy(update={"number": number})
            versions = (*versions, made)
        return Record(results=whole.results, versions=versions)

    def test_a_worse_model_is_kept_and_not_used(self) -> None:
        record = self.learned(trained(0.8, None), trained(0.7, 0.8), trained(0.85, 0.8))
        assert [v.used for v in record.versions] == [True, False, True]
        used = record.versions_in_use["segmentation"]
        assert used.state["model_file"] == {"trial": 3, "stage": "experiment", "name": MODEL}
        assert used.scores == {"mean_iou": 0.85, "mean_iou_before": 0.8}

    def test_one_that_started_from_an_old_model_must_reach_the_one_in_use(self) -> None:
        record = self.learned(trained(0.8, None), trained(0.9, 0.8), trained(0.85, 0.8))
        assert [v.used for v in record.versions] == [True, True, False]

    def test_models_judged_by_other_voxels_are_compared_with_the_one_before_alone(self) -> None:
        """A harder sample is no reason to keep an old model for ever."""
        record = self.learned(trained(0.9, None), trained(0.6, 0.5))
        results = tuple(r.model_copy(update={"source": f"trial {r.trial}"}) for r in record.results)
        first, second = (self.of(results, trial) for trial in (1, 2))
        one = self.make().learn(CAMPAIGN, Record(results=first))
        assert one is not None
        used = self.version(one, len(first))
        two = self.make().learn(CAMPAIGN, Record(results=(*first, *second), versions=(used,)))
        assert two is not None
        assert two.better
        assert two.scores == {"mean_iou": 0.6, "mean_iou_before": 0.5}

    @staticmethod
    def of(results: tuple[Result, ...], trial: int) -> tuple[Result, ...]:
        return tuple(result for result in results if result.trial == trial)
