"""SYNTHETIC laboratories, for examples and tests."""
