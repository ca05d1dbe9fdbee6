"""What an instrument did to a stack is taken back, step by step; each step is recorded with its
parameters and its numbers for every slice, and can be left out again: the raw stack is kept."""
