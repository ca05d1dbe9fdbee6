"""A campaign and its record as an experiment of Ax: columns, constraints, goals, trials, data."""

from collections.abc import Sequence

import pandas as pd
from ax.core.arm import Arm
from ax.core.data import Data
from ax.core.experiment import Experiment
from ax.core.metric import Metric
from ax.core.objective import Objective
from ax.core.optimization_config import (
    MultiObjectiveOptimizationConfig,
    OptimizationConfig,
)
from ax.core.outcome_constraint import OutcomeConstraint
from ax.core.parameter import ParameterType, RangeParameter
from ax.core.parameter_constraint import ParameterConstraint
from ax.core.search_space import SearchSpace
from ax.utils.common.constants import Keys

from planner.proposals.ax_bridge.wanted import Wanted
from planner.space.columns import Coding
from planner.space.encoding import Floats
from planner.space.metrics import Limit, errors


def experiment_of(wanted: Wanted, coding: Coding, rows: Floats) -> Experiment:
    """The experiment with one finished trial at each of the ``rows`` (n, d)."""
    experiment = Experiment(
        name="kyoso",
        search_space=_search_space(coding),
        optimization_config=_optimization_config(wanted),
        tracking_metrics=[Metric(m) for m in wanted.metrics if m not in wanted.optimised],
        properties={Keys.IMMUTABLE_SEARCH_SPACE_AND_OPT_CONF: True},
    )
    for row, arm in zip(rows, _arms(wanted, rows), strict=True):
        trial = experiment.new_trial()
        values = dict(zip(coding.names, map(float, row), strict=True))
        trial.add_arm(Arm(values, name=arm))
        trial.mark_running(no_runner_required=True)
        trial.mark_completed()
    return experiment


def data_of(wanted: Wanted, rows: Floats) -> Data:
    """What was observed at the ``rows``: a line for each metric of each trial."""
    index = {observation.trial: i for i, observation in enumerate(wanted.seen)}
    arms = _arms(wanted, rows)
    lines = [
        (index[trial], arms[index[trial]], metric, metric, value, error)
        for metric, column in wanted.metrics.items()
        for (trial, (value, _)), error in zip(column.items(), errors(column), strict=True)
    ]
    columns = ["trial_index", "arm_name", "metric_name", "metric_signature", "mean", "sem"]
    return Data(df=pd.DataFrame(lines, columns=columns))


def _arms(wanted: Wanted, rows: Floats) -> list[str]:
    """A name for each observation; replicates of a point share one."""
    first: dict[bytes, str] = {}
    return [
        first.setdefault(row.tobytes(), str(observation.trial))
        for row, observation in zip(rows, wanted.seen, strict=True)
    ]


def _search_space(coding: Coding) -> SearchSpace:
    columns = [
        RangeParameter(name, ParameterType.FLOAT, low, high)
        for name, (low, high) in zip(coding.names, coding.bounds, strict=True)
    ]
    constraints = []
    for c in coding.constraints:
        total = " + ".join(f"{k!r} * {coding.names[int(i)]}" for i, k in c.coefficients.items())
        text = f"{total} {'==' if c.equality else '<='} {c.bound!r}"
        constraints.append(
            ParameterConstraint(equality=text) if c.equality else ParameterConstraint(text)
        )
    return SearchSpace(columns, constraints)


def _optimization_config(wanted: Wanted) -> OptimizationConfig:
    names = {metric: metric for metric in wanted.metrics}
    goals = ", ".join(f"-{m}" if small else m for m, small in wanted.objectives.items())
    objective = Objective(expression=goals, metric_name_to_signature=names)
    limits = _bounds(wanted.limits, names)
    if len(wanted.objectives) == 1:
        return OptimizationConfig(objective=objective, outcome_constraints=limits)
    return MultiObjectiveOptimizationConfig(
        objective=objective,
        outcome_constraints=limits,
        objective_thresholds=_bounds(wanted.thresholds(), names),
    )


def _bounds(wanted: Sequence[Limit], names: dict[str, str]) -> list[OutcomeConstraint]:
    return [
        OutcomeConstraint(
            expression=f"{metric} {sign} {bound!r}",
            metric_name_to_signature=names,
            relative=False,
        )
        for metric, sign, bound in wanted
    ]
