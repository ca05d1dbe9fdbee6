"""Crystal orientations and maps of them: arrays in, arrays out. ``executors.maps`` reads files."""
