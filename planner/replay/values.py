"""What a replay in a pool found, as checked values: the report that is kept, shown and sent on."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from models.statistics.honesty import Judgement
from models.statistics.scores import Comparison
from planner.campaign.values import Frozen

type Curve = tuple[float, ...]
"""A score after each experiment, from the first on."""


def _of_shares(interval: tuple[float, float]) -> tuple[float, float]:
    """Student's interval of a few runs may reach beyond what a difference of shares can be."""
    low, high = interval
    return max(low, -1.0), min(high, 1.0)


type Interval = tuple[float, float]
type ShareInterval = Annotated[tuple[float, float], AfterValidator(_of_shares)]
"""Of a difference of two shares: it lies in -1 to 1."""
type Measure = Literal["share", "hypervolume"]
"""What a planner is judged by: its share of the top set, or of the pool's hypervolume."""


class FirstHit(Frozen):
    """Experiments to the first of the top set, over runs; None: beyond the budget."""

    median: int | float | None
    q25: int | float | None
    q75: int | float | None
    mean: float | None = None
    """Of random order alone."""


class ChoiceCalibration(Frozen):
    """Whether a planner's predictions of its own choices came true."""

    n: int
    coverage_90: float
    """Share of the results in the 90 % interval."""
    verdict: Judgement
    log_score: float
    mean_z: float
    """Mean of (result - mean) / sd."""


class ArmCourse(Frozen):
    """An arm of the history along its own rows. Without an order it has final numbers only."""

    rows: int
    ordered: bool
    normaliser: float
    """The largest hypervolume that an arm with an order ends with, in the outcomes' units."""
    final_hypervolume: float
    hypervolume: Curve | None = None
    hypervolume_raw: Curve | None = None
    """In the outcomes' units."""
    share_of_top: Curve | None = None


class PlannerFigures(Frozen):
    """Mean curves of one planner over its runs, first hits, and what made its choices."""

    runs: int
    """0: random order, by exact expectations."""
    first_hit: FirstHit
    share_of_top: Curve
    best_so_far: Curve | dict[str, Curve]
    """By objective where there are several."""
    regret: Curve | None
    """(Best of the pool - best so far) / range; of one objective."""
    hypervolume: Curve
    """Share of the pool's."""
    ef_topk: Curve
    ef_value: Curve | None
    acceleration: dict[str, float | None]
    """Over random order, by the share of the top set to reach."""
    share_of_top_95: tuple[Curve, Curve] | None = None
    """Lower and upper ends of the 95 % interval of the mean."""
    hypervolume_95: tuple[Curve, Curve] | None = None
    seconds_per_proposal: float
    final_share: Curve
    """Of each run, where it ended."""
    mean_share: Curve
    """Of each run, the mean over all experiments."""
    final_hypervolume: Curve
    mean_hypervolume: Curve
    generators: dict[str, int]
    """How many choices each made."""
    calibration: dict[str, ChoiceCalibration] | None = None
    """By outcome."""
    note: str = ""
    arms: dict[str, ArmCourse] = Field(default_factory=dict)

    def curve(self, name: str) -> Curve | None:
        """A curve by its name; None where there is none, or one for each objective."""
        values: Curve | dict[str, Curve] | None = getattr(self, name)
        return None if isinstance(values, dict) else values

    def ends(self, name: str) -> tuple[Curve, Curve] | None:
        """Lower and upper ends of the 95 % interval of a curve."""
        return {"share_of_top": self.share_of_top_95, "hypervolume": self.hypervolume_95}.get(name)

    def final(self, measure: Measure) -> Curve:
        """Of each run, where it ended."""
        return self.final_share if measure == "share" else self.final_hypervolume

    def mean(self, measure: Measure) -> Curve:
        """Of each run, the mean over all experiments."""
        return self.mean_share if measure == "share" else self.mean_hypervolume


class PoolFigures(Frozen):
    """The pool, its top set and reference point, and the warning that goes with its kind."""

    kind: str
    conditions: int
    rows: int
    left_out: int
    """Rows without the outcomes that are needed."""
    top_set: int
    threshold: float | None
    """The worst outcome of the top set; of one objective."""
    reference_point: dict[str, float]
    reference_from: str
    warning: str | None
    notes: tuple[str, ...]
    leaks: tuple[str, ...] = ()
    """Settings that may be copies of an outcome, in words."""


class Enrichment(Frozen):
    """A random search that was really made beside random order of the pool."""

    arm: str
    experiments: int
    measure: str
    real_random: float
    """What the search reached at its end."""
    random_order_of_pool: float
    hypervolume: Curve
    """Of the real search, as a share of the pool's."""
    share_of_top: Curve
    enriched: bool
    words: str = ""


class ReplaySetup(Frozen):
    """How the walks went."""

    start: int
    batch: int | str
    pending: int
    noise: str
    options: dict[str, Any]
    """Changes to the campaign that the planners were told, as in a campaign's file."""


class BaselineCurves(Frozen):
    """The real random search, cut or held at the budget."""

    share_of_top: Curve
    hypervolume: Curve


class GainVerdict(Frozen):
    """Whether a planner gained over the baseline."""

    verdict: Literal["gain", "no gain", "loss"]
    measure: Measure
    difference: float
    """At the budget."""
    interval_99: ShareInterval | None
    why: str


class PlannerComparison(Frozen):
    """Two planners at the budget, paired by seed."""

    planner: str
    against: str
    measure: Literal["share_of_top", "hypervolume"]
    experiments: int
    difference: float
    interval_95: ShareInterval | None
    verdict: Comparison


class PoolReport(Frozen):
    """Planners that chose among conditions that were measured."""

    mode: Literal["pool"]
    name: str
    baseline: str
    pool: PoolFigures
    enrichment: Enrichment | None = None
    """None without a random search that was really made."""
    budget: int
    seeds: int
    setup: ReplaySetup
    planners: dict[str, PlannerFigures]
    baseline_curves: BaselineCurves | None = None
    verdicts: dict[str, GainVerdict]
    """By planner, against the baseline."""
    comparisons: tuple[PlannerComparison, ...]
    mapping: dict[str, Any]
    """What the columns of the table mean, as in its file."""
    notes: tuple[str, ...]
    versions: dict[str, str]
    """Of the packages that computed it."""

    def real_search(self, curve: str) -> Curve | None:
        """A curve of the random search that was really made, where there is one."""
        return getattr(self.baseline_curves, curve, None)

    def word(self, planner: str) -> str:
        """The verdict on a planner; empty where there is none."""
        return self.verdicts[planner].verdict if planner in self.verdicts else ""
