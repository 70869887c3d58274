"""Separation by size."""
