"""Separation by density and size in a fluid."""
