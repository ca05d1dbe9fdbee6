"""SYNTHETIC stacks of a focused ion beam microscope, with the truth they were drawn from."""
