"""A stack with the steps of its repair, each of which can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, ClassVar, Protocol

from models.arrays import Floats
from models.imaging.volume import Greys, ImageStack

type Numbers = Mapping[str, Floats]
"""What a step measured, by name; the first axis counts slices, where it has one for each."""


class RepairStep(Protocol):
    """One kind of repair with its parameters: a frozen dataclass."""

    name: ClassVar[str]

    def measured(self, grey: Greys) -> Numbers:
        """What is wrong with a stack (z, y, x)."""
        raise NotImplementedError

    def applied(self, grey: Greys, numbers: Numbers) -> Greys:
        """The stack without that."""
        raise NotImplementedError

    def told(self, numbers: Numbers) -> str:
        """A line about what was done."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class DoneStep:
    """A step that was carried out: enough to do it again on the same stack."""

    step: RepairStep
    numbers: Numbers

    def plain(self) -> dict[str, Any]:
        """The same for JSON."""
        parameters: dict[str, Any] = asdict(self.step) if is_dataclass(self.step) else {}
        numbers = {name: values.tolist() for name, values in self.numbers.items()}
        return {"step": self.step.name, "parameters": parameters, "numbers": numbers}


@dataclass(frozen=True, eq=False)
class RepairedStack:
    """The raw stack, what was done to it, and what came of it."""

    raw: ImageStack
    steps: tuple[DoneStep, ...]
    stack: ImageStack

    def without(self, name: str) -> "RepairedStack":
        """The raw stack with all steps but one, measured anew. ValueError: there is no such one."""
        names = [done.step.name for done in self.steps]
        if name not in names:
            raise ValueError(f"no step is named {name!r}; there are {', '.join(names) or 'none'}")
        return repaired(self.raw, [done.step for done in self.steps if done.step.name != name])


def repaired(raw: ImageStack, steps: Sequence[RepairStep]) -> RepairedStack:
    """Carry out steps, one after the other. ValueError where one of them cannot be."""
    grey, done, notes = raw.grey, list[DoneStep](), list(raw.notes)
    for step in steps:
        numbers = step.measured(grey)
        grey = step.applied(grey, numbers)
        done.append(DoneStep(step, numbers))
        notes.append(step.told(numbers))
    return RepairedStack(raw, tuple(done), ImageStack(grey, raw.voxel_m, tuple(notes)))
