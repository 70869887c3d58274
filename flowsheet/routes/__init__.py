"""Routes: cases that are built, solved, drawn, swept and compared."""
