"""What learners made of the results: numbered model versions."""

from datetime import datetime

from planner.learner import Lesson
from planner.record.event import EventKind
from planner.record.result import ModelVersion
from planner.store.engine import Database
from planner.store.rows import find, insert, next_number, note


class Versions:
    """The model versions of all campaigns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, campaign: str, learner: str, at: datetime, results: int, lesson: Lesson
    ) -> ModelVersion:
        """Store a lesson made from so many results as the learner's next version."""
        with self._database.write(campaign) as db:
            version = ModelVersion(
                campaign=campaign,
                learner=learner,
                number=next_number(db, ModelVersion, campaign=campaign, learner=learner),
                at=at,
                results=results,
                scores=lesson.scores,
                state=lesson.state,
                used=lesson.better,
            )
            insert(db, [version])
            note(db, campaign, at, EventKind.LEARNED, learner, version=version.number)
            return version

    def latest(self, campaign: str, learner: str) -> ModelVersion | None:
        """The learner's newest version, used or not; None before the first."""
        with self._database.read() as db:
            versions = find(db, ModelVersion, campaign=campaign, learner=learner)
        return versions[-1] if versions else None
