"""Orientation maps and the grain networks in them."""
