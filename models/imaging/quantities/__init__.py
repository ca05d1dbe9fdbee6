"""Numbers of a labelled volume, each with the error of the stack as a sample of the material."""
