"""What claims are worth: evidence, credence, vetoes, and how they merge with data."""
