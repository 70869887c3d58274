"""Exit statuses of the program."""

NOT_SOLVED = 1
BAD_INPUT = 2
INTERRUPTED = 130
