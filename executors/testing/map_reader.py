"""What every reader of orientation maps promises: a map comes back as it was, and a damaged file
is a ``ValueError`` that says why."""

from pathlib import Path

import numpy as np
import pytest

from executors.orientation.readers.points import Points, assemble
from models.orientation.map import OrientationMap
from models.orientation.quaternion import uniform
from models.orientation.simulate import cells, measure
from models.orientation.symmetry import GROUPS, disorientation


def sample(group: str = "422", shape: tuple[int, ...] = (15, 20)) -> OrientationMap:
    """A made-up map of eight grains, 0.25 um a point, one point in twenty not indexed."""
    random = np.random.default_rng(3)
    true = cells(shape, 8, random)
    return measure(true, uniform(8, random), 2.5e-7, GROUPS[group], random, noise=0.2, missing=0.05)


class MapReaderContract:
    """Override ``read``, ``write`` and ``suffix``."""

    suffix = ""
    """How names of such files end, with the dot."""
    groups: tuple[str, ...] = tuple(GROUPS)
    """Symmetries that the format can tell."""
    accuracy = 2e-3
    """Degrees by which an orientation may be off, because the format rounds."""

    def read(self, path: Path, symmetry: str | None) -> Points:
        """The reader under test."""
        raise NotImplementedError

    def write(self, path: Path, measured: OrientationMap) -> Path:
        """Write the map as the instrument would."""
        raise NotImplementedError

    def files(self, path: Path) -> list[Path]:
        """The files that make up a map, where it is more than one."""
        return [path]

    def map_of(self, path: Path, symmetry: str | None = None) -> OrientationMap:
        """The map, as everybody gets it."""
        return assemble(self.read(path, symmetry))

    def written(self, folder: Path, group: str | None = None) -> tuple[OrientationMap, Path]:
        """A made-up map and the file it was written to."""
        measured = sample(group or self.groups[-1])
        return measured, self.write(folder / f"map{self.suffix}", measured)

    def test_a_map_comes_back(self, tmp_path: Path) -> None:
        for group in self.groups:
            measured, path = self.written(tmp_path, group)
            read = self.map_of(path)
            assert read.shape == measured.shape
            assert read.step == pytest.approx(measured.step, rel=1e-5)
            assert read.group(1) is GROUPS[group]
            assert (read.phase == measured.phase).all(), "what is not indexed stays so"
            good = read.phase > 0
            off = disorientation(
                read.orientations[good], measured.orientations[good], GROUPS[group]
            )
            assert off.max() < self.accuracy, "degrees"

    def test_a_good_file_has_nothing_to_be_said_about_it(self, tmp_path: Path) -> None:
        assert self.map_of(self.written(tmp_path)[1]).notes == ()

    def test_a_person_may_say_the_symmetry(self, tmp_path: Path) -> None:
        _, path = self.written(tmp_path)
        assert self.map_of(path, self.groups[-1]).group(1) is GROUPS[self.groups[-1]]

    def test_reading_changes_no_file(self, tmp_path: Path) -> None:
        _, path = self.written(tmp_path)
        before = {file: file.read_bytes() for file in tmp_path.iterdir()}
        self.map_of(path)
        assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before

    def test_an_empty_file_is_refused(self, tmp_path: Path) -> None:
        _, path = self.written(tmp_path)
        path.write_bytes(b"")
        with pytest.raises(ValueError, match=r"\w"):
            self.map_of(path)

    def test_a_file_that_is_not_there_cannot_be_read(self, tmp_path: Path) -> None:
        with pytest.raises((OSError, ValueError)):
            self.map_of(tmp_path / f"none{self.suffix}")

    def test_any_damage_is_a_plain_error_or_a_map(self, tmp_path: Path) -> None:
        """Bytes cut off, changed, left out or doubled: never anything but ValueError."""
        _, path = self.written(tmp_path)
        whole = {file: file.read_bytes() for file in self.files(path)}
        random = np.random.default_rng(0)
        refused = 0
        for turn in range(60):
            for file, content in whole.items():
                file.write_bytes(content)
            file = self.files(path)[turn % len(whole)]
            file.write_bytes(harmed(whole[file], random))
            try:
                read = self.map_of(path)
            except ValueError:
                refused += 1
            else:
                assert np.isfinite(read.orientations[read.phase > 0]).all()
        assert refused > 5


def harmed(content: bytes, random: np.random.Generator) -> bytes:
    """The same file with one thing wrong."""
    start = int(random.integers(len(content)))
    length = int(random.integers(1, 200))
    piece = content[start : start + length]
    match random.integers(4):
        case 0:
            return content[:start]
        case 1:
            return content[:start] + content[start + length :]
        case 2:
            return content[:start] + random.bytes(len(piece)) + content[start + length :]
    return content[:start] + piece + content[start:]
