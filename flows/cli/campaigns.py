"""check, new, revise, pause, resume, stop, remove: the campaign itself."""

from collections import Counter
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.cli.common import (
    Complaint,
    DataFolder,
    Who,
    assignments,
    complaints,
    record,
    say,
)
from flows.server.campaign_files import read_runnable
from planner import desk
from planner.campaign.campaign import Campaign
from planner.campaign.file import parse_yaml
from planner.campaign.template import new_campaign
from planner.campaign.values import counted
from planner.record.revision import differences
from planner.space.encoding import listed

EXAMPLES = {
    Path(file.name).stem: file
    for file in sorted(files("flows").joinpath("examples").iterdir(), key=lambda file: file.name)
    if file.name.endswith(".yaml") and not file.name.endswith(".mapping.yaml")
}
"""The examples that come with the program, by name."""
File = Annotated[Path, typer.Argument(help="A campaign file (YAML).", show_default=False)]
Name = Annotated[str, typer.Argument(help="Name of a campaign.", show_default=False)]


def check(file: File) -> None:
    """Say whether a campaign file is valid, and what it describes. Changes nothing."""
    with complaints():
        campaign = read_runnable(file)
    points = listed(campaign)
    size = "continuous" if points is None else counted(len(points), "point")
    say(
        (f"{file.name} is valid", "green"),
        f": {campaign.name}, {counted(len(campaign.free), 'free parameter')} "
        f"({size}), {', '.join(f'{o.goal} {n}' for n, o in campaign.objectives.items())}, "
        f"{' > '.join(s.name for s in campaign.stages)}, "
        f"{counted(campaign.budget.trials, 'trial')}",
    )
    for claim in campaign.hypotheses:
        say(("claim", "cyan"), f" at {claim.strength:.0%} by {claim.author}: {claim.title}")
    for line in _remarks(campaign):
        say(("note: ", "yellow"), line)


def _remarks(campaign: Campaign) -> list[str]:
    """What the authors of its claims should know."""
    if not campaign.hypotheses:
        return []
    from planner.beliefs.remarks import remarks  # scipy, only where there are claims

    return remarks(campaign)


def new(
    name: Annotated[str | None, typer.Argument(help="Name of the campaign.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where to write the file.", show_default=False)
    ] = None,
    example: Annotated[
        str | None, typer.Option(help=f"Write this example instead: {', '.join(EXAMPLES)}.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--from", help="A past campaign to go on from, as kyoso replay takes it."),
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="With --from: mapping of a table.")] = None,
    as_guessed: Annotated[
        bool, typer.Option("--as-guessed", help="With --from: take goals that nobody confirmed.")
    ] = False,
) -> None:
    """Write a campaign file to start from; with --from, out of a past campaign. Nothing starts."""
    with complaints():
        if out is None:
            raise Complaint("--out: where is the campaign's file to be written?")
        if out.exists():
            raise Complaint(f"{out} is there already; it was not touched")
        if source is not None:
            _write_next(source, mapping, name, out, as_guessed)
            return
        out.write_text(_first_text(name, example), encoding="utf-8")
    say(f"wrote {out}; change it, then: kyoso check {out}")


def _first_text(name: str | None, example: str | None) -> str:
    """The text of a campaign file: an example, or the template under a name."""
    if example is not None:
        if name is not None or example not in EXAMPLES:
            raise Complaint(f"--example: {', '.join(EXAMPLES)}; it brings its own name")
        return EXAMPLES[example].read_text(encoding="utf-8")
    if name is None:
        raise Complaint("a new campaign needs a name")
    return new_campaign(name)


def _write_next(
    source: str, mapping: Path | None, name: str | None, out: Path, as_guessed: bool
) -> None:
    """The file of a campaign that goes on from a past one, and what it will do."""
    begin = desk.out_of_history(source, mapping, name, as_guessed=as_guessed)
    out.write_text(begin.text, encoding="utf-8")
    for note in begin.notes:
        say(("note: ", "yellow"), note)
    for line in desk.plan_in_words(begin.campaign):
        say(line)
    more = f" --mapping {mapping}" if mapping else ""
    say(f"wrote {out}; nothing is started. Change it, then start it with the "
        f"{counted(len(begin.past), 'trial')} of history: "
        f"kyoso add {out} --from {source}{more} --as NAME")  # fmt: skip


def revise(
    file: Annotated[
        str, typer.Argument(help="A campaign file; with --set the name.", show_default=False)
    ],
    who: Who,
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="Without a file: a field of review, budget or planner, budget.trials=60."
        ),
    ] = None,
    data: DataFolder = None,
) -> None:
    """Give a campaign that already runs a new version: of its file, or with a few fields set."""
    with complaints():
        campaign = None if change else read_runnable(Path(file))
        store = record(data)
        name = campaign.name if campaign else file
        before = store.campaigns.version(name)
        old = store.campaigns.get(name, before)
        new = campaign or desk.with_parts(old, **_parts(change or []))
        version = desk.revise(store, new, before, who)
    if version == before:
        say(f"{name} stays at version {version}: nothing new came")
    else:
        say(f"{name} is now at version {version}; changed: {', '.join(differences(old, new))}")
        for reason, trials in Counter(store.snapshot(name).left_out.values()).items():
            say(f"nothing is learned from {counted(trials, 'trial')}: {reason}")


def _parts(changes: list[str]) -> dict[str, dict[str, Any]]:
    """``["budget.trials=60"]`` as ``{"budget": {"trials": 60}}``."""
    parts: dict[str, dict[str, Any]] = {}
    for place, text in assignments(changes).items():
        part, dot, field = place.partition(".")
        if not dot or not field:
            raise ValueError(f"--set: {place!r} is not of the form part.field, as budget.trials")
        parts.setdefault(part, {})[field] = parse_yaml(text)
    return parts


def pause(name: Name, who: Who, data: DataFolder = None) -> None:
    """Propose and start nothing new; results are still collected."""
    _do(desk.pause, name, who, data)
    say(f"{name} is paused")


def resume(name: Name, who: Who, data: DataFolder = None) -> None:
    """Go on after pause or stop."""
    _do(desk.resume, name, who, data)
    say(f"{name} is active")


def stop(
    name: Name,
    who: Who,
    data: DataFolder = None,
    after_current: Annotated[
        bool, typer.Option("--after-current", help="First bring the trials that run to their end.")
    ] = False,
) -> None:
    """Do nothing more for this campaign, not even collect; jobs at their executors go on."""
    _do(desk.finish if after_current else desk.stop, name, who, data)
    say(f"{name} is {'finishing' if after_current else 'stopped'}")


def remove(name: Name, who: Who, data: DataFolder = None) -> None:
    """Stop a campaign and show it no more, for example an example. Its record stays: 'kyoso add'
    with the same file brings it back."""
    _do(desk.remove, name, who, data)
    say(f"{name} is removed")


def _do(act: Callable[..., None], name: str, who: str, data: Path | None) -> None:
    with complaints():
        act(record(data), name, who)
