#!/usr/bin/env bash
# Writes the files beside it, each with the program that such files come from, in environments of pinned public packages.
# What is taken out afterwards (README.md) keeps them small and without pickles. Needs uv, Python 3.12, and 3.10 for Summit.
#
#     PYTHON=python3.12 OLDER=python3.10 ./write.sh [FOLDER FOR THE ENVIRONMENTS]
set -euo pipefail
cd "$(dirname "$0")"
envs=${1:-$(mktemp -d)}
export OMP_NUM_THREADS=1
python() {  # NAME INTERPRETER PACKAGES: the Python of an environment, made where it is not there
    local name=$1 interpreter=$2
    shift 2
    if [ ! -x "$envs/$name/bin/python" ]; then
        uv venv --quiet --python "$interpreter" "$envs/$name"
        uv pip install --quiet --python "$envs/$name/bin/python" "$@"
    fi
    "$envs/$name/bin/python" -W ignore -
}
new=${PYTHON:-python3.12}

python ax "$new" ax-platform==1.3.1 <<'PYTHON'
import json
import logging

import pandas as pd
from ax.api.client import Client
from ax.api.configs import ChoiceParameterConfig, DerivedParameterConfig, RangeParameterConfig
from ax.core.arm import Arm
from ax.core.data import Data
from ax.service.ax_client import AxClient, ObjectiveProperties
from ax.storage.json_store.save import save_experiment

logging.disable(logging.CRITICAL)


def number(name, low, high, **more):
    kind = more.pop("parameter_type", "float")
    return RangeParameterConfig(name=name, bounds=(low, high), parameter_type=kind, **more)


def kept(name, parameters, constraints, objective, requirements, measure, count, ends=None):
    client = Client(random_seed=1)
    client.configure_experiment(name=name, parameters=parameters, parameter_constraints=constraints)
    client.configure_optimization(objective=objective, outcome_constraints=requirements)
    for i, point in client.get_next_trials(max_trials=count).items():
        match (ends or {}).get(i, "completed"):
            case "failed":
                client.mark_trial_failed(i)
            case "abandoned":
                client.mark_trial_abandoned(i)
            case "completed":
                client.complete_trial(i, raw_data=measure(point, i))
    client.save_to_json_file(f"ax-{name}.json")
    trimmed(f"ax-{name}.json")
    return client


def trimmed(place):
    content = json.load(open(place))
    content.pop("generation_strategy", None)
    for trial in content.get("experiment", content)["trials"].values():
        for run in trial.get("generator_runs") or [trial["generator_run"]]:
            for part in set(run) - {"__type", "arms", "weights", "generation_node_name"}:
                del run[part]
    json.dump(content, open(place, "w"))


furnace = [
    number("energy", 10.0, 300.0, scaling="log"),
    number("hold", 1, 48, parameter_type="int"),
    number("heat", 600.0, 750.0, step_size=25.0),
    ChoiceParameterConfig(name="pressure", values=[10, 30, 50], parameter_type="int", is_ordered=True),
    ChoiceParameterConfig(name="route", values=["SPS", "HIP"], parameter_type="str", is_ordered=False),
    ChoiceParameterConfig(name="wet", values=[True, False], parameter_type="bool"),
]
client = kept(
    "two-goals",
    furnace,
    ["hold + 2*heat <= 1500"],
    "strength, -cost",
    ["strength >= 45", "cost <= 6", "density >= 75"],
    lambda p, i: {"strength": (50 + p["hold"] / 10, 0.4), "cost": 2 + p["energy"] / 100, "density": 70 + i},
    8,
    {3: "failed", 5: "abandoned", 7: "running"},
)
client.summarize().to_csv("ax-summary.csv", index=False)
kept(
    "weighted-sum",
    [number("x", 0.0, 1.0), number("n", 1, 1000, parameter_type="int", scaling="log")],
    [],
    "2*strength - 3*cost",
    ["density >= 80"],
    lambda p, i: {"strength": 5 + p["x"], "cost": 1 + p["n"] / 1000, "density": 78.0 + i},
    6,
)

old = AxClient(verbose_logging=False, random_seed=1)
old.create_experiment(
    name="service",
    parameters=[
        {"name": "x", "type": "range", "bounds": [0.0, 1.0]},
        {"name": "energy", "type": "range", "bounds": [1.0, 100.0], "log_scale": True},
        {"name": "route", "type": "choice", "values": ["SPS", "HIP"], "is_ordered": False},
        {"name": "ball", "type": "fixed", "value": 3.0},
    ],
    objectives={
        "strength": ObjectiveProperties(minimize=False, threshold=1.0),
        "cost": ObjectiveProperties(minimize=True),
    },
    outcome_constraints=["density >= 2"],
)
for i in range(5):
    _, trial = old.get_next_trial()
    old.complete_trial(trial, raw_data={"strength": 1.0 + i, "cost": 2 - i / 10, "density": 3.0})
save_experiment(old.experiment, "ax-service.json")
trimmed("ax-service.json")

batches = Client(random_seed=1)
batches.configure_experiment(
    name="batches",
    parameters=[
        number("x", 0.0, 1.0),
        number("y", 0.0, 1.0),
        DerivedParameterConfig(name="z", expression_str="1 - x - y", parameter_type="float"),
    ],
)
batches.configure_optimization(objective="-loss")
experiment = batches._experiment
for number_of_batch in range(2):
    batch = experiment.new_batch_trial()
    points = {f"{number_of_batch}_{i}": (i / 4, number_of_batch / 2) for i in range(3)}
    for name, (x, y) in points.items():
        batch.add_arm(Arm({"x": x, "y": y, "z": 1 - x - y}, name=name))
    batch.mark_running(no_runner_required=True)
    columns = ["trial_index", "arm_name", "metric_name", "metric_signature", "mean", "sem"]
    rows = [(batch.index, name, "loss", "loss", x + 10 * y, 0.1) for name, (x, y) in points.items()]
    experiment.attach_data(Data(df=pd.DataFrame(rows, columns=columns)))
    batch.mark_completed()
batches.save_to_json_file("ax-batches.json")
trimmed("ax-batches.json")
PYTHON

python baybe "$new" baybe==0.15.0 <<'PYTHON'
import json
import random

import numpy as np
from baybe import Campaign
from baybe.constraints import ContinuousLinearConstraint
from baybe.objectives import DesirabilityObjective, ParetoObjective
from baybe.parameters import CategoricalParameter, NumericalContinuousParameter, NumericalDiscreteParameter
from baybe.searchspace import SearchSpace
from baybe.targets import NumericalTarget

random.seed(1)
np.random.seed(1)
space = SearchSpace.from_product(
    [
        NumericalDiscreteParameter("heat", values=(600, 650, 700, 750), metadata={"unit": "degC"}),
        NumericalContinuousParameter("time", bounds=(1.0, 48.0)),
        NumericalContinuousParameter("a", bounds=(0.0, 1.0)),
        NumericalContinuousParameter("b", bounds=(0.0, 1.0)),
        CategoricalParameter("route", values=("SPS", "HIP", "HP"), encoding="OHE"),
    ],
    constraints=[
        ContinuousLinearConstraint(["a", "b"], "=", [1.0, 1.0], 1.0),
        ContinuousLinearConstraint(["time", "a"], "<=", [1.0, 10.0], 50.0),
    ],
)


def kept(name, objective, **measure):
    campaign = Campaign(space, objective)
    for _ in range(2):
        points = campaign.recommend(batch_size=3)
        for outcome, value in measure.items():
            points[outcome] = [value(row) for _, row in points.iterrows()]
        campaign.add_measurements(points)
    campaign.measurements.to_csv(f"baybe-{name}.csv", index=False)
    content = json.loads(campaign.to_json())
    for part in ("exp_rep", "comp_rep"):
        content["searchspace"]["discrete"][part] = "taken out"
    for part in ("searchspace_metadata", "measurements_exp"):
        content[part] = "taken out"
    json.dump(content, open(f"baybe-{name}.json", "w"))


kept(
    "pareto",
    ParetoObjective([NumericalTarget("strength"), NumericalTarget("cost", minimize=True)]),
    strength=lambda row: 50 + row.a,
    cost=lambda row: 3 + row.b,
)
shift = NumericalTarget.match_bell("shift", match_value=3.0, sigma=1.0)
ramp = NumericalTarget.normalized_ramp("cost", (0, 100), descending=True)
kept(
    "desirability",
    DesirabilityObjective([shift, ramp], weights=[2, 1]),
    shift=lambda row: 3 - row.a,
    cost=lambda row: 3 + row.b,
)
PYTHON

python bofire "$new" bofire==0.5.0 <<'PYTHON'
from bofire.data_models.constraints.api import LinearEqualityConstraint, LinearInequalityConstraint, NChooseKConstraint
from bofire.data_models.domain.api import Domain
from bofire.data_models.features.api import CategoricalInput, ContinuousInput, ContinuousOutput, DiscreteInput
from bofire.data_models.objectives.api import (
    CloseToTargetObjective,
    MaximizeObjective,
    MaximizeSigmoidObjective,
    MinimizeObjective,
)

domain = Domain.from_lists(
    inputs=[
        ContinuousInput(key="a", bounds=(0.0, 1.0), unit="g"),
        ContinuousInput(key="b", bounds=(0.0, 1.0)),
        ContinuousInput(key="heat", bounds=(600, 750), stepsize=25),
        DiscreteInput(key="pressure", values=[10, 30, 50], unit="MPa"),
        CategoricalInput(key="route", categories=["SPS", "HIP", "HP"], allowed=[True, True, False]),
        ContinuousInput(key="time", bounds=(3, 3)),
    ],
    outputs=[
        ContinuousOutput(key="strength", unit="MPa", objective=MaximizeObjective(w=1.0)),
        ContinuousOutput(key="cost", objective=MinimizeObjective(w=0.5)),
        ContinuousOutput(key="density", objective=MaximizeSigmoidObjective(w=1.0, steepness=2, tp=80)),
        ContinuousOutput(key="shift", objective=CloseToTargetObjective(w=1, target_value=3.0, exponent=1)),
        ContinuousOutput(key="colour", objective=None),
    ],
    constraints=[
        LinearEqualityConstraint(features=["a", "b"], coefficients=[1.0, 1.0], rhs=1.0),
        LinearInequalityConstraint(features=["heat", "a"], coefficients=[1.0, 100.0], rhs=780.0),
        NChooseKConstraint(features=["a", "b"], min_count=1, max_count=2, none_also_valid=False),
    ],
)
open("bofire-domain.json", "w").write(domain.model_dump_json())
rows = domain.inputs.sample(9, seed=3)
rows["a"] = rows["a"].round(3)
rows["b"] = 1 - rows["a"]
measured = {"strength": 50 + rows.a, "cost": 3 + rows.b, "density": 75 + rows.heat / 100, "shift": 2 + rows.a, "colour": rows.b}
for name, values in measured.items():
    rows[name], rows[f"valid_{name}"] = values, 1
rows.loc[2, "valid_strength"] = 0
rows.loc[4, ["cost", "valid_cost"]] = float("nan"), 0
domain.validate_experiments(rows).to_csv("bofire-experiments.csv", index=False)
PYTHON

rm -f optuna-journal.log
python optuna "$new" optuna==5.0.0 pandas <<'PYTHON'
import os

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

optuna.logging.set_verbosity(optuna.logging.CRITICAL)


def furnace(trial):
    rate = trial.suggest_float("rate", 1e-4, 1e-1, log=True)
    depth = trial.suggest_int("depth", 1, 9, step=2)
    heat = trial.suggest_float("heat", 600, 750)
    route = trial.suggest_categorical("route", ["SPS", "HIP"])
    if trial.number == 3:
        raise RuntimeError("cracked")
    trial.report(rate, 0)
    if trial.number == 5:
        raise optuna.TrialPruned()
    return depth + (route == "HIP") - (heat - 690) ** 2 / 1000 + 10 * rate


storage = JournalStorage(JournalFileBackend("optuna-journal.log"))
sampler = optuna.samplers.TPESampler(seed=1)
study = optuna.create_study(storage=storage, study_name="furnace", direction="maximize", sampler=sampler)
study.optimize(furnace, n_trials=9, catch=(RuntimeError,))
for heat in (650.0, 700.0):
    study.enqueue_trial({"rate": 0.01, "depth": 3, "heat": heat, "route": "HIP"})
    study.ask() if heat == 650.0 else None
study.trials_dataframe().to_csv("optuna-trials.csv", index=False)
study.trials_dataframe(multi_index=True).to_csv("optuna-multi-index.csv")
two = optuna.create_study(directions=["maximize", "minimize"], sampler=optuna.samplers.RandomSampler(seed=2))
two.optimize(lambda t: (t.suggest_float("x", 0, 5) + 1, t.suggest_float("y", 0, 3) ** 2), n_trials=8)
two.trials_dataframe().to_csv("optuna-two-values.csv")
PYTHON

python nevergrad "$new" nevergrad==1.0.12 <<'PYTHON'
import nevergrad as ng


def kept(name, optimizer, space, loss, **more):
    solver = getattr(ng.optimizers, optimizer)(parametrization=space, budget=8, **more)
    solver.parametrization.random_state.seed(1)
    solver.register_callback("tell", ng.callbacks.ParametersLogger(f"nevergrad-{name}.json", append=False))
    solver.minimize(loss)


furnace = ng.p.Instrumentation(
    rate=ng.p.Log(lower=1e-4, upper=0.1),
    depth=ng.p.Scalar(lower=1, upper=9).set_integer_casting(),
    route=ng.p.Choice(["SPS", "HIP"]),
)
kept("log", "OnePlusOne", furnace, lambda rate, depth, route: (depth - 4) ** 2 + rate + (route == "HIP"))
array = ng.p.Array(shape=(2,)).set_bounds(0, 1)
kept("two-losses", "DE", array, lambda x: [x[0], (x[1] - 0.5) ** 2], num_workers=2)
PYTHON

python skopt "$new" scikit-optimize==0.10.2 pandas <<'PYTHON'
import pandas as pd
from skopt import gp_minimize
from skopt.space import Categorical, Integer, Real

space = [Real(1e-4, 0.1, prior="log-uniform", name="rate"), Integer(1, 9, name="depth"), Categorical(["SPS", "HIP"], name="route")]
result = gp_minimize(lambda x: float((x[1] - 4) ** 2 + x[0] + 1), space, n_calls=10, n_initial_points=8, random_state=1)
pd.DataFrame(result.x_iters, columns=result.space.dimension_names).assign(func_val=result.func_vals).to_csv("skopt-runs.csv", index=False)
PYTHON

python pymoo "$new" pymoo==0.6.2 pandas <<'PYTHON'
import pandas as pd
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.optimize import minimize
from pymoo.problems import get_problem

population = minimize(get_problem("bnh"), NSGA2(pop_size=12), ("n_gen", 3), seed=1).pop
columns = {f"{part}{i + 1}": values for part in "XFG" for i, values in enumerate(population.get(part).T)}
pd.DataFrame(columns).to_csv("pymoo-population.csv", index=False)
PYTHON

python pydoe "$new" pyDOE3==1.6.2 pandas <<'PYTHON'
import numpy as np
import pandas as pd
import pyDOE3

np.savetxt("pydoe-ccdesign.csv", pyDOE3.ccdesign(3, center=(2, 2)), delimiter=",", fmt="%.6g")
pd.DataFrame(pyDOE3.fullfact([3, 2, 2])).to_csv("pydoe-fullfact.csv")
pd.DataFrame(pyDOE3.bbdesign(3), columns=["heat", "time", "pressure"]).to_csv("pydoe-bbdesign.csv")
PYTHON

python nimo "$new" nimo==2.1.8 pandas <<'PYTHON'
import itertools
import os

import nimo
import pandas as pd

grid = list(itertools.product([600, 650, 700, 750], [1, 2, 4], [10, 30]))
table = pd.DataFrame(grid, columns=["heat", "hold", "pressure"])
table["strength"] = float("nan")
table.to_csv("nimo-candidates.csv", index=False)
for seed in range(2):
    nimo.selection(method="RE", input_file="nimo-candidates.csv", output_file="proposals.csv", num_objectives=1,
                   num_proposals=4, re_seed=seed)  # fmt: skip
    table = pd.read_csv("nimo-candidates.csv")
    for place in pd.read_csv("proposals.csv").iloc[:, 0].astype(int):
        row = table.loc[place]
        table.loc[place, "strength"] = 50 + row.hold - (row.heat - 690) ** 2 / 500
    table.to_csv("nimo-candidates.csv", index=False)
os.remove("proposals.csv")
PYTHON

# Of Summit only the class of its data sets is run: what the rest needs cannot be built any more.
if [ ! -x "$envs/summit/bin/python" ]; then
    uv venv --quiet --python "${OLDER:-python3.10}" "$envs/summit"
    uv pip install --quiet --python "$envs/summit/bin/python" 'numpy<2' 'pandas<2'
    uv pip install --quiet --python "$envs/summit/bin/python" --no-deps summit==0.8.9
fi
"$envs/summit/bin/python" -W ignore - <<'PYTHON'
import sys
import types
from importlib.metadata import distribution
from pathlib import Path

root = Path(distribution("summit").locate_file("summit"))
for name, folder in {"summit": root, "summit.utils": root / "utils"}.items():
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [str(folder)]
from summit.utils.dataset import DataSet

rows = [
    [30 + 7 * i % 60, 0.25 * (i + 1), ["water", "DMF", "MeCN"][i % 3], 40 + 3.125 * i % 17, "Random" if i < 5 else "TSEMO"]
    for i in range(10)
]
columns = ["temperature", "flow", "solvent", "yield", "strategy"]
DataSet(rows, columns=columns, metadata_columns=["strategy"]).to_csv("summit-dataset.csv")
PYTHON
