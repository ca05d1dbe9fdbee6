"""Micrographs: drawn, segmented, measured."""
