"""What learns from results."""
