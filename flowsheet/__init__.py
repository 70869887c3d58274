"""Steady-state mass balances of metallurgical flowsheets, made first for antimony."""
