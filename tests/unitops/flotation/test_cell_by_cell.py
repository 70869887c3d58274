import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet import Composite, Flowsheet, InputError, Particles, solve
from unitops.flotation.cell_by_cell import cell_by_cell
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.feed import Feed
from unitops.streams.sized_feed import SizedFeed

SPECIES = ["Sb2S3", "Au", "SiO2", "H2O"]


def plant(**changes):
    """A rougher with a recycle from a cleaner."""
    shared = {"rate_constant": {"Sb2S3": "0.6 1/min", "Au": "0.3 1/min", "others": "0.01 1/min"}}
    timed = {} if "cell_volume" in changes else {"residence_time": "2 min"}
    return Flowsheet(
        SPECIES,
        {
            "ore": Feed(
                outlet="ore",
                flow="100 t/h",
                composition={"Sb2S3": 0.05, "Au": 4e-6},
                remainder="SiO2",
                percent_solids="33 %",
            ),
            "rougher": FlotationBank(
                feed=["ore", "cleaner_tailings"],
                concentrate="rougher_concentrate",
                tailings="tailings",
                cells=6,
                entrainment={"SiO2": 0.3, "others": 0.0},
                **{"water_recovery": "20 %", **timed, **shared, **changes},
            ),
            "cleaner": FlotationBank(
                feed="rougher_concentrate",
                concentrate="concentrate",
                tailings="cleaner_tailings",
                cells=3,
                residence_time="2 min",
                water_recovery="30 %",
                **shared,
            ),
        },
    )


WATER = [
    {},
    {"entrainment_form": "cell_by_cell"},
    {"water_recovery": 0.0, "water_recovery_per_cell": "4 %"},
    {
        "water_recovery": 0.0,
        "water_recovery_per_cell": "4 %",
        "entrainment_form": "cell_by_cell",
    },
    {"water_recovery": 1.0},
]
KINETICS = [
    {},
    {"kinetics": "klimpel"},
    {"kinetics": "gamma", "gamma_shape": 1.2},
    {"kinetics": "kelsall", "slow_fraction": 0.2, "slow_rate_constant": "0.01 1/min"},
]


@pytest.mark.parametrize("kinetics", KINETICS)
@pytest.mark.parametrize("water", WATER)
@pytest.mark.parametrize("mode", [{}, {"cell_volume": "25 m^3"}])
def test_the_last_cell_is_the_bank(kinetics, water, mode):
    solution = solve(plant(**kinetics, **water, **mode))
    found = cell_by_cell(solution, "rougher")
    made = solution.flows["rougher_concentrate"]
    np.testing.assert_allclose(found.concentrates[-1].mass, made, rtol=1e-12)
    fed = solution.flows["ore"] + solution.flows["cleaner_tailings"]
    np.testing.assert_allclose(found.feed.mass, fed, rtol=1e-12)
    assert len(found.concentrates) == 6


@settings(max_examples=25, deadline=None)
@given(kinetics=st.sampled_from(KINETICS), water=st.sampled_from(WATER))
def test_every_cell_adds(kinetics, water):
    found = cell_by_cell(solve(plant(**kinetics, **water)), "rougher")
    amounts = np.array([flow.mass[:, 0] for flow in found.concentrates])
    assert np.all(np.diff(amounts, axis=0) >= -1e-14 * amounts[-1])
    assert np.all(np.diff(found.recovery("Sb")) > 0.0)


def test_three_cells_by_hand():
    # k tau = 1: a half, three quarters, seven eighths; gangue not at all
    units = {
        "ore": Feed(outlet="ore", flow="9 t/h", composition={"Sb2S3": 0.1, "SiO2": 0.9}),
        "bank": FlotationBank(
            feed="ore",
            concentrate="concentrate",
            tailings="tailings",
            cells=3,
            residence_time="2 min",
            rate_constant={"Sb2S3": "0.5 1/min", "SiO2": "0 1/min"},
        ),
    }
    found = cell_by_cell(solve(Flowsheet(["Sb2S3", "SiO2"], units)), "bank")
    np.testing.assert_allclose(found.recovery("Sb"), [50.0, 75.0, 87.5], rtol=1e-12)
    np.testing.assert_allclose(found.mass_pull, [5.0, 7.5, 8.75], rtol=1e-12)
    np.testing.assert_allclose(found.grade("Sb2S3"), 100.0, rtol=1e-12)
    np.testing.assert_allclose(found.time, [2.0, 4.0, 6.0], rtol=1e-12)
    assert found.residence_time == 120.0


def test_grades_fall_along_the_bank():
    found = cell_by_cell(solve(plant()), "rougher")
    assert np.all(np.diff(found.grade("Sb")) < 0.0)
    assert np.all(found.cell_grade("Sb")[1:] < found.grade("Sb")[1:])
    assert found.cell_grade("Sb")[0] == found.grade("Sb")[0]


def test_gold_is_all_gold_and_minerals_are_told_apart():
    found = cell_by_cell(solve(plant()), "rougher")
    slow, fast = found.recovery("Au"), found.recovery("Sb")
    assert np.all(slow < fast)
    np.testing.assert_allclose(found.recovery("Sb2S3"), fast, rtol=1e-12)


def test_locked_minerals_count_with_the_free():
    middlings = Composite(name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"})
    among = Particles(
        sieves=["150 um", "75 um"], minerals=["Sb2S3", "SiO2"], composites=[middlings]
    )
    units = {
        "ore": SizedFeed(
            outlet="ore",
            flow="9 t/h",
            composition={"Sb2S3": 0.1},
            remainder="SiO2",
            p80="75 um",
            locked={"middlings": "40 %"},
        ),
        "bank": FlotationBank(
            feed="ore",
            concentrate="concentrate",
            tailings="tailings",
            cells=1,
            residence_time="2 min",
            rate_constant={"Sb2S3": "0.5 1/min", "others": "0 1/min"},
        ),
    }
    solution = solve(Flowsheet(["Sb2S3", "SiO2"], units, particles=among))
    found = cell_by_cell(solution, "bank")
    assert found.recovery("Sb2S3")[0] == pytest.approx(30.0)
    assert found.recovery("middlings")[0] == 0.0


def test_as_a_table():
    found = cell_by_cell(solve(plant()), "rougher")
    rows = found.rows()
    assert [row["cell"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert list(rows[0]) == [
        "cell",
        "time min",
        "mass pull %",
        *(f"{name} {what}" for name in ("Au", "S", "Sb", "Si")
          for what in ("recovery %", "grade %", "grade of cell %")),
    ]  # fmt: skip
    assert list(found.rows("Sb2S3")[0])[3:] == [
        "Sb2S3 recovery %",
        "Sb2S3 grade %",
        "Sb2S3 grade of cell %",
    ]
    lines = str(found).splitlines()
    assert len(lines) == 7
    assert len({len(line) for line in lines}) == 1
    assert repr(found) == "<CellByCell: rougher, 6 cells>"


def test_nothing_floated_has_no_grade():
    found = cell_by_cell(solve(plant(rate_constant="0 1/min", entrainment_form="over_bank",
                                     water_recovery=0.0)), "rougher")  # fmt: skip
    assert np.isnan(found.grade("Sb")).all()
    assert np.all(found.mass_pull == 0.0)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("roughr", "there is no unit 'roughr'; did you mean 'rougher'?"),
        ("ore", "'ore' is a Feed, which has no cells to tell apart"),
    ],
)
def test_units_without_cells_are_refused(name, message):
    with pytest.raises(InputError, match=re.escape(message)):
        cell_by_cell(solve(plant()), name)


def test_unknown_elements_are_refused():
    found = cell_by_cell(solve(plant()), "rougher")
    with pytest.raises(InputError, match="no element or species 'Sb2S'"):
        found.recovery("Sb2S")


def test_what_the_feed_lacks_has_no_recovery():
    units = {
        "ore": Feed(outlet="ore", flow="9 t/h", composition={"SiO2": 1.0}),
        "bank": FlotationBank(
            feed="ore",
            concentrate="concentrate",
            tailings="tailings",
            cells=1,
            residence_time="2 min",
            rate_constant="1 1/min",
        ),
    }
    found = cell_by_cell(solve(Flowsheet(["Sb2S3", "SiO2"], units)), "bank")
    with pytest.raises(InputError, match="the feed of 'bank' brings no Sb to recover"):
        found.recovery("Sb")
