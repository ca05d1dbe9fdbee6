"""What every reader of image stacks promises: a stack comes back with its voxel size, or the size
is asked for; and a damaged file is a ``ValueError`` that says why."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from executors.imaging.readers import read_stack
from executors.testing.map_reader import harmed
from models.imaging.volume import ImageStack, Voxel

VOXEL: Voxel = (2e-8, 8e-9, 8e-9)


def stack_sample(shape: tuple[int, int, int] = (4, 30, 40)) -> np.ndarray:
    """Made-up greys in 8 bits; as few slices as a colour picture has samples."""
    return np.random.default_rng(7).integers(0, 256, shape, np.uint8)


class StackReaderContract:
    """Override ``write`` and ``suffix``; ``tells`` where the format cannot carry a voxel."""

    suffix = ""
    """How names of such files end, with the dot; nothing for a folder."""
    tells = "zyx"
    """Axes along which the file says how large a voxel is."""
    damages = 24

    def write(self, path: Path, voxels: np.ndarray, voxel: Voxel) -> Path:
        """Write the stack (z, y, x) as a program of the field would; with its size, if it can."""
        raise NotImplementedError

    def files(self, path: Path) -> list[Path]:
        """The files that make up a stack."""
        return sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]

    def given(self) -> tuple[float | None, float | None, float | None]:
        """What a person must say beside the file."""
        z, y, x = (None if a in self.tells else edge for a, edge in zip("zyx", VOXEL, strict=True))
        return z, y, x

    def written(self, folder: Path) -> tuple[np.ndarray, Path]:
        """A made-up stack and where it was written to."""
        voxels = stack_sample()
        return voxels, self.write(folder / f"stack{self.suffix}", voxels, VOXEL)

    def read(self, path: Path) -> ImageStack:
        """The stack, with what the file cannot know."""
        return read_stack(path, self.given())

    def test_a_stack_comes_back(self, tmp_path: Path) -> None:
        voxels, path = self.written(tmp_path)
        stack = self.read(path)
        assert stack.shape == voxels.shape
        assert np.corrcoef(stack.grey.ravel(), voxels.ravel())[0, 1] == pytest.approx(1, abs=1e-6)
        assert stack.voxel_m == pytest.approx(VOXEL, rel=1e-6)
        assert any(note.startswith("voxel 20 nm x 8 nm x 8 nm") for note in stack.notes)

    def test_a_size_that_the_file_cannot_know_is_asked_for(self, tmp_path: Path) -> None:
        _, path = self.written(tmp_path)
        if self.tells == "zyx":
            return
        with pytest.raises(ValueError, match=r"along .*give it, such as --voxel") as told:
            read_stack(path)
        assert path.name in str(told.value)

    def test_sizes_that_contradict_each_other_are_both_named(self, tmp_path: Path) -> None:
        _, path = self.written(tmp_path)
        if not self.tells:
            return
        with pytest.raises(ValueError, match=r"along x is 8 nm .*but 10 nm was given"):
            read_stack(path, (VOXEL[0], None, 1e-8))
        assert read_stack(path, (*VOXEL[:2], 1e-8), trust=True).voxel_m[2] == 1e-8

    def test_reading_changes_no_file(self, tmp_path: Path) -> None:
        _, path = self.written(tmp_path)
        before = {file: file.read_bytes() for file in self.files(path)}
        self.read(path)
        assert {file: file.read_bytes() for file in self.files(path)} == before

    def test_an_empty_file_is_refused(self, tmp_path: Path) -> None:
        _, path = self.written(tmp_path)
        for file in self.files(path):
            file.write_bytes(b"")
        with pytest.raises(ValueError, match=path.name):
            self.read(path)

    def test_a_file_that_is_not_there_cannot_be_read(self, tmp_path: Path) -> None:
        with pytest.raises((OSError, ValueError)):
            self.read(tmp_path / f"none{self.suffix}")

    def test_a_file_that_was_cut_off_is_no_shorter_stack(self, tmp_path: Path) -> None:
        _, path = self.written(tmp_path)
        file = max(self.files(path), key=lambda file: file.stat().st_size)
        whole = file.read_bytes()
        for part in (0.3, 0.6, 0.9):
            file.write_bytes(whole[: int(part * len(whole))])
            with pytest.raises(ValueError, match=path.name):
                self.read(path)

    def test_any_damage_is_a_plain_error_or_a_stack(self, tmp_path: Path) -> None:
        """Bytes cut off, changed, left out or doubled: never anything but ValueError."""
        _, path = self.written(tmp_path)
        whole = {file: file.read_bytes() for file in self.files(path)}
        random = np.random.default_rng(0)
        refused = 0
        for turn in range(self.damages):
            if path.is_dir():
                shutil.rmtree(path)
            for file, content in whole.items():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            file = list(whole)[turn % len(whole)]
            file.write_bytes(harmed(whole[file], random))
            refused += self.is_refused(path)
        assert refused > 2

    def is_refused(self, path: Path) -> bool:
        """Whether a damaged stack is refused, by its name; if it is not, it holds numbers."""
        try:
            stack = self.read(path)
        except ValueError as error:
            return path.name in str(error) or pytest.fail(f"it does not name the file: {error}")
        assert np.isfinite(stack.grey).all()
        return False
