"""The network of grains: boundaries, features, and the current that it carries."""
