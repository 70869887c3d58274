"""Leaching: antimony into solution."""
