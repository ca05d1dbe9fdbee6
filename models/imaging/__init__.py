"""Image stacks of a microstructure: simulated, repaired, segmented, quantified. Files are read
elsewhere."""
