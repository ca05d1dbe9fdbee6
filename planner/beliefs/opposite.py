"""The reverse of a claim: what a replay sets beside it, to see what a wrong one would have cost."""

import numpy as np

from planner.campaign.campaign import Campaign
from planner.campaign.cube import Cube
from planner.campaign.hypotheses.claim import Claim


def opposite(campaign: Campaign, claim: Claim) -> Claim:
    """The same claim of the opposite: half of every range away, or of the other sign.

    Its points may break constraints, so put it into a campaign with ``holding``. A claim that has
    no opposite, such as a hard avoid, stays as it is.
    """
    cube = Cube(campaign.parameters, campaign.outcomes, np.zeros(0))
    if not (changed := claim.reversal(cube)):
        return claim
    return claim.model_copy(update={**changed, "name": f"reverse of: {claim.title}"})
