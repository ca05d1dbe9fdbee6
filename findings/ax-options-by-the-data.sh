#!/usr/bin/env bash
# With two objectives Ax chooses the acquisition by the data: while no trial is beyond all objective thresholds it is
# BoTorch's qLogProbabilityOfFeasibility, afterwards qLogNoisyExpectedHypervolumeImprovement. Options that are given for
# the acquisition go to whichever it is, so a call that plans one day is refused the other.
#
# Seen with ax-platform 1.3.1 and botorch 0.18.1 on 2026-11-27, with {"mc_samples": 64} for the acquisition:
#   threshold met by the data: plans;
#   threshold not met yet: TypeError "Unexpected keyword argument `mc_samples` when constructing input arguments ...".
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
from ax.core.objective import Objective
from ax.core.optimization_config import MultiObjectiveOptimizationConfig
from ax.core.outcome_constraint import OutcomeConstraint
from ax.core.parameter import ParameterType, RangeParameter
from ax.core.search_space import SearchSpace
from ax.utils.common.constants import Keys

logging.disable(logging.CRITICAL)
NAMES = {"strength": "strength", "cost": "cost"}


def bound(text):
    return OutcomeConstraint(expression=text, metric_name_to_signature=NAMES, relative=False)


def outcome(threshold):
    """What becomes of asking for one point, where strength is 0.1 to 1 in seven trials."""
    config = MultiObjectiveOptimizationConfig(
        objective=Objective(expression="strength, -cost", metric_name_to_signature=NAMES),
        objective_thresholds=[bound(f"strength >= {threshold}"), bound("cost <= 2")],
    )
    space = SearchSpace([RangeParameter("x", ParameterType.FLOAT, 0.0, 1.0)])
    experiment = Experiment(name="furnace", search_space=space, optimization_config=config)
    rows = []
    for i, x in enumerate([0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95]):
        trial = experiment.new_trial()
        trial.add_arm(Arm({"x": x}, name=f"arm{i}"))
        trial.mark_running(no_runner_required=True)
        trial.mark_completed()
        rows.append((i, f"arm{i}", "strength", "strength", x * (2 - x), 0.01))
        rows.append((i, f"arm{i}", "cost", "cost", 1 + x * x, 0.01))
    columns = ["trial_index", "arm_name", "metric_name", "metric_signature", "mean", "sem"]
    adapter = Generators.BOTORCH_MODULAR(
        experiment=experiment, data=Data(df=pd.DataFrame(rows, columns=columns))
    )
    try:
        adapter.gen(n=1, model_gen_options={Keys.ACQF_KWARGS: {"mc_samples": 64}})
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return f"plans by {type(adapter.generator._acquisition.acqf).__name__}"


SEEN = [
    (0.5, "plans by qLogNoisyExpectedHypervolumeImprovement"),
    (5, "Unexpected keyword argument `mc_samples`"),
]
print("ax-platform", version("ax-platform"), "botorch", version("botorch"))
changed = False
for threshold, expected in SEEN:
    found = outcome(threshold)
    print(f"threshold {threshold}: {found}")
    changed |= expected not in found
sys.exit(int(changed))
PYTHON
