"""Who may act: names of people, and none of the program."""

from datetime import datetime

import pytest

from planner.desk.people import ACTIONS, LONGEST, PROGRAM, action, person
from planner.executor import installed
from planner.store import Store


@pytest.mark.parametrize("name", ["Aki", " Aki ", "山本 明", "Policy Maker", "planner2", "kyosoko"])
def test_people_may_be_called_what_they_like(name: str) -> None:
    assert person(name) == name.strip()


@pytest.mark.parametrize("name", [
    *PROGRAM, *installed(), "kyoso", "kyoso run", "Kyoso  UP", "PLANNER", " Policy\n", "ｌｏｏｐ",
    "campaign  folder", "host:4711:0a1b2c3d",
])  # fmt: skip
def test_names_of_the_program_are_refused_in_every_spelling(name: str) -> None:
    with pytest.raises(
        ValueError, match="calls itself in the record; take another name than kyoso"
    ):
        person(name)


@pytest.mark.parametrize("name", ["", "  ", "a\tb", "a\u200bb", "x" * (LONGEST + 1)])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        person(name)


def test_an_action_sees_only_a_checked_name_however_it_came() -> None:
    @action
    def wave(store: None, who: str, at: datetime | None = None) -> str:
        return who

    del ACTIONS["wave"]
    assert wave(None, " Aki ") == wave(None, who="Aki") == "Aki"
    with pytest.raises(ValueError, match="'policy' is what the program calls itself"):
        wave(None, who="policy")


def test_an_action_without_a_person_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="no argument 'who'"):

        @action
        def nobody(store: Store) -> None:
            """Does nothing."""
