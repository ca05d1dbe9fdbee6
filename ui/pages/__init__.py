"""Pages of the panel, one file each."""
