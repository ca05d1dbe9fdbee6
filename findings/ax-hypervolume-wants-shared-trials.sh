#!/usr/bin/env bash
# Ax takes a trial of which one metric was never measured, fits it, and plans from it by default. With BoTorch's
# qLogExpectedHypervolumeImprovement or qLogExpectedImprovement as the acquisition class the same data are refused:
# BoTorch makes their inputs only where every metric was measured at the same points.
#
# Seen with ax-platform 1.3.1 and botorch 0.18.1 on 2026-11-27:
#   the default plans;
#   qLogExpectedHypervolumeImprovement: ValueError "Field `X` must be shared."
#   qLogExpectedImprovement with an outcome constraint: NotImplementedError "... only block designs are supported."
# Exits 0 while that is so, and 1 when it has changed. Needs uv and Python 3.12; takes a minute or two.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv --quiet --python "${PYTHON:-python3.12}" "$folder/env"
uv pip install --quiet --python "$folder/env/bin/python" ax-platform==1.3.1 botorch==0.18.1
OMP_NUM_THREADS=1 "$folder/env/bin/python" -W ignore - <<'PYTHON'
import logging
import sys
from importlib.metadata import version

import pandas as pd
from ax.adapter.registry import Generators
from ax.core.arm import Arm
from ax.core.data import Data
from ax.core.experiment import Experiment
from ax.core.metric import Metric
from ax.core.objective import Objective
from ax.core.optimization_config import MultiObjectiveOptimizationConfig, OptimizationConfig
from ax.core.outcome_constraint import OutcomeConstraint
from ax.core.parameter import ParameterType, RangeParameter
from ax.core.search_space import SearchSpace
from botorch.acquisition.logei import qLogExpectedImprovement
from botorch.acquisition.multi_objective.logei import qLogExpectedHypervolumeImprovement

logging.disable(logging.CRITICAL)
NAMES = {"strength": "strength", "cost": "cost"}
POINTS = [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95]
LATE = 3  # the trial whose cost has not come


def bound(text):
    return OutcomeConstraint(expression=text, metric_name_to_signature=NAMES, relative=False)


def two_goals():
    return MultiObjectiveOptimizationConfig(
        objective=Objective(expression="strength, -cost", metric_name_to_signature=NAMES),
        objective_thresholds=[bound("strength >= 0"), bound("cost <= 2")],
    )


def one_goal():
    return OptimizationConfig(
        objective=Objective(expression="strength", metric_name_to_signature=NAMES),
        outcome_constraints=[bound("cost <= 1.5")],
    )


def outcome(config, acquisition):
    """What becomes of asking for one point."""
    space = SearchSpace([RangeParameter("x", ParameterType.FLOAT, 0.0, 1.0)])
    tracking = [] if "cost" in config.objective.expression else [Metric("cost")]
    experiment = Experiment(
        name="furnace", search_space=space, optimization_config=config, tracking_metrics=tracking
    )
    rows = []
    for i, x in enumerate(POINTS):
        trial = experiment.new_trial()
        trial.add_arm(Arm({"x": x}, name=f"arm{i}"))
        trial.mark_running(no_runner_required=True)
        trial.mark_completed()
        rows.append((i, f"arm{i}", "strength", "strength", x * (2 - x), 0.01))
        if i != LATE:
            rows.append((i, f"arm{i}", "cost", "cost", 1 + x * x, 0.01))
    columns = ["trial_index", "arm_name", "metric_name", "metric_signature", "mean", "sem"]
    try:
        adapter = Generators.BOTORCH_MODULAR(
            experiment=experiment, data=Data(df=pd.DataFrame(rows, columns=columns)),
            **({"botorch_acqf_class": acquisition} if acquisition else {}),
        )
        adapter.gen(n=1)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "plans"


SEEN = [
    ("two goals, the default", two_goals(), None, "plans"),
    ("two goals, qLogEHVI", two_goals(), qLogExpectedHypervolumeImprovement, "must be shared"),
    ("one goal, the default", one_goal(), None, "plans"),
    ("one goal, qLogEI", one_goal(), qLogExpectedImprovement, "only block designs"),
]
print("ax-platform", version("ax-platform"), "botorch", version("botorch"))
changed = False
for what, config, acquisition, expected in SEEN:
    found = outcome(config, acquisition)
    print(f"{what}: {found}")
    changed |= expected not in found
sys.exit(int(changed))
PYTHON
