"""Steady states: passes through the units, Newton on torn inlets, and what to say on failure."""
