"""Cards and forms."""
