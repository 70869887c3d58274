"""Pictures of results; each is built as a figure and written to a file by ``style.save``."""
