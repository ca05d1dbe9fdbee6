"""What people get who have no clone: the wheel, in an empty environment, far from the sources."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.reach import answers, free_port
from tests.server import serving

ROOT = Path(__file__).parents[2]
PACKAGES = ("planner", "executors", "models", "flows", "ui")
BUILT_FROM = (*PACKAGES, "pyproject.toml", "LICENSE")
UV = shutil.which(
    "uv", path=os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)])
)
"""On the PATH, or where ``scripts/setup`` brings it; else pip does it, slowly."""
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(("KYOSO_", "PYTHON", "VIRTUAL_"))}
WHERE = f"import {', '.join(PACKAGES)}; print(*[m.__path__[0] for m in ({', '.join(PACKAGES)})])"


class Installed:
    """The wheel in an environment of its own, and a folder in which people work."""

    def __init__(self, folder: Path) -> None:
        self.desk, self.environment = folder / "desk", folder / "environment"
        self.python, self.kyoso = (str(self.environment / "bin" / n) for n in ("python", "kyoso"))
        self.desk.mkdir()
        self._install(self._built(folder))

    def _built(self, folder: Path) -> str:
        """From a copy: a build leaves its own folders, and takes in what earlier ones left."""
        sources, wheels = folder / "sources", folder / "wheels"
        for name in BUILT_FROM:
            _copy(ROOT / name, sources / name)
        if UV:
            build: list[str | Path] = [
                UV,
                "build",
                "-q",
                "--wheel",
                "--python",
                sys.executable,
                "-o",
                wheels,
            ]
        else:
            build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", wheels]
        subprocess.run([*build, sources], check=True, env=CLEAN)
        shutil.rmtree(sources)
        (wheel,) = wheels.glob("*.whl")
        return str(wheel)

    def _install(self, wheel: str) -> None:
        tested = ["-c", str(ROOT / "constraints.txt")]
        if UV:
            make = [UV, "venv", "-q", "--python", sys.executable]
            install = [UV, "pip", "install", "-q", "--python", self.python]
        else:
            make = [sys.executable, "-m", "venv"]
            install = [self.python, "-m", "pip", "install", "-q"]
        subprocess.run([*make, self.environment], check=True, env=CLEAN)
        subprocess.run([*install, *tested, wheel], check=True, env=CLEAN)

    def told(self, *command: str) -> str:
        """What a command says that succeeds."""
        ended = subprocess.run(
            command, cwd=self.desk, env=CLEAN, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"
        return ended.stdout


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.parent.mkdir(exist_ok=True)
        shutil.copy(source, target)


@pytest.mark.skipif("CI" not in os.environ, reason="makes an environment; .ci/run does it")
@pytest.mark.timeout(900)
def test_the_wheel_works_in_an_empty_environment(tmp_path: Path) -> None:
    installed = Installed(tmp_path)
    places = installed.told(installed.python, "-c", WHERE).split()
    assert all(Path(place).is_relative_to(installed.environment) for place in places)
    assert all((Path(place) / "py.typed").exists() for place in places)
    assert (Path(places[-1]) / ".streamlit" / "config.toml").exists()
    _commands_work(installed)
    _the_panel_answers(installed)
    _the_server_runs(installed)


def _commands_work(installed: Installed) -> None:
    kyoso = installed.kyoso
    assert installed.told(kyoso, "--version").startswith("kyoso ")
    assert "doctor" in installed.told(kyoso, "--help")
    for example in ("quickstart", "ba122"):  # ba122 needs a material pack
        installed.told(kyoso, "new", "--example", example, "--out", f"{example}.yaml")
        assert "is valid" in installed.told(kyoso, "check", f"{example}.yaml")
    run = ("run", "quickstart.yaml", "--turns", "4", "--approve", "all", "--data", "data")
    assert "4 turns are done" in installed.told(kyoso, *run)
    assert "quickstart" in installed.told(kyoso, "status", "--data", "data")


def _the_panel_answers(installed: Installed) -> None:
    port = free_port()
    panel = subprocess.Popen(
        [installed.kyoso, "panel", "--data", "data", "--port", str(port)],
        cwd=installed.desk, env=CLEAN, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        until = time.monotonic() + 90
        while not answers(f"http://127.0.0.1:{port}/_stcore/health"):
            assert panel.poll() is None
            assert time.monotonic() < until
            time.sleep(0.2)
    finally:
        os.killpg(panel.pid, 15)
        panel.wait(30)


def _the_server_runs(installed: Installed) -> None:
    """Panel, Prefect and worker; the first trials are carried out."""
    example = installed.desk / "quickstart.yaml"
    text = example.read_text(encoding="utf-8").replace("by-hand", "automatic")
    example.write_text(text, encoding="utf-8")
    data, place = installed.desk / "served", {"cwd": installed.desk, "env": CLEAN}
    with serving(data, example, kyoso=[installed.kyoso], **place) as server:
        server.goes_on("quickstart", more=1)
