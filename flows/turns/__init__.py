"""Turns one after the other, with Prefect at the edge."""
