#!/usr/bin/env bash
# A unit that is defined anew in a Pint registry keeps the dimension and the size it had, where it stands alone; with a
# prefix it has the new ones. Who turns oersted and gauss from Gaussian units into the SI quantities H and B, as tables of
# superconductors need, finds that 1 kOe is 79.6 kA/m, while 1 Oe "cannot be converted" to A/m. No warning of that: what
# Pint worked out when the registry was made (its cache) is not taken back by `define`.
# A way round: an empty registry, `UnitRegistry(None)`, into which the definitions are loaded before anything is worked out.
#
# Seen with pint 0.26.2 on 2026-11-27.
# Exits 0 while that is so, and 1 when it has changed. Needs uv and Python 3.12; takes some seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv --quiet --python "${PYTHON:-python3.12}" "$folder/env"
uv pip install --quiet --python "$folder/env/bin/python" pint==0.26.2
"$folder/env/bin/python" - <<'PYTHON'
import logging
import sys
from importlib.metadata import version
from pathlib import Path

import pint

logging.disable(logging.CRITICAL)
OERSTED = "oersted = 1e3 / (4 * pi) ampere / meter = Oe"


def in_amperes_per_metre(registry, unit):
    try:
        return round(float(registry.Quantity(1, unit).to("A/m").magnitude), 3)
    except pint.DimensionalityError:
        return "cannot be converted"


usual = pint.UnitRegistry(cache_folder=None)
usual.define(OERSTED)
empty = pint.UnitRegistry(None)
empty.load_definitions(Path(pint.__file__).parent / "default_en.txt", is_resource=True)
empty.load_definitions([OERSTED])
found = {
    name: [in_amperes_per_metre(registry, unit) for unit in ("Oe", "kOe")]
    for name, registry in (("defined anew", usual), ("defined before", empty))
}
print("pint", version("pint"))
for name, values in found.items():
    print(f"{name}: 1 Oe in A/m: {values[0]}; 1 kOe in A/m: {values[1]}")
sys.exit(
    int(
        found
        != {"defined anew": ["cannot be converted", 79577.472], "defined before": [79.577, 79577.472]}
    )
)
PYTHON
