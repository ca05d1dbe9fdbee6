"""Files of other planners, of programs for designs, of notebooks and instruments: each is taken at
its word, or refused by its name with the way out."""
