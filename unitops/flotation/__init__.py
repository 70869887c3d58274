"""Separation by what sticks to bubbles."""
