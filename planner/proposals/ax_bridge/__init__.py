"""The only package that imports Ax and BoTorch: a record in, proposals out. Nothing is kept between
calls.

Ax sees columns of numbers (``planner.space.columns``) under names of its own, so that no name of a
laboratory can be misread. ``told`` is what it is told: what is ``wanted``, as an ``experiment``;
``acquisition`` is how it values points, and ``search`` how the next are found. Settings and what
they were chosen by: docs/decisions/0004.
"""

from planner.proposals.ax_bridge.search import propose_by_model

__all__ = ["propose_by_model"]
