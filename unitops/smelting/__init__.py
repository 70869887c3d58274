"""Furnaces: roasting, reduction, precipitation."""
