"""A table with its mapping: a past campaign."""
