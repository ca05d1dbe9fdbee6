"""A message in the place of a traceback."""


class Complaint(Exception):
    """A message for the person at the keyboard; the command has changed nothing."""
