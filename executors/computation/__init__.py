"""Functions that compute, in a pool of processes."""
