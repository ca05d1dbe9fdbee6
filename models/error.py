"""The root of every error that Kyoso raises by its own name."""


class KyosoError(Exception):
    """Something that a person can do something about; its text says what came and what is allowed.

    ``docs/errors.md`` lists the errors below this one.
    """
