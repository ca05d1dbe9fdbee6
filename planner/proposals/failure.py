"""Why there is no proposal by the model."""

from models.error import KyosoError


class NoModelError(KyosoError, ValueError):
    """No model fits the results; the message says why."""


class PlanningError(KyosoError, RuntimeError):
    """The model could not make a proposal; the message says why."""
