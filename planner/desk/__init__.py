"""What people do, one function each, for every surface."""

from planner.desk.campaigns import revise, set_status
from planner.desk.claims import claim, retract
from planner.desk.decisions import Seen, approve_all, decide, dry_run, edit, inject, veto
from planner.desk.results import Upload, correct, end_without, hand_in, measurement

__all__ = [
    "Seen",
    "Upload",
    "approve_all",
    "claim",
    "correct",
    "decide",
    "dry_run",
    "edit",
    "end_without",
    "hand_in",
    "inject",
    "measurement",
    "retract",
    "revise",
    "set_status",
    "veto",
]
