"""Every format of orientation maps keeps the contract."""

from pathlib import Path

import pytest

from executors.orientation import readers
from executors.orientation.readers.points import Points
from executors.testing import MapReaderContract
from models.orientation.map import OrientationMap
from tests.executors.orientation.readers.files import WRITERS


class Format(MapReaderContract):
    """A format with the reader that is registered for it."""

    def read(self, path: Path, symmetry: str | None) -> Points:
        return readers.READERS[path.suffix](path, symmetry)

    def write(self, path: Path, measured: OrientationMap) -> Path:
        return WRITERS[self.suffix](path, measured)


class TestAng(Format):
    suffix = ".ang"


class TestCtf(Format):
    suffix = ".ctf"


class TestCpr(Format):
    suffix = ".cpr"

    def files(self, path: Path) -> list[Path]:
        return [path, path.with_suffix(".crc")]


class TestOxfordHdf5(Format):
    suffix = ".h5oina"


class TestEdaxHdf5(Format):
    suffix = ".oh5"


class TestCsv(Format):
    suffix = ".csv"


TESTED = {
    test.suffix for test in (TestAng, TestCtf, TestCpr, TestOxfordHdf5, TestEdaxHdf5, TestCsv)
}


@pytest.mark.parametrize("suffix", readers.READERS)
def test_no_reader_is_left_out(suffix: str) -> None:
    tested = {readers.READERS[suffix] for suffix in TESTED}
    assert readers.READERS[suffix] in tested
