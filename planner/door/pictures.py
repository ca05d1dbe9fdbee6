"""Pictures from outside, made small in a child for showing: a file of some bytes may promise any
number of pixels, and what decodes it is a large library."""

from pathlib import Path
from typing import Any

from planner.door.bounds import PICTURE, PIXELS
from planner.door.child import in_child
from planner.door.files import check_file
from planner.door.refused import Refused

WIDE = 1600
"""Pixels along the longer side of what is shown."""
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def shown(path: Path) -> bytes:
    """A picture as PNG, no larger than a screen. Refused where it is damaged, of another kind, or
    too large."""
    check_file(path, PICTURE)
    return bytes(in_child(shrunk, str(path.resolve()), needs=["PIL.Image", "numpy"])["png"])


def shrunk(path: str) -> dict[str, Any]:
    """The same; the task of the child."""
    import io

    import numpy as np
    from PIL import Image

    try:
        with Image.open(path, formats=_FORMATS) as picture:
            if picture.width * picture.height > PIXELS:
                raise Refused(f"has {picture.width} x {picture.height} pixels; at most {PIXELS:,}")
            picture.thumbnail((WIDE, WIDE))
            png = io.BytesIO()
            picture.convert("RGBA").save(png, "PNG")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused("is no picture that can be shown") from error
    return {"png": np.frombuffer(png.getvalue(), np.uint8)}
