"""The server: a supervisor and its child processes."""
