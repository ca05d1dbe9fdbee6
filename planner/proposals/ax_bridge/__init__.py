"""The only package that imports Ax and BoTorch: a record in, proposals out. Nothing is kept between
calls.

Ax sees columns of numbers (``planner.space.columns``) under names of its own, so that no name of a
laboratory can be misread. ``told`` is what it is told: what is ``wanted``, as an ``experiment``;
``acquisition`` is how it values points, and ``search`` how the next are found, by an ``optimiser``.
``upstream`` is what BoTorch cannot be told. Settings and what they were chosen by:
docs/decisions/0004.
"""

import logging
import warnings

# Ax says at import that it has an SQL storage, which is not used.
logging.getLogger("ax.storage.sqa_store.with_db_settings_base").addFilter(
    lambda record: record.levelno > logging.INFO
)
with warnings.catch_warnings():  # linear_operator 0.6.1 still calls it
    warnings.filterwarnings("ignore", ".torch.jit.script. is deprecated", FutureWarning)
    from planner.proposals.ax_bridge.search import propose_by_model

__all__ = ["propose_by_model"]
