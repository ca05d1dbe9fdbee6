"""SYNTHETIC processes."""
