"""What people do, one function each, for every surface. ``ACTIONS`` holds them all; each takes
``who``, the name of a person, and refuses the names of the program."""

from planner.desk.campaigns import (
    LEADS_TO,
    add,
    check_runnable,
    finish,
    parse_runnable,
    pause,
    remove,
    resume,
    revise,
    start_from,
    stop,
    take_in,
    with_parts,
)
from planner.desk.claims import claim, retract
from planner.desk.conditions import read_conditions
from planner.desk.decisions import Seen, approve, dry_run, edit, inject, veto, vetoes
from planner.desk.histories import Beginning, out_of_history, plan_in_words, with_history
from planner.desk.measured import measurement
from planner.desk.people import ACTIONS, person
from planner.desk.results import correct, end_without, hand_in, record
from planner.desk.taking_back import LEADS, can_be_taken_back, take_back
from planner.desk.tasks import missing_outcomes, open_job
from planner.desk.today import campaign_today, idle_because, paused_because, trouble_of
from planner.desk.uploads import Upload
from planner.record.plausible import Implausible

__all__ = [
    "ACTIONS",
    "LEADS",
    "LEADS_TO",
    "Beginning",
    "Implausible",
    "Seen",
    "Upload",
    "add",
    "approve",
    "campaign_today",
    "can_be_taken_back",
    "check_runnable",
    "claim",
    "correct",
    "dry_run",
    "edit",
    "end_without",
    "finish",
    "hand_in",
    "idle_because",
    "inject",
    "measurement",
    "missing_outcomes",
    "open_job",
    "out_of_history",
    "parse_runnable",
    "pause",
    "paused_because",
    "person",
    "plan_in_words",
    "read_conditions",
    "record",
    "remove",
    "resume",
    "retract",
    "revise",
    "start_from",
    "stop",
    "take_back",
    "take_in",
    "trouble_of",
    "veto",
    "vetoes",
    "with_history",
    "with_parts",
]
