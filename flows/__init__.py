"""Puts the loop to work: wiring, command line, and later the Prefect flows and the supervisor."""
