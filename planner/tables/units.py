"""Units as the titles and cells of tables write them, where a person who types is asked."""

_PLAIN = {"℃": "degC", "°C": "degC", "Celsius": "degC", "C": "degC", "deg C": "degC",
          "deg. C": "degC", "deg F": "degF", "Gs": "G", "kGs": "kG", "mm/sec": "mm/s",
          "sec": "s", "hr": "h", "hrs": "h", "μm": "um", "Ω": "ohm"}  # fmt: skip


def plain_unit(unit: str) -> str:
    """``600 C`` in a table is a temperature.

    >>> plain_unit("C"), plain_unit("MPa")
    ('degC', 'MPa')
    """
    return _PLAIN.get(unit, unit)
