"""Who carries out a job: a person, a folder, past data, a virtual laboratory, a computation."""
