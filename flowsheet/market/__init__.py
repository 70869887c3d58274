"""Demand, supply and the gap between them."""
