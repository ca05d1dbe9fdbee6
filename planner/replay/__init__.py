"""Past campaigns planned again."""
