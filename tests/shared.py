"""Where real data sets lie that are no part of the project; tests that need them skip without."""

import os
from pathlib import Path

SHARED = Path(os.environ.get("KYOSO_SHARED") or Path(__file__).parents[1].parent / "shared")
CAMPAIGNS = SHARED / "campaigns"
SETS = sorted(path.parent.name for path in CAMPAIGNS.glob("*/mapping.yaml"))
