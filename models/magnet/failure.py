"""What can go wrong with a magnet, as types: a planner acts differently on each."""

from typing import Literal

from models.error import KyosoError

type FailureKind = Literal[
    "bad-input",
    "mesh",
    "no-compiler",
    "not-converged",
    "under-magnetised",
    "timeout",
    "accuracy",
]


class MagnetFailure(KyosoError):
    """No field was found, and why. Never reported as a field of zero."""

    def __init__(
        self,
        kind: FailureKind,
        message: str,
        *,
        last_time: float | None = None,
        at_most: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind: FailureKind = kind
        self.last_time = last_time
        """Seconds from the end of the ramp (below 0: before it) that were still computed."""
        self.at_most = at_most
        """Bound of the trapped field in T, where there is one: a censored observation."""
