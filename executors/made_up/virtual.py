"""A virtual laboratory: formulas with noise, and every misfortune a real one has, all repeatable.

What its far end knows is files, so it survives a killed process like an instrument of its own.
``effects.log`` holds one line for each job that was really begun.
"""

import random
from pathlib import Path
from typing import Any

from executors.files import (
    append_line,
    is_cancelled,
    job_folder,
    keep_order,
    kept_order,
    locked,
    mark_cancelled,
)
from executors.made_up.options import Options
from planner.campaign.expression import Formula, parse_formula
from planner.campaign.parameter import is_number
from planner.campaign.values import Point, shown
from planner.executor import (
    Abandoned,
    Answer,
    Failed,
    Finished,
    Lost,
    Measurement,
    Running,
    WorkOrder,
    read_options,
)


class Virtual:
    """Answers by formulas. All is settled by the option ``seed``, the job and the number of polls.

    ``executors.made_up.options`` lists the options.
    """

    human = False

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder = folder
        self.options = read_options(Options, options)

    def check(self, order: WorkOrder) -> None:
        """ValueError where an outcome has no formula, or a formula cannot be read at the point."""
        for name in order.gives:
            self._text(name)
        real, told = self._real(order), self.options
        for text in (*told.outcomes.values(), *filter(None, [told.fails_when])):
            self._read(text, real)

    def submit(self, order: WorkOrder) -> None:
        """Begin the job, once; a job drawn to be lost is begun only when it is submitted again."""
        place = self._place(order.job)
        if self._happens("lose", order.job) and not (place / "lost").exists():
            place.mkdir(parents=True, exist_ok=True)
            (place / "lost").touch()
            return
        with locked(self.folder / "effects.log") as log:
            log.seek(0)
            if f"{order.job}\n" not in log.readlines():
                append_line(log, order.job)
        keep_order(place, order)

    def poll(self, job: str) -> Answer:
        """One poll further: running, hanging, or the answer."""
        place = self._place(job)
        order = kept_order(place)
        if order is None:
            return Lost()
        if is_cancelled(place):
            return Abandoned("cancelled")
        if self._happens("hang", job):
            return self._running(order, None)
        delay = self._delay(job)
        polls = _count(place / "polls", delay)
        return self._running(order, polls / delay) if polls < delay else self.answer(order)

    def cancel(self, job: str) -> None:
        """Stop the job for good."""
        mark_cancelled(self._place(job))

    def answer(self, order: WorkOrder) -> Answer:
        """What the laboratory will say of the order when it has finished."""
        if self._happens("crash", order.job):
            return Abandoned("virtual technical fault")
        try:
            return self._outcome(order, self._real(order))
        except ValueError as error:
            return Abandoned(str(error))

    def _outcome(self, order: WorkOrder, real: Point) -> Answer:
        as_run = {name: real[name] for name in self.options.drift} or None
        if self.options.fails_when and self._formula(self.options.fails_when, real) > 0:
            return Failed(f"{self.options.fails_when} is above 0", as_run)
        measured = tuple(self._measure(name, order, real) for name in self._measured(order))
        return Finished(measured, as_run)

    def _running(self, order: WorkOrder, progress: float | None) -> Running:
        final = self.answer(order) if self.options.twice else None
        early = final.measurements if isinstance(final, Finished) else ()
        return Running(progress, early)

    def _measure(self, name: str, order: WorkOrder, real: Point) -> Measurement:
        noise = self.options.noise.get(name, 0.0)
        exact = self._formula(self._text(name), real)
        value = exact + noise * self._chance("noise", name, order.job).gauss()
        return Measurement(name, value, order.units.get(name, ""), noise, "formula", "virtual")

    def _measured(self, order: WorkOrder) -> list[str]:
        """All outcomes, or a part of them where the job was drawn to be partial."""
        if len(order.gives) < 2 or not self._happens("partial", order.job):
            return list(order.gives)
        chance = self._chance("measured", order.job)
        kept = chance.sample(order.gives, chance.randint(1, len(order.gives) - 1))
        return [name for name in order.gives if name in kept]

    def _text(self, outcome: str) -> str:
        if outcome not in self.options.outcomes:
            raise ValueError(f"the virtual laboratory has no formula for {outcome!r}")
        return self.options.outcomes[outcome]

    def _formula(self, text: str, point: Point) -> float:
        formula, numbers = self._read(text, point)
        return formula(numbers)

    def _read(self, text: str, point: Point) -> tuple[Formula, dict[str, float]]:
        """A formula, and the numbers of the point that may stand in it."""
        numbers = {name: float(v) for name, v in point.items() if is_number(v)}
        numbers |= {name: self._code(name, point) for name in self.options.codes}
        return parse_formula(text, numbers), numbers

    def _code(self, name: str, point: Point) -> float:
        codes = self.options.codes[name]
        if (value := shown(point.get(name, ""))) not in codes:
            raise ValueError(f"codes.{name}: no number for {value!r}")
        return codes[value]

    def _real(self, order: WorkOrder) -> Point:
        """The point as it is really run: each parameter drifts by its own normal deviation."""
        real = dict(order.point)
        for name, sd in self.options.drift.items():
            planned = order.point.get(name)
            if not is_number(planned):
                raise ValueError(f"drift.{name}: there is no such number in the point")
            real[name] = float(planned) + sd * self._chance("drift", name, order.job).gauss()  # type: ignore[arg-type]
        return real

    def _delay(self, job: str) -> int:
        low, high = self.options.delays
        return self._chance("delay", job).randint(low, high)

    def _happens(self, misfortune: str, job: str) -> bool:
        """Whether the job is drawn to ``hang``, ``crash``, ``lose`` or be ``partial``."""
        probability: float = getattr(self.options, misfortune)
        return self._chance(misfortune, job).random() < probability

    def _chance(self, *what: str) -> random.Random:
        return random.Random("\n".join([str(self.options.seed), *what]))

    def _place(self, job: str) -> Path:
        return job_folder(self.folder / "jobs", job)


def _count(path: Path, limit: int) -> int:
    """How often it was asked before, up to ``limit``: one byte in a file for each time."""
    count = path.stat().st_size if path.exists() else 0
    if count < limit:
        with path.open("ab") as file:
            file.write(b".")
    return count
