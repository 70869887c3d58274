"""Hydrocyclone: split a pulp by size and density, with a given cut or with Plitt's model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Array, Flow
from flowsheet.core.parameters import (
    Count,
    Density,
    Fraction,
    Length,
    ParticleSize,
    PositiveRatio,
    Ratio,
    default,
)
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Figure, Flows, Outlets, Parameters, ParticleUse, UnitOp
from unitops.classification.classified import classified_figures, solids_by_volume
from unitops.classification.cut_sizes import cut_sizes, excess_densities
from unitops.classification.efficiency import lynch_rao, rosin_rammler, whiten_beta
from unitops.classification.plitt import (
    CycloneBody,
    plitt_cut_size,
    plitt_pressure,
    plitt_sharpness,
    plitt_split,
)
from unitops.classification.unsized_solids import lost_sizes, with_the_water
