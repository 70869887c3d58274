"""Sieve series, composites and ores at random, for property tests."""

import numpy as np
from hypothesis import strategies as st

from flowsheet.core.particles import Composite, Particles

MINERALS = ("Sb2S3", "FeAsS", "SiO2")
SPECIES = (*MINERALS, "CaCO3", "H2O", "SO2")
"""What flows in these tests; calcite has no size."""


@st.composite
def sieves(draw, most=8):
    """Apertures from coarse to fine, each at least 5 % below the one before."""
    top = draw(st.floats(100.0, 5000.0))
    steps = draw(st.lists(st.floats(1.05, 4.0), max_size=most - 1))
    return [f"{top / ratio!r} um" for ratio in np.cumprod([1.0, *steps]).tolist()]


@st.composite
def composite(draw, name):
    """Two or three minerals in any proportions, with or without a grain size."""
    minerals = draw(st.permutations(MINERALS))[: draw(st.integers(2, 3))]
    weights = draw(st.lists(st.floats(0.02, 1.0), min_size=len(minerals), max_size=len(minerals)))
    shares = {m: w / sum(weights) for m, w in zip(minerals, weights, strict=True)}
    grain = draw(st.none() | st.floats(1.0, 2000.0))
    return Composite(name=name, minerals=shares, grain_size=grain and f"{grain!r} um")


@st.composite
def particles(draw):
    """All minerals in size classes, with up to two composites."""
    names = ["middlings", "binary"][: draw(st.integers(0, 2))]
    return Particles(
        sieves=draw(sieves()),
        minerals=MINERALS,
        composites=[draw(composite(name)) for name in names],
    )


@st.composite
def compositions(draw):
    """Mass fractions of an ore that leave at least a third to the quartz."""
    names = ("Sb2S3", "FeAsS", "CaCO3")
    return {name: draw(st.just(0.0) | st.floats(1e-6, 0.2)) for name in names}


@st.composite
def analyses(draw, series):
    """A sieve analysis on a series: the share that passes each sieve, all of it the first."""
    count = len(series) - 1
    passing = sorted(
        draw(st.lists(st.floats(0.0, 1.0), min_size=count, max_size=count)), reverse=True
    )
    return dict(zip(series, [1.0, *passing], strict=True))
