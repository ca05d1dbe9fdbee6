"""The model of segmentation of a campaign: the newest that did at least as well, on voxels that it
did not learn from, as the one before it."""

from typing import Any

from planner.campaign.campaign import Campaign
from planner.learner import Lesson, ModelFile
from planner.record.record import Record
from planner.record.result import Result

NAME = "segmentation"
SCORE, BEFORE = "held_out_iou", "held_out_iou_before"
"""What a stage that trained says of its model, and of the one it went on from."""
MODEL = "segmentation.kyoso-model"
"""The file that such a stage leaves with the trial."""


class SegmentationLearner:
    """Numbers the models that were trained where people labelled; executors are handed the file of
    the one in use. A worse one is kept in the record and not used."""

    name = NAME

    def learn(self, campaign: Campaign, record: Record) -> Lesson | None:
        """``mean_iou`` on what was held out, and ``mean_iou_before``; None without a new model."""
        trained = [r for r in record.results if r.outcome == SCORE]
        if not trained:
            return None
        newest = max(trained, key=lambda result: result.number)
        file = ModelFile(trial=newest.trial, stage=newest.stage, name=MODEL)
        mine = [v for v in record.versions if v.learner == NAME]
        if mine and mine[-1].state["model_file"] == file:
            return None
        before = _before(record, newest)
        state: dict[str, Any] = {"model_file": dict(file), "held_out": newest.source}
        scores = {"mean_iou": newest.value}
        if before is not None:
            scores["mean_iou_before"] = before
        return Lesson(scores, state, better=before is None or newest.value >= before)


def _before(record: Record, newest: Result) -> float | None:
    """The score to reach: of the model it went on from, and of the one in use where that was judged
    by the same voxels."""
    told = [r.value for r in record.results if (r.trial, r.outcome) == (newest.trial, BEFORE)]
    used = record.versions_in_use.get(NAME)
    if used and used.state["held_out"] == newest.source:
        told.append(used.scores["mean_iou"])
    return max(told, default=None)
