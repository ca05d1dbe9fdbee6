from pathlib import Path

from executors.people.manual import Manual
from executors.testing import ExecutorContract


class TestManual(ExecutorContract):
    def make(self, folder: Path) -> Manual:
        return Manual(folder)


def test_it_keeps_no_files(tmp_path: Path) -> None:
    Manual(tmp_path).submit(ExecutorContract().order("bulk/1/synthesis"))
    assert not list(tmp_path.iterdir())
