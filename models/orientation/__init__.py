"""Crystal orientations and maps of them: arrays in, arrays out. Files are read elsewhere."""
