"""Files that microscopes write beside a picture: JEOL's ``.txt`` and Tescan's ``.hdr`` hold the
size of a pixel, which the picture itself does not."""

from pathlib import Path

from executors.imaging.readers.tiff_tags import jeol_tags, tescan_tags
from executors.imaging.voxel import VoxelTag
from planner.door.files import read_bytes
from planner.door.refused import about


def tags_beside(picture: Path) -> tuple[VoxelTag, ...]:
    """What the files beside a picture say of its pixels."""
    tags: list[VoxelTag] = []
    for path, read in (
        (picture.with_suffix(".txt"), jeol_tags),
        (picture.with_suffix(".hdr"), tescan_tags),
        (picture.with_name(f"{picture.stem}-{picture.suffix[1:]}.hdr"), tescan_tags),
    ):
        if path.is_file():
            with about(path.name):
                tags += read(read_bytes(path), path.name)
    return tuple(tags)
