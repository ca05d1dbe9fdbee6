"""Columns that follow from others: computed, or one value for each kind."""

from planner.importing.guess.direction import without_circles
from planner.importing.guess.profile import ColumnProfile
from planner.importing.guess.relations import Relation, derived
from planner.importing.guess.roles import Guess
from planner.importing.guess.wording import is_goal, says

KINDS = 4
"""Kinds, and rows of each in the mean, from which a number that goes with them describes them."""


def described(guess: Guess) -> None:
    """Numbers that have one value for each of several kinds describe the kind."""
    texts = [p for p in guess.open if not p.is_numeric and len(p.levels) >= KINDS]
    for p in [p for p in guess.open if p.is_numeric and len(p.levels) >= KINDS]:
        for kinds in sorted(texts, key=lambda t: (-len(t.levels), t.name)):
            pairs = set(zip(kinds.cells, p.numbers.tolist(), strict=True))
            if len(pairs) == len(kinds.levels) <= len(p.cells) / KINDS and not p.missing:
                guess.give(p.name, "derived", f"one value for each {kinds.name}")
                break


def computed(guess: Guess) -> None:
    """Columns that a formula of others gives."""
    numeric = [p for p in guess.open if p.is_numeric]
    sources = [p.name for p in guess.columns.values()
               if p.is_numeric and _may_be_source(guess, p)]  # fmt: skip
    found = derived(guess.columns, [p.name for p in numeric], sources)
    guess.relations = without_circles(found, guess.columns)
    for relation in guess.relations:
        if not _stays_a_result(guess, relation):
            guess.give(relation.column, "derived", f"= {relation.formula}")


def _stays_a_result(guess: Guess, relation: Relation) -> bool:
    """A yield is a goal also where it is computed, and a result that is a multiple of another
    quantity is one itself."""
    p = guess.columns[relation.column]
    other = guess.columns[relation.sources[0]]
    multiple = len(relation.sources) == 1 and set(p.named.words) != set(other.named.words)
    computed = is_goal(p) or (multiple and relation.form != "-")
    return says(p) > 0 and computed


def _may_be_source(guess: Guess, p: ColumnProfile) -> bool:
    role = guess.roles.get(p.name)
    return role is None or role.role in ("parameter", "outcome")
