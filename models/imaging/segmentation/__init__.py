"""From grey stacks to the probability of each class in each voxel, without and with labels."""
