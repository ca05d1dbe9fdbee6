#!/usr/bin/env bash
# Units as tables of materials write them are read by Pint as something else, without a warning: `at%` (atomic percent) is a
# pressure, `mol%` an amount of substance, `mass%` an angle, `pct` a mass, `Gs` (gauss) a time, `Min` a length,
# `W/mK` is a power per millikelvin and no thermal conductivity.
#
# Seen with pint 0.26.2 on 2026-11-27.
# Exits 0 while that is so, and 1 when it has changed. Needs uv and Python 3.12; takes some seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv --quiet --python "${PYTHON:-python3.12}" "$folder/env"
uv pip install --quiet --python "$folder/env/bin/python" pint==0.26.2
"$folder/env/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import pint

SEEN = {
    "at%": "percent * technical_atmosphere",
    "mol%": "mole * percent",
    "mass%": "milliarcsecond * percent",
    "pct": "picocarat",
    "Gs": "gigasecond",
    "Min": "megainch",
    "W/mK": "watt / millikelvin",
}
registry = pint.UnitRegistry(cache_folder=None)
found = {unit: str(registry.parse_units(unit)) for unit in SEEN}
print("pint", version("pint"))
for unit, meaning in found.items():
    print(f"{unit:6} {meaning:32} {registry.parse_units(unit).dimensionality}")
sys.exit(int(found != SEEN))
PYTHON
