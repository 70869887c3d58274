"""Models of unit operations, one operation per file."""
