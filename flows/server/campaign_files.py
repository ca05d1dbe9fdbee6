"""Campaign files that people give to a record: on the command line, or dropped into a folder."""

from collections.abc import Callable, Iterable, Set
from pathlib import Path

from planner import desk
from planner.campaign.campaign import Campaign, CampaignError
from planner.campaign.file import named, read_yaml
from planner.door.files import Inside, listed
from planner.loop.laboratory import utc_now
from planner.loop.trouble import write_file_troubles
from planner.settings import Settings, open_record
from planner.store import CampaignStatus, Conflict, Store, Unreadable


def read_runnable(file: Path | Inside) -> Campaign:
    """The campaign in a file, with executors that exist and options that they take. CampaignError
    names the file and every problem."""
    with named(file):
        return desk.parse_runnable(read_yaml(file))


def put_in(store: Store, campaign: Campaign, author: str, bring_back: bool = False) -> str:
    """Add a campaign, and say what came of it. One that is there already stays as it is now: people
    may have changed it since. ``bring_back``: also one that somebody removed."""
    try:
        return _put_in(store, campaign, author, bring_back)
    except Unreadable as error:
        return f"{error}; it is left alone"


def _put_in(store: Store, campaign: Campaign, author: str, bring_back: bool) -> str:
    is_new = campaign.name not in store.campaigns.names(removed=True)
    is_gone = not is_new and store.campaigns.status(campaign.name) is CampaignStatus.REMOVED
    if is_gone and not bring_back:
        return f"campaign {campaign.name!r} stays removed; 'kyoso add FILE' brings it back"
    try:
        desk.take_in(store, campaign, author, utc_now(), bring_back)
    except Conflict:
        if is_gone:  # it comes back as it was
            store.campaigns.set_status(campaign.name, CampaignStatus.ACTIVE, author, utc_now())
        return (
            f"campaign {campaign.name!r} goes on as it is in the record; the file differs, and "
            "'kyoso revise FILE' would put it in force"
        )
    return f"campaign {campaign.name!r} " + ("is added" if is_new else "goes on")


class DropFolder:
    """Watches a folder into which people drop campaign files (``*.yaml``)."""

    def __init__(self, folder: Path, settings: Settings, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._settings = settings
        self._say = say
        self._seen: set[tuple[Path, int]] = set()
        self._told: set[str] = set()
        self._faults: dict[tuple[Path, int], str] = {}
        """What is wrong with files as they are now."""
        self._shown: dict[str, str] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def look(self) -> None:
        """Take in what is new or has changed; complain of what cannot be read, once."""
        files, odd = listed(Inside(self._folder, ()))
        for text in sorted(set(odd) - self._told):
            self._told.add(text)
            self._say(f"{self._folder}: {text}; it is left alone")
        for file in files:
            version = _version(file.path) if file.path.suffix == ".yaml" else None
            if version is not None and version not in self._seen:
                self._say(self._take(file, version))  # not seen where the record could not take it
                self._seen.add(version)
        self._show({_version(file.path) for file in files}, odd)

    def _take(self, file: Inside, version: tuple[Path, int]) -> str:
        try:
            campaign = read_runnable(file)
        except CampaignError as error:
            self._faults[version] = "\n".join(error.problems)
            return self._faults[version]
        except OSError as error:
            self._faults[version] = f"{file.name}: {error.strerror}"
            return self._faults[version]
        with open_record(self._settings) as store:
            return put_in(store, campaign, author="campaign folder")

    def _show(self, there: Set[tuple[Path, int] | None], odd: Iterable[str]) -> None:
        """Write down for people what is wrong with files that are there, when that is new."""
        self._faults = {version: why for version, why in self._faults.items() if version in there}
        shown = {path.name: why for (path, _), why in self._faults.items()}
        shown |= {text.partition(" is ")[0]: f"{text}; it is left alone" for text in odd}
        if shown != self._shown:
            self._shown = shown
            write_file_troubles(self._settings.data, shown)


def _version(path: Path) -> tuple[Path, int] | None:
    """What tells a file from one that was changed; none where it was taken away just now."""
    try:
        return path, path.lstat().st_mtime_ns
    except FileNotFoundError:
        return None
