"""Work of people: tasks by hand, files in a folder."""
