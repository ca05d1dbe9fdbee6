"""Tables, charts and words. Pure: no widgets, no store."""
