"""Parting solids from water, and adding it."""
