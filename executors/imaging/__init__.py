"""Image stacks: files, pictures, and the stage of a campaign."""
