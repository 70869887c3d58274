import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet import Composite, Flowsheet, Particles, Species, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from tests.unitops.gravity.sized_ore import SHARES, SIZES, one_of_each, ore, told
from tests.unitops.properties import (
    check_classes_close,
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.gravity.hand_sorting import HandSorting
from unitops.streams.sized_feed import SizedFeed

SPECIES = ["Sb2S3", "SiO2", "CaCO3", "H2O", "O2"]
SIEVES = ["200 mm", "100 mm", "50 mm", "10 mm"]
PARTICLES = Particles(
    sieves=SIEVES,
    minerals=["Sb2S3", "SiO2"],
    composites=[
        Composite(name="massive", minerals={"Sb2S3": "50 %", "SiO2": "50 %"}),
        Composite(name="disseminated", minerals={"Sb2S3": "2 %", "SiO2": "98 %"}),
    ],
)
SLATE = Slate(SPECIES, PARTICLES)
ROWS = SLATE.count
PORTS = {"feed": "ore", "sorted": "s", "rejects": "r", "fines": "f"}
BY_CONTENT = {"element": "Sb", "cut_content": "10 %", "content_spread": "2 %"}


def sorting(**given_parameters):
    chosen = {"recovery": {"massive": "90 %", "others": "20 %"}, **given_parameters}
    if "cut_content" in chosen:
        del chosen["recovery"]
    return HandSorting(**PORTS, **chosen)


def shares(unit, outlet, slate=SLATE):
    made = run(unit, slate, {"feed": one_of_each(slate)})[outlet]
    return Flow(slate, made)


@settings(deadline=None)
@given(
    mass=random_masses(ROWS, columns=2),
    size=SIZES,
    share=SHARES,
    fines=SHARES,
    spread=st.floats(1e-6, 1.0),
    shorts=st.tuples(SHARES, SHARES),
)
def test_any_feed_closes(*, mass, size, share, fines, spread, shorts):
    by_hand = sorting(
        minimum_size=size, recovery={"massive": share, "others": 0.1}, unsized_fines=fines
    )
    by_sensor = sorting(
        method="sensor",
        element="Sb",
        cut_content=share,
        content_spread=spread,
        mispicked=shorts[0],
        missed=(1.0 - shorts[0]) * shorts[1],
    )
    for unit in (by_hand, by_sensor):
        check_unit(unit, SPECIES, {"feed": mass}, PARTICLES)
        check_classes_close(unit, SPECIES, {"feed": mass}, PARTICLES)


@pytest.mark.parametrize("unit", [sorting(), sorting(**BY_CONTENT, method="sensor")])
def test_zero_feed_gives_zero(unit):
    check_zero_feed(unit, SPECIES, PARTICLES)


@pytest.mark.parametrize("unit", [sorting(), sorting(**BY_CONTENT)])
def test_derivative(unit):
    check_derivative(unit, SPECIES, {"feed": np.linspace(0.1, 3.0, ROWS)[:, None]}, PARTICLES)


def test_derivative_with_respect_to_the_smallest_lump():
    unit = sorting(minimum_size="75 mm")
    p, feed = unit.resolve(SLATE), Flow(SLATE, one_of_each(SLATE))

    def fines(size):
        return unit.run(feed=feed, p=p.replaced({"minimum_size": size}))["fines"].mass

    difference = (fines(0.0751) - fines(0.0749)) / 2e-4
    np.testing.assert_allclose(fines(0.075 + 1e-30j).imag / 1e-30, difference, atol=1e-9)
    assert difference.max() == pytest.approx(20.0)  # one class of 50 mm


@pytest.mark.parametrize(
    ("size", "fines"),
    [
        ("300 mm", [1.0, 1.0, 1.0, 1.0]),
        ("100 mm", [0.0, 1.0, 1.0, 1.0]),
        ("75 mm", [0.0, 0.5, 1.0, 1.0]),
        ("20 mm", [0.0, 0.0, 0.25, 1.0]),
        ("1 mm", [0.0, 0.0, 0.0, 0.1]),
    ],
)
def test_what_is_smaller_than_the_smallest_lump_is_fines(size, fines):
    found = shares(sorting(minimum_size=size), "fines").sized[:, :, 0]
    np.testing.assert_allclose(found, np.array(fines) * np.ones((4, 1)), atol=1e-12)


def test_given_recoveries_are_those_of_lumps():
    found = shares(sorting(minimum_size="75 mm"), "sorted")
    np.testing.assert_allclose(found.mass[list(SLATE.rows_of("massive")), 0], [0.9, 0.45, 0.0, 0.0])
    np.testing.assert_allclose(found.sized[1, :, 0], [0.2, 0.1, 0.0, 0.0])


def test_lumps_are_picked_by_content():
    # 10 % Sb of which half is picked, and 2 % either way for a quarter and three quarters.
    slate = Slate(
        [Species("rich", formula="Sb"), Species("lean", formula="Si")],
        Particles(
            sieves=["100 mm"],
            minerals=["rich", "lean"],
            composites=[
                Composite(
                    name=f"{share} %", minerals={"rich": f"{share} %", "lean": f"{100 - share} %"}
                )
                for share in (8, 10, 12)
            ],
        ),
    )
    unit = sorting(**BY_CONTENT, minimum_size="1 nm")
    found = shares(unit, "sorted", slate).sized[:, 0, 0]
    np.testing.assert_allclose(found[2:], [0.25, 0.5, 0.75], rtol=1e-6)
    assert found[0] == pytest.approx(1.0)
    assert found[1] < 0.01
    missed = sorting(**BY_CONTENT, minimum_size="1 nm", mispicked="10 %", missed="20 %")
    found = shares(missed, "sorted", slate).sized[:, 0, 0]
    np.testing.assert_allclose(found[[0, 3]], [0.8, 0.45], rtol=1e-6)


@given(cut=SHARES, spread=st.floats(1e-6, 1.0), shorts=st.tuples(SHARES, SHARES))
def test_richer_lumps_are_never_picked_less(cut, spread, shorts):
    unit = sorting(
        element="Sb",
        cut_content=cut,
        content_spread=spread,
        mispicked=shorts[0],
        missed=(1.0 - shorts[0]) * shorts[1],
        minimum_size="1 nm",
    )
    found = shares(unit, "sorted").sized[:, 0, 0]
    rock, disseminated, massive, stibnite = found[1], found[3], found[2], found[0]
    assert rock <= disseminated <= massive <= stibnite


def test_without_sizes_all_is_lumps_but_a_given_share():
    slate = Slate(["Sb2S3", "SiO2", "H2O"])
    unit = sorting(
        recovery={"Sb2S3": "80 %", "others": "25 %"},
        unsized_fines={"Sb2S3": "60 %", "SiO2": "50 %"},
    )
    made = run(unit, slate, {"feed": np.array([[10.0], [100.0], [7.0]])})
    np.testing.assert_allclose(made["sorted"][:, 0], [3.2, 12.5, 0.0])
    np.testing.assert_allclose(made["rejects"][:, 0], [0.8, 37.5, 0.0])
    np.testing.assert_allclose(made["fines"][:, 0], [6.0, 50.0, 7.0])


def test_water_and_gas_leave_with_the_fines():
    found = shares(sorting(unsized_fines=0.0), "fines").mass[:, 0]
    assert found[SLATE.row("H2O")] == found[SLATE.row("O2")] == 1.0


def test_hand_sorting_of_xikuangshan_ore_fitted():
    # Run of mine of about 2.7 % Sb, hand-sorted to lumps of 7 to 8 % (Chinese handbooks, quoted
    # from memory: low trust). Fitted: 30 % of the stibnite in massive lumps of 14 % Sb.
    plant = Flowsheet(
        species=["Sb2S3", "SiO2"],
        particles=Particles(
            sieves=["300 mm", "150 mm", "75 mm", "40 mm", "20 mm", "5 mm"],
            minerals=["Sb2S3", "SiO2"],
            composites=[
                Composite(name="massive", minerals={"Sb2S3": "20 %", "SiO2": "80 %"}),
                Composite(name="disseminated", minerals={"Sb2S3": "3 %", "SiO2": "97 %"}),
            ],
        ),
        units={
            "mine": SizedFeed(
                outlet="run_of_mine",
                flow="40 t/h",
                composition={"Sb2S3": "3.766 %"},
                remainder="SiO2",
                p80="150 mm",
                locked={"massive": "40 %", "disseminated": "60 %"},
            ),
            "sorting": sorting(
                element="Sb", cut_content="5 %", content_spread="1.5 %", missed="10 %"
            ).model_copy(update={"feed": ("run_of_mine",)}),
        },
    )
    solution = solve(plant)
    assert solution["run_of_mine"].grade("Sb").magnitude == pytest.approx(2.7, abs=0.01)
    assert 7.0 < solution["s"].grade("Sb").magnitude < 8.0
    assert solution["r"].grade("Sb").magnitude < 2.7


FEED = ore(SLATE, [0.3, 0.3, 0.2, 0.2], {"massive": 1.0, "SiO2": 9.0}, water=0.5)
"""10 kg/s of solids, 36 t/h, of which 6 kg/s are lumps above 50 mm."""


def test_figures():
    figures, warned = told(sorting(minimum_size="50 mm"), SLATE, FEED)
    assert warned == []
    np.testing.assert_allclose(figures["lumps in the feed"][0], 0.6)
    np.testing.assert_allclose(figures["lumps picked"][0], (0.9 * 0.6 + 0.2 * 5.4) / 6.0)
    # 5.832 t/h picked; a person picks 2 t in 8 h.
    np.testing.assert_allclose(figures["persons picking at a time"][0], 5.832 / 0.25)
    figures, _ = told(sorting(minimum_size="50 mm", method="sensor"), SLATE, FEED)
    assert figures["sorters needed"][0] == 1.0
    assert "persons picking at a time" not in figures


def test_zero_feed_has_figures_and_no_warnings():
    figures, warned = told(sorting(), SLATE, np.zeros_like(FEED))
    assert figures["lumps picked"][0] == 0.0
    assert warned == []


@pytest.mark.parametrize(
    ("parameters", "feed", "message"),
    [
        (
            {"minimum_size": "15 mm"},
            FEED,
            "minimum_size of 15 mm; sorting by hand takes lumps above about 25 mm",
        ),
        (
            {"minimum_size": "5 mm", "method": "sensor"},
            FEED,
            "minimum_size of 5 mm; sorting by sensor takes lumps above about 8 mm",
        ),
        (
            {},
            ore(SLATE, [0.0, 0.0, 0.0, 1.0], {"SiO2": 1.0}, water=0.0),
            "100% of the solids are fines, which bypass the sorting; sort before crushing, or "
            "lower minimum_size",
        ),
    ],
)
def test_warnings(parameters, feed, message):
    assert told(sorting(**parameters), SLATE, feed)[1] == [message]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "give either recovery or cut_content (with element), and not both"),
        ({"recovery": 0.5, "cut_content": 0.1, "element": "Sb"}, "give either recovery or"),
        ({"recovery": 0.5, "element": "Sb"}, "element and cut_content go together; give both or"),
        ({"cut_content": "5 %"}, "element and cut_content go together; give both or neither"),
        (
            {"recovery": 0.5, "missed": 0.1},
            "mispicked and missed belong to cut_content; leave them out, recovery says it all",
        ),
        ({**BY_CONTENT, "content_spread": 0.0}, "content_spread of 0 is no spread; give a small"),
        (
            {**BY_CONTENT, "mispicked": 0.6, "missed": 0.6},
            "mispicked and missed are more than 100 % together; give less",
        ),
        ({"recovery": 0.5, "picked_per_person": "0 t/h"}, "picked_per_person of 0 sorts nothing"),
        ({"recovery": 0.5, "capacity_per_sorter": "0 t/h"}, "capacity_per_sorter of 0 sorts"),
    ],
)
def test_senseless_settings_are_refused(parameters, message):
    with pytest.raises(InputError) as error:
        HandSorting(**PORTS, **parameters)
    assert message in str(error.value)


def test_an_element_that_is_not_there_is_refused():
    unit = sorting(**{**BY_CONTENT, "element": "Au"})
    with pytest.raises(
        InputError, match="element: there is no 'Au' in this flowsheet; name one of"
    ):
        run(unit, SLATE, {"feed": FEED})
