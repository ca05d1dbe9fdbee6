"""How a campaign stands, as a checked value: for JSON files, the command line and the panel."""

from planner.campaign.campaign import Campaign
from planner.campaign.values import Frozen, Point, counted
from planner.executor import is_human
from planner.record.basis import Basis
from planner.record.event import Event
from planner.record.job import Job, JobState
from planner.record.record import Record, is_feasible
from planner.record.trial import Guidance, Origin, Trial, TrialState


class SpentTrials(Frozen):
    """The budget, how many trials count against it, and how many may."""

    trials: int
    spent: int
    """Trials that were decided for, and neither vetoed nor abandoned since."""
    proposed: int
    """Trials that nobody has decided on yet."""

    @property
    def shown(self) -> str:
        """As people read it: ``3 of 40 trials spent, 2 proposed``."""
        proposed = f", {self.proposed} proposed" if self.proposed else ""
        return f"{self.spent} of {counted(self.trials, 'trial')} spent{proposed}"


class BestTrial(Frozen):
    """The best value of an objective so far, and its trial."""

    value: float
    unit: str
    trial: int


class PredictedOutcome(Frozen):
    """What was expected of an outcome before it came, in its unit."""

    mean: float
    sd: float


class CurrentResult(Frozen):
    """What was found of an outcome; its newest correction."""

    number: int
    value: float
    standard_error: float | None
    unit: str


class TrialSummary(Frozen):
    """One trial with what was predicted and what was found."""

    id: int
    point: Point
    as_run: Point
    """The point with everything that was really different."""
    origin: Origin
    generator: str
    state: TrialState
    version: int
    author: str
    reason: str
    message: str
    feasibility: float | None
    feasibility_rests_on: int | None
    """Of how many trials it was known whether they are feasible when it was proposed."""
    guidance: Guidance
    """How hypotheses moved it; empty where they had no say."""
    prediction: dict[str, PredictedOutcome]
    results: dict[str, CurrentResult]
    jobs: dict[str, JobState]
    """By stage."""
    left_out: str
    """Why nothing is learned from it; empty where it counts."""


class Summary(Frozen):
    """How a campaign stands: counts, the best so far and every trial."""

    campaign: str
    synthetic: bool
    budget: SpentTrials
    states: dict[TrialState, int]
    """How many trials are in each state that occurs."""
    best: dict[str, BestTrial]
    """By objective."""
    waiting_for_people: tuple[str, ...]
    model: dict[str, dict[str, int | float]]
    """By learner, the number of its newest version (``version``) and its scores."""
    trials: tuple[TrialSummary, ...]


def describe(campaign: Campaign, record: Record) -> Summary:
    """Counts, the best so far and every trial."""
    basis = Basis(campaign, record)
    return Summary(
        campaign=campaign.name,
        synthetic=campaign.synthetic,
        budget=budget(campaign, record),
        states={state: record.count(state) for state in TrialState if record.count(state)},
        best=best(campaign, record),
        waiting_for_people=tuple(waiting(campaign, record)),
        model={v.learner: {"version": v.number, **v.scores} for v in record.versions},
        trials=tuple(describe_trial(trial, record, basis) for trial in record.trials),
    )


def budget(campaign: Campaign, record: Record) -> SpentTrials:
    """What was spent of the budget, and what waits for a decision."""
    proposed = record.count(TrialState.PROPOSED)
    return SpentTrials(trials=campaign.budget.trials, spent=record.spent(), proposed=proposed)


def describe_trial(trial: Trial, record: Record, basis: Basis) -> TrialSummary:
    """One trial with what was predicted and what was found."""
    return TrialSummary(
        id=trial.number,
        point=trial.point,
        as_run=record.as_run(trial),
        origin=trial.origin,
        generator=trial.generator,
        state=trial.state,
        version=trial.version,
        author=trial.author,
        reason=trial.reason,
        message=trial.message,
        feasibility=trial.feasibility,
        feasibility_rests_on=None if trial.feasibility is None else len(basis.before(trial)),
        guidance=trial.guidance,
        prediction={n: PredictedOutcome(mean=m, sd=s) for n, (m, s) in trial.prediction.items()},
        results={
            r.outcome: CurrentResult(
                number=r.number, value=r.value, standard_error=r.standard_error, unit=r.unit
            )
            for r in record.results_of.get(trial.number, [])
        },
        jobs={stage: job.state for stage, job in record.jobs_of(trial.number).items()},
        left_out=record.left_out.get(trial.number, ""),
    )


def best(campaign: Campaign, record: Record) -> dict[str, BestTrial]:
    """For each objective the best value so far and its trial, among samples that keep what is
    required of them."""
    kept = [o for o in record.observations if is_feasible(campaign, o) is not False]
    found = {}
    for name, outcome in campaign.objectives.items():
        measured = [(outcome.merit(o.values[name][0]), o) for o in kept if name in o.values]
        if measured:
            top = max(measured, key=lambda pair: pair[0])[1]
            value = top.values[name][0]
            found[name] = BestTrial(value=value, unit=outcome.unit, trial=top.trial)
    return found


def model_trouble(campaign: Campaign, record: Record, failure: Event | None) -> str:
    """Why the model does not plan at present; empty where it does, or is not to plan any more.
    ``failure`` is the newest event of the kind ``planner.failed``."""
    if failure is None or campaign.planner.generator != "model":
        return ""
    is_over = record.taken() >= campaign.budget.trials
    return "" if is_over or planned_again(record, failure) else str(failure.data.get("error"))


def planned_again(record: Record, failure: Event) -> int:
    """The first trial that the model made after it could not plan; 0 where it made none."""
    last = failure.data.get("last_trial", 0)  # by number: clocks may be set back
    return min((t.number for t in record.trials if t.is_by_model and t.number > last), default=0)


def nothing_proposed(campaign: Campaign, record: Record, idle: Event | None) -> str:
    """Why nothing can be proposed at present; empty where something was since, or none is wanted.
    ``idle`` is the newest event of the kind ``planner.idle``."""
    if idle is None or not record.room(campaign):
        return ""
    last = idle.data.get("last_trial", 0)
    proposed = any(t.origin is Origin.PLANNER and t.number > last for t in record.trials)
    return "" if proposed else str(idle.data.get("error"))


def waiting(campaign: Campaign, record: Record) -> list[str]:
    """What people have to do before the campaign can go on."""
    decide = [
        f"decide on trial {t.number}" for t in record.trials if t.state is TrialState.PROPOSED
    ]
    human = {stage.name for stage in campaign.stages if is_human(stage.executor)}
    running = {t.number for t in record.trials if t.state is TrialState.RUNNING}
    return decide + [
        _task(job)
        for job in record.jobs
        if job.state is JobState.RUNNING and job.stage in human and job.trial in running
    ]


def _task(job: Job) -> str:
    due = f" by {job.due:%Y-%m-%d}" if job.due else ""
    note = f" ({job.message})" if job.message else ""
    return f"carry out {job.stage} of trial {job.trial}{due}{note}"
