"""Gaussian processes, evidence, calibration."""
