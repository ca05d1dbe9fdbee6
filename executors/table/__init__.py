"""Trials looked up in a table."""
