"""Superconducting magnets: trapped field, map, homogeneity and decay of coaxial bulks.

``solve.solve`` takes a ``problem.Problem`` (SI units) and gives a ``result.FieldResult``. There are
three tiers: closed forms of uniform current (``analytic``), the critical state with its adjoint
(``critical_state``), and the transient with an E-J power law (``transient``). Only ``forms`` needs
dolfinx; it is imported when a finite-element tier runs.
"""
