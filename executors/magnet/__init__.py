"""Finite-element simulations of magnets."""
