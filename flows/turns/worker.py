"""The worker: one long-lived process that makes the turns of all campaigns, one after the other.

One thread makes turns (the random numbers of the model are the process's own, so two turns at a
time would not repeat). The main thread gives signs of life and waits for the signal to stop.
Run as ``python -m flows.turns.worker``, with KYOSO_DATA and, if there is a Prefect,
PREFECT_API_URL.
"""

import logging
import os
import signal
import sys
import threading
import time
from importlib import import_module

from flows.notify import Notifier
from flows.turns.laboratories import Advance, Laboratories
from flows.turns.lines import Lines
from flows.turns.locks import held
from flows.turns.pulse import Pulse
from flows.turns.timetable import Appointment, after_turn, is_due
from flows.turns.with_prefect import WithPrefect
from planner.door.words import in_a_line, plainly
from planner.loop.trouble import write_troubles
from planner.loop.turn import Turn, describe
from planner.settings import Settings, forget_passwords, open_record
from planner.store import Store, StoreError, Unreadable

LOG = logging.getLogger("flows.turns.worker")
TICK = 0.25
"""Seconds between two looks at the event log."""
LONGEST_TURN = 900.0
"""Seconds after which a turn hangs; then the signs of life end, and the supervisor sees to it."""
SECONDS_TO_STOP = 20.0
SECONDS_WITHOUT_RECORD = 5.0
"""Until a record that cannot be used (a full disk, a server that is away) is tried again."""
THE_RECORD = "the record"
PROBLEMS = 3
"""Of a turn, that people are told of."""


class Worker:
    """Looks after all campaigns of one record until it is told to stop."""

    def __init__(
        self, settings: Settings, pulse: Pulse, stop: threading.Event, key: str = ""
    ) -> None:
        self._settings = settings
        self._key = key
        self._pulse = pulse
        self._stop = stop
        self._slots: dict[str, Appointment] = {}
        self._complaints: dict[str, str] = {}
        self._troubles: dict[str, str] = {}
        """What stands in the way of each campaign, as people are told."""
        self._unseen: set[str] = set()
        """Campaigns of which not even the events could be read; they are tried at pauses."""
        self.turn_since: float | None = None

    def work(self) -> None:
        """Turn after turn; a new campaign joins when it is seen."""
        write_troubles(self._settings.data, {})
        if (store := self._opened()) is None:
            return
        with store:
            bench = Laboratories(self._settings, store)
            make = bench.advance
            if api := os.environ.get("PREFECT_API_URL"):
                make = WithPrefect(bench.advance, api, self._key)
            self._notifier = Notifier(self._settings, store)
            self._notifier.start(self._stop)
            LOG.info("works on %s", self._settings.data)
            while not self._stop.wait(TICK):
                for name in self._names(store):
                    if not self._stop.is_set():
                        self._slots[name] = self._visit(store, name, make)

    def _opened(self) -> Store | None:
        """The record, as soon as it can be opened; None where it is time to stop."""
        while not self._stop.is_set():
            try:
                return open_record(self._settings)
            except (OSError, StoreError) as error:
                self._wait_for_record(error)
        return None

    def _names(self, store: Store) -> list[str]:
        """All campaigns; none while the record cannot be read."""
        try:
            return store.campaigns.names()
        except StoreError as error:
            self._wait_for_record(error)
            return []

    def _wait_for_record(self, error: Exception) -> None:
        self._complain(THE_RECORD, error)
        self._stop.wait(SECONDS_WITHOUT_RECORD)

    def _visit(self, store: Store, name: str, make: Advance) -> Appointment:
        """A look at a campaign; one that cannot even be looked at must not stop the others."""
        slot = self._slots.get(name, Appointment())
        if name in self._unseen and time.monotonic() < slot.latest:
            return slot
        try:
            if name not in self._slots:
                self._load_model_for(store, name)
            seen = self._look(store, name, make)
        except Exception as error:
            self._complain(name, error)
            self._stands_in_the_way(name, plainly(error))
            self._unseen.add(name)
            return after_turn(slot, None, slot.seen, slot.seen, time.monotonic())
        self._unseen.discard(name)
        return seen

    def _complain(self, name: str, error: Exception) -> None:
        """Write trouble down: in full once, then in a line; what cannot be loaded once only."""
        text = in_a_line(error)
        is_known = self._complaints.get(name) == text
        self._complaints[name] = text
        if isinstance(error, Unreadable):
            LOG.log(logging.DEBUG if is_known else logging.ERROR, "%s; the others go on", error)
        elif isinstance(error, StoreError):
            LOG.log(logging.DEBUG if is_known else logging.ERROR, "%s waits: %s", name, error)
        elif is_known:
            LOG.error("turn of %s again: %s", name, text)
        else:
            LOG.error("turn of %s: %s", name, text, exc_info=error)

    def _stands_in_the_way(self, name: str, why: str) -> None:
        """Write it down for people, when it is new; nothing stands in the way where ``why`` is
        empty."""
        if self._troubles.get(name, "") != why:
            self._troubles[name] = why
            told = {n: trouble for n, trouble in self._troubles.items() if trouble}
            write_troubles(self._settings.data, told)

    def _look(self, store: Store, name: str, make: Advance) -> Appointment:
        """A turn, if it is time for one."""
        slot = self._slots.get(name, Appointment())
        before = store.events.newest(name)
        if not is_due(slot, before, time.monotonic()):
            return slot
        at_rest = store.campaigns.status(name).is_at_rest
        turn = Turn() if at_rest else self._turn(name, make)
        after = store.events.newest(name)
        self._tell(name, after)
        return after_turn(slot, turn, before, after, time.monotonic())

    def _tell(self, name: str, last_event: int) -> None:
        """Put down what people should be told of; trouble with that stops no turn."""
        try:
            self._notifier.look(name, last_event)
        except Exception:
            LOG.exception("notices of %s", name)

    def _turn(self, name: str, make: Advance) -> Turn | None:
        self.turn_since = time.monotonic()
        try:
            turn = make(name)
        except Exception as error:
            self._complain(name, error)
            self._stands_in_the_way(name, plainly(error))
            return None
        finally:
            self.turn_since = None
        self._complaints.pop(name, None)
        self._stands_in_the_way(name, "; ".join(turn.problems[:PROBLEMS]))
        if turn.moved or turn.problems:
            LOG.log(
                logging.WARNING if turn.problems else logging.INFO, "%s: %s", name, describe(turn)
            )
        return turn

    def _load_model_for(self, store: Store, name: str) -> None:
        """Begin to load Ax, where a campaign will want it and nobody did so before."""
        needed = store.campaigns.get(name).planner.generator == "model"
        if needed and not self._pulse.model:
            self._pulse.model = "loading"
            threading.Thread(target=self._load_model, daemon=True).start()

    def _load_model(self) -> None:
        try:
            import_module("planner.proposals.ax_bridge")
        except Exception as error:
            LOG.exception("the model cannot be loaded")
            self._pulse.model = f"failed: {plainly(error)}"
        else:
            self._pulse.model = "loaded"


def main() -> None:
    """Work until SIGTERM or Ctrl-C; the turn that is on is brought to its end."""
    logging.basicConfig(level=logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(Lines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger("flows").setLevel(logging.INFO)
    settings, stop = Settings(), threading.Event()
    os.umask(settings.umask)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run = settings.data / "run"
    with held(run / "worker.lock", str(os.getpid())) as ours:
        if not ours:
            sys.exit(f"another worker is at work on {settings.data}")
        pulse = Pulse(run / "worker.json")
        key = os.environ.pop("PREFECT_API_AUTH_STRING", "")
        forget_passwords()
        _live(Worker(settings, pulse, stop, key), pulse, stop)
        logging.shutdown()
        os._exit(0)  # a model that is still being loaded, or a turn that hangs, keeps nobody


def _live(worker: Worker, pulse: Pulse, stop: threading.Event) -> None:
    thread = threading.Thread(target=worker.work, daemon=True)
    thread.start()
    while not stop.wait(1.0):
        if not thread.is_alive():
            sys.exit("the loop ended by an error; see above")
        since = worker.turn_since
        if since is None or time.monotonic() - since < LONGEST_TURN:
            pulse.beat()
    thread.join(SECONDS_TO_STOP)


if __name__ == "__main__":
    main()
