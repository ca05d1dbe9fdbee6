"""The colour of each class, the same in every picture of imaging."""

COLOURS = "#b9c3cd", "#2c6fb0", "#d9822b", "#5a9c5a", "#a35ca3", "#b3401e", "#22303c"


def colours_of(classes: int) -> tuple[str, ...]:
    """Of the classes in their order, again from the first after the last."""
    return tuple(COLOURS[n % len(COLOURS)] for n in range(classes))
