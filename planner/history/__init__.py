"""Past campaigns: a table and the mapping of its columns, read as a history and as a pool."""
