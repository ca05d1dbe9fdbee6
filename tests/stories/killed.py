"""Runs a campaign in child processes that are killed with SIGKILL, and reports as JSON.

Usage: killed.py CAMPAIGN.yaml FOLDER LIGHT HEAVY. The first ``LIGHT`` children plan with Sobol, the
next ``HEAVY`` with the model; every second one dies at a commit, the others at any moment.
"""

import json
import os
import random
import signal
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

import planner.proposals.ax_bridge  # the children inherit it, or each would spend its life importing
from flows.turns.run import drive
from flows.turns.wiring import Settings, open_laboratory, open_record
from planner.campaign.campaign import Campaign, Review
from planner.campaign.file import read_campaign
from planner.loop.laboratory import utc_now

assert planner.proposals.ax_bridge


def live(campaign: Campaign, folder: Path, commits: int | None = None) -> None:
    """Drive the campaign, and die just before or just after a commit where asked to."""
    store = open_record(Settings(data=folder))
    if commits is not None:
        _die_at_commit(store.database.engine, commits)
    store.campaigns.add(campaign, author="story", at=utc_now())
    lab = open_laboratory(Settings(data=folder), store, campaign, Review(autonomy="automatic"))
    short = replace(
        lab, lease=timedelta(seconds=0.3)
    )  # a dead child's jobs are soon the next one's
    drive(short, campaign.name, turns=100_000)
    store.close()


def _die_at_commit(engine: sa.Engine, commits: int) -> None:
    """SIGKILL at the given commit: before it for an even number, after it for an odd one."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen >= commits and commits % 2 == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def returned(*_: object) -> None:
        if seen >= commits:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(engine, "commit", count)
    sa.event.listen(engine, "checkin", returned)


def kill_one(
    campaign: Campaign, folder: Path, dice: random.Random, at_commit: bool, life: float
) -> bool:
    """One child that dies; False where it had finished everything before."""
    commits = dice.randint(5, 40) if at_commit else None
    child = os.fork()
    if child == 0:
        live(campaign, folder, commits)
        os._exit(0)
    if not at_commit:
        time.sleep(dice.uniform(0.05, life))
        os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def main(file: str, folder: str, light: int, heavy: int) -> None:
    """Kill, then let one process finish in peace."""
    campaign, dice = read_campaign(Path(file)), random.Random(11)
    place = Path(folder)
    kills = sum(kill_one(campaign, place, dice, i % 2 == 0, 0.4) for i in range(light))
    if heavy:
        with open_record(Settings(data=place)) as store:
            version = store.campaigns.version(campaign.name)
            planner = campaign.planner.model_copy(update={"generator": "model"})
            campaign = campaign.model_copy(update={"planner": planner})
            store.campaigns.revise(campaign, version, author="story", at=utc_now())
    kills += sum(kill_one(campaign, place, dice, i % 2 == 0, 4.0) for i in range(heavy))
    if os.fork() == 0:
        live(campaign, place)
        os._exit(0)
    os.wait()
    print(json.dumps({"kills": kills}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
