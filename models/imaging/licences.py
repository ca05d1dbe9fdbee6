"""Licences of what trained a model: data that forbid commerce are in no model that is handed on."""

from collections.abc import Sequence

PERMISSIVE = (
    "MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "CC0-1.0", "CC-BY-4.0", "own", "SYNTHETIC",
)  # fmt: skip
"""SPDX names, what the laboratory itself measured, and what the simulator drew."""
NOT_SAID = "not said"


def check_shippable(licences: Sequence[str]) -> None:
    """ValueError where a model trained on data of these licences must not be handed on."""
    if not licences:
        raise ValueError("nothing says what trained the model, so it cannot be marked shippable")
    for licence in licences:
        if licence not in PERMISSIVE:
            why = "non-commercial" if is_non_commercial(licence) else "not known to be permissive"
            raise ValueError(
                f"trained on data under {licence!r} ({why}), so it can never be marked shippable; "
                f"allowed are {', '.join(PERMISSIVE)}"
            )


def is_non_commercial(licence: str) -> bool:
    """Whether the name says so.

    >>> is_non_commercial("CC-BY-NC-4.0"), is_non_commercial("MIT")
    (True, False)
    """
    words = licence.upper().replace("-", " ").replace("_", " ").split()
    return "NC" in words or "NONCOMMERCIAL" in licence.upper().replace("-", "").replace(" ", "")


def together(*groups: Sequence[str]) -> tuple[str, ...]:
    """Every licence once, in the order of their names."""
    return tuple(sorted({licence for group in groups for licence in group}))
