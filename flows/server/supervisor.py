"""``kyoso up``: keeps Prefect's server, the worker and the panel running; leaves nothing behind.

It watches and restarts; it decides nothing about campaigns. All of it may be killed at any moment.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from flows.notify import channels
from flows.reach import free_port, is_free
from flows.server.campaign_files import DropFolder, put_in
from flows.server.child import Child
from flows.server.keys import new_key
from flows.server.programs import Program, panel, panel_address, prefect_api, prefect_server, worker
from flows.server.strays import end_strays, remember
from flows.turns.locks import held, is_held
from flows.turns.pulse import model_state
from flows.turns.wiring import swept
from planner.campaign.campaign import Campaign
from planner.campaign.values import counted
from planner.door.words import plainly
from planner.settings import Settings, open_record, private_folder

type Say = Callable[[str], None]
TICK = 0.25
SECONDS_TO_GO_FIRST = 30.0
"""For which Prefect lets the worker and the panel start before it, where they are slow."""
MODEL = {
    "loading": "the model is being loaded (about 12 s); a first design does not wait for it",
    "loaded": "the model is loaded",
}


def up(settings: Settings, campaigns: Sequence[Campaign], port: int, say: Say) -> None:
    """Run everything until SIGTERM or Ctrl-C. OSError and ValueError say what is in the way."""
    data, say = settings.data.resolve(), _quietly(say)
    settings = settings.model_copy(update={"panel": settings.panel or panel_address(port)})
    told_by = ", ".join(channels(settings)) or "none (set KYOSO_WEBHOOK or KYOSO_MAIL_TO)"
    os.umask(settings.umask)  # of all that is started here, too
    with _alone(settings, port):
        if strays := end_strays(data / "run" / "children.json"):
            say(f"ended {len(strays)} processes that a killed 'kyoso up' had left")
        (data / "run" / "worker.json").unlink(missing_ok=True)  # the pulse of a worker long dead
        programs = _programs(settings, port)
        with open_record(settings) as store:
            if left := swept(settings, store):
                say(f"removed {counted(left, 'file')} that killed programs had left unfinished")
            for campaign in campaigns:
                say(put_in(store, campaign, author="kyoso up"))
        say(f"data:    {data}" + f" (others can read it: chmod 700 {data})" * settings.is_open())
        say(f"logs:    {data / 'logs'}")
        pages = programs[0].environment["PREFECT_API_URL"].removesuffix("/api")
        say(f"Prefect: {pages} (its password is in {prefect_key(settings)})")
        say(f"panel:   {panel_address(port) if len(programs) > 2 else 'not installed'}")
        say(f"notices: {told_by}")
        say("Ctrl-C stops everything and loses nothing; the next 'kyoso up' goes on from here")
        Supervisor(data, programs, say, [DropFolder(data / "campaigns", settings, say).look]).run()
        say("stopped; nothing is left running")


class Supervisor:
    """Keeps programs alive in the order given, and stops them in the reverse order. Trouble with
    its own affairs (a full disk) is said once and ends nothing."""

    def __init__(
        self,
        data: Path,
        programs: Sequence[Program],
        say: Say,
        errands: Sequence[Callable[[], None]] = (),
    ) -> None:
        logs = data / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        self._run = data / "run"
        self._say = say = _quietly(say)
        self._errands = errands
        self._children = [Child(p, logs / f"{p.name.lower()}.log", say) for p in programs]
        self._troubles: dict[str, str] = {}
        self._stop = threading.Event()
        self._in_a_hurry = False
        self._known: list[int] = []
        self._model = ""
        self._began = time.monotonic()
        self._had_a_start = False

    def run(self) -> None:
        """Until a signal comes. A second one lets nobody finish."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        try:
            while not self._stop.wait(TICK):
                self._round(time.monotonic())
        finally:
            self._stop_all()

    def _round(self, now: float) -> None:
        for child in self._children:
            if not child.program.comes_last or self._are_others_up(now):
                self._see_to(child.program.name, partial(child.tend, now))
            self._see_to(f"the log of {child.program.name}", child.trim_log)
        self._see_to("the list of processes", self._remember)
        self._tell_of_model()
        for errand in self._errands:
            self._see_to("the folder of campaign files", errand)

    def _see_to(self, what: str, act: Callable[[], None]) -> None:
        """A part of a round. What goes wrong is said when it is new, and the next round tries
        again."""
        try:
            act()
        except Exception as error:
            # no names of files: drafts have new ones
            why = getattr(error, "strerror", None) or plainly(error)
            trouble = f"{what}: {why}; it is tried again"
            if self._troubles.get(what) != trouble:
                self._troubles[what] = trouble
                self._say(trouble)
        else:
            if self._troubles.pop(what, None):
                self._say(f"{what}: in order again")

    def _are_others_up(self, now: float) -> bool:
        """Whether all that come before were ready once; after a while they are waited for no
        longer."""
        if not self._had_a_start:
            first = [child for child in self._children if not child.program.comes_last]
            self._had_a_start = all(child.is_ready for child in first)
            self._had_a_start |= now - self._began > SECONDS_TO_GO_FIRST
        return self._had_a_start

    def _stop_all(self) -> None:
        self._say("stopping ...")
        for child in reversed(self._children):
            child.stop(0.0 if self._in_a_hurry else None)
        self._see_to("the list of processes", self._remember)

    def _ask_to_stop(self, *_: object) -> None:
        self._in_a_hurry = self._stop.is_set()
        self._stop.set()

    def _remember(self) -> None:
        """Write down the processes when they have changed, for a successor to clean up."""
        running = [child.process.pid for child in self._children if child.process]
        if running != self._known:
            remember(self._run / "children.json", running)
            self._known = running

    def _tell_of_model(self) -> None:
        state = model_state(self._run / "worker.json")
        if state != self._model:
            self._model = state
            if state:
                self._say(MODEL.get(state, f"the model: {state}"))


def _quietly(say: Say) -> Say:
    """The same, but for a screen or file that takes nothing at present."""

    def tell(message: str) -> None:
        with suppress(OSError):
            say(message)

    return tell


def is_up(settings: Settings) -> bool:
    """Whether a supervisor works on these data."""
    return is_held(settings.data / "run" / "up.lock")


def _programs(settings: Settings, port: int) -> list[Program]:
    """In the order of their start."""
    prefect_port = free_port(4200)
    pages = panel(settings, port)
    if pages and not is_free(port):
        raise OSError(f"port {port} is taken by another program; try: kyoso up --port {port + 1}")
    key = new_key(prefect_key(settings))
    server = prefect_server(settings, prefect_port, key)
    turns = worker(settings, prefect_api(prefect_port), key)
    return [server, turns, *([pages] if pages else [])]


def prefect_key(settings: Settings) -> Path:
    """Where the key of Prefect's pages lies."""
    return settings.data.resolve() / "run" / "prefect.key"


@contextmanager
def _alone(settings: Settings, port: int) -> Iterator[None]:
    """The data folder, made where it is missing, for one supervisor at a time."""
    data = settings.data.resolve()
    lock = data / "run" / "up.lock"
    note = f"process {os.getpid()}, panel {panel_address(port)}"
    try:
        private_folder(settings, "run")
        lock.touch()
    except OSError as error:
        raise OSError(f"the data folder {data} cannot be written: {error.strerror}") from error
    with held(lock, note) as ours:
        if not ours:
            other = lock.read_text(encoding="utf-8")
            raise OSError(f"'kyoso up' already works on {data} ({other})")
        yield
