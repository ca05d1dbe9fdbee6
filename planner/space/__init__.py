"""A campaign and its record as numbers."""
