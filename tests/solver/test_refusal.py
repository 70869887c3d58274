"""A steady state that balances but that a unit could not run at is refused, one by one."""

import re

import numpy as np
import pytest

from flowsheet import Flowsheet, InputError, Vary, product, scenarios, solve
from unitops.gas_cleaning.acid_plant import AcidPlant
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

TOO_WEAK = (
    "acid_plant: gas holds 1.29 % SO2 at the converter, below the 3 % that a single contact plant "
    "needs to keep itself hot; use less excess air or leakage in the roaster, enrich with oxygen, "
    "choose wet_gas, or scrub it"
)


def plant(sulphur_dioxide):
    """An acid plant whose tail gas comes back in part, so that it dilutes its own feed."""
    composition = {"O2": "12 %", "SO2": sulphur_dioxide}
    return Flowsheet(
        species=["N2", "O2", "SO2", "H2O", "H2SO4"],
        units={
            "gas": Feed(outlet="gas", flow="100 t/h", composition=composition, remainder="N2"),
            "acid_plant": AcidPlant(
                gas=["gas", "back"],
                air="air",
                water="water",
                acid="acid",
                tail_gas="tail_gas",
                weak_acid="weak_acid",
                contact="single",
            ),
            "splitter": Splitter(
                feed="tail_gas", product="back", remainder="stack", fraction={"others": 0.3}
            ),
        },
    )


def test_strong_gas_is_not_refused():
    assert solve(plant("16 %")).status == "solved"


def test_weak_gas_is_refused_with_what_to_do():
    with pytest.raises(InputError, match=f"^{re.escape(TOO_WEAK)}$"):
        solve(plant("4 %"))


def test_weak_gas_that_meets_a_target_is_refused():
    target = product("acid") == "1 t/h"
    with pytest.raises(
        InputError, match=r"^acid_plant: gas holds .* % SO2 at the converter, below"
    ):
        solve(plant("16 %"), specs=Vary("gas.composition.SO2").until(target))


def test_scenarios_are_refused_one_by_one():
    many = scenarios(plant("16 %"), {"gas.composition.SO2": ["16 %", "4 %", "20 %"]})
    assert many.failed == {1: TOO_WEAK}
    acid = many.values(product("acid"))
    np.testing.assert_array_equal(np.isnan(acid), [False, True, False])
    alone = solve(plant("20 %"))["acid"].mass_flow("t/yr").magnitude
    assert acid[2] == pytest.approx(alone, rel=1e-9)


def test_a_varied_minimum_counts_in_its_scenario():
    many = scenarios(plant("16 %"), {"acid_plant.minimum_strength": ["1 %", "9 %", "3 %"]})
    assert set(many.failed) == {1}
    assert "below the 9 % that" in many.failed[1]
