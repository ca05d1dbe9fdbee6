"""The kinds of hypothesis, one file each: what its claims say, how they are weighed, checked,
drawn, asked for and reversed. ``planner.campaign.hypothesis`` says which kinds there are."""
