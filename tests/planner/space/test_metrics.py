"""What metrics are called, and what that means in the words of a campaign."""

from planner.space.metrics import distance_of, metric_of, metrics, objectives, words
from tests.planner.proposals.test_ax_bridge import campaign, seen

OUTCOMES = {
    "m1": {"goal": "maximize", "at_least": 0.2},
    "hardness": {"goal": "target", "value": 0.5, "tolerance": 0.05},
}


def test_every_metric_of_outcomes_has_a_name_of_its_own_whatever_a_laboratory_calls_them() -> None:
    space = campaign(outcomes=OUTCOMES)
    known = metrics(
        space, seen(space, 4, lambda p: {"m1": p["a"], "hardness": p["b"]}).observations
    )
    assert objectives(space, known) == {
        metric_of(space, "m1"): False,
        distance_of(space, "hardness"): True,
    }
    assert {words(space)[metric] for metric in known} == {"m1", "hardness", "distance of hardness"}


def test_a_message_of_ax_is_told_in_the_names_of_the_campaign() -> None:
    from planner.proposals.ax_bridge.search import _in_laboratory_words

    text = _in_laboratory_words(campaign(outcomes=OUTCOMES), "limited_m0 and d1 at p1, not m7")
    assert text == "m1 and distance of hardness at b, not m7"
