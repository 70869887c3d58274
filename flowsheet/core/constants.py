"""Physical constants and conventions that several models share."""

GAS_CONSTANT = 8.31446261815324
"""J/(mol K), exact since 2019 (CODATA 2018)."""
MOLES_PER_NORMAL_CUBIC_METRE = 44.615
"""mol of ideal gas in 1 m3 at 0 degC and 101.325 kPa: 22.414 m3/kmol."""
OXYGEN_IN_AIR = 0.2095
"""Mole fraction of O2 in dry air; the rest is counted as nitrogen."""
