"""What people write, checked: campaigns with their parameters, outcomes, stages and hypotheses."""
