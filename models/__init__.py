"""Scientific models by subject: arrays in, arrays out. No files, no database, no campaign."""
