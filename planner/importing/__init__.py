"""A stranger's table: guessed, checked, reported."""
