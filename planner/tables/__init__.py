"""Files as plain tables."""
