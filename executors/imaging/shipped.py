"""Models by what a person calls them: a file, or the one that is shipped."""

from pathlib import Path
from typing import TYPE_CHECKING

from executors.imaging.model_file import read_model

if TYPE_CHECKING:
    from models.imaging.unet.model import SegmentationModel

NAME = "simulated"
SHIPPED = Path(__file__).with_name("simulated.kyoso-model")
"""Trained on SYNTHETIC stacks alone: scripts/shipped_model.py made it."""


def model_called(name: str | None) -> "SegmentationModel | None":
    """The model in a file, or the shipped one; None for None. Errors are those of
    ``read_model``, and ValueError where there is no such file."""
    if name is None:
        return None
    path = SHIPPED if name == NAME else Path(name)
    if not path.exists():
        raise ValueError(f"there is no model {name}: a model file, or {NAME!r} (shipped)")
    return read_model(path)
