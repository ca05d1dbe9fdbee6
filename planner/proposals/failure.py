"""Why there is no proposal by the model."""


class NoModelError(ValueError):
    """No model fits the results; the message says why."""


class PlanningError(RuntimeError):
    """The model could not make a proposal; the message says why."""
