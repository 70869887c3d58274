import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species
from tests.unitops.properties import (
    check_classes_close,
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.gravity.dense_medium_separator import DenseMediumSeparator

SPECIES = ["Sb2S3", "FeS2", "SiO2", "H2O", "Sb(aq)", "O2"]
SIEVES = ["32 mm", "8 mm", "2 mm", "0.5 mm"]
PARTICLES = Particles(
    sieves=SIEVES,
    minerals=["Sb2S3", "SiO2"],
    composites=[Composite(name="middlings", minerals={"Sb2S3": 0.3, "SiO2": 0.7})],
)
ROWS = Slate(SPECIES, PARTICLES).count


def separator(**given_parameters):
    return DenseMediumSeparator(
        **{
            "feed": "ore",
            "sinks": "heavies",
            "floats": "lights",
            "cut_density": "2.75 t/m^3",
            "ecart_probable": "0.03 t/m^3",
            "water_to_sinks": "10 %",
            **given_parameters,
        }
    )


def classes(densities):
    return Slate(
        [
            Species(f"class {number}", formula="SiO2", density=f"{density} t/m^3")
            for number, density in enumerate(densities, start=1)
        ]
    )


def to_sinks(unit, slate, mass=None):
    feed = np.ones((slate.count, 1)) if mass is None else mass
    return (run(unit, slate, {"feed": feed})["sinks"] / feed)[:, 0]


def told(unit, slate, mass):
    p = unit.resolve(slate)
    feed = Flow(slate, mass)
    flows = {"feed": feed, **unit.run(feed=feed, p=p)}
    figures = {figure.label: (figure.value, figure.unit) for figure in unit.figures(flows, p)}
    return figures, list(unit.warnings(flows, p))


@given(
    mass=random_masses(6),
    cut=st.floats(1.0, 1e5),
    spread=st.floats(1e-6, 1e9),
    shorts=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
    water=st.floats(0.0, 1.0),
)
def test_any_feed_closes(mass, cut, spread, shorts, water):
    to_heavies = shorts[0]
    to_lights = (1.0 - to_heavies) * shorts[1]
    unit = separator(
        cut_density=f"{cut} kg/m^3",
        ecart_probable=f"{spread} kg/m^3",
        short_circuit_to_sinks=to_heavies,
        short_circuit_to_floats=to_lights,
        water_to_sinks=water,
    )
    check_unit(unit, SPECIES, {"feed": mass})


@given(
    mass=random_masses(ROWS),
    cut=st.floats(1.0, 1e5),
    spread=st.floats(1e-6, 1e9),
    sizes=st.tuples(st.floats(0.0, 3.0), st.floats(1e-4, 1.0)),
    pivot=st.floats(1e-6, 1.0 - 1e-6),
)
def test_any_feed_of_particles_closes(mass, cut, spread, sizes, pivot):
    unit = separator(
        cut_density=f"{cut} kg/m^3",
        ecart_probable=f"{spread} kg/m^3",
        size_exponent=sizes[0],
        reference_size=f"{sizes[1]} m",
        pivot_partition=pivot,
    )
    check_unit(unit, SPECIES, {"feed": mass}, PARTICLES)
    check_classes_close(unit, SPECIES, {"feed": mass}, PARTICLES)


def test_zero_feed_gives_zero():
    check_zero_feed(separator(), SPECIES)
    check_zero_feed(separator(device="cyclone", pivot_partition=0.3), SPECIES, PARTICLES)


def test_zero_feed_of_a_species_without_density_gives_zero():
    check_zero_feed(separator(), ["CaO", "SiO2"])


@pytest.mark.parametrize("spread", ["0.001 kg/m^3", "30 kg/m^3", "3 t/m^3"])
def test_derivative(spread):
    unit = separator(ecart_probable=spread, short_circuit_to_sinks=0.02)
    feed = np.array([[1.0], [2.0], [3.0], [4.0], [0.1], [0.2]])
    check_derivative(unit, SPECIES, {"feed": feed})


def test_derivative_of_particles():
    unit = separator(device="cyclone", pivot_partition=0.3)
    feed = np.linspace(1.0, 3.0, ROWS)[:, None]
    check_derivative(unit, SPECIES, {"feed": feed}, PARTICLES)


def test_derivative_with_respect_to_the_cut():
    slate, unit = Slate(["Sb2S3", "SiO2"]), separator(ecart_probable="0.5 t/m^3")
    p, feed = unit.resolve(slate), Flow(Slate(["Sb2S3", "SiO2"]), np.array([[1.0], [1.0]]))

    def sinks(cut):
        return unit.run(feed=feed, p=p.replaced({"cut_density": cut}))["sinks"].mass

    difference = (sinks(2750.1) - sinks(2749.9)) / 0.2
    np.testing.assert_allclose(sinks(2750.0 + 1e-30j).imag / 1e-30, difference, rtol=1e-6)
    assert np.all(difference < 0.0)


def test_partition_curve_of_a_dense_medium_cyclone():
    slate = classes([2.5, 2.65, 2.7, 2.74, 2.75, 2.76, 2.8, 2.9, 3.2])
    expected = [
        0.00010566803966224588,
        0.02503709345650352,
        0.1381167497096086,
        0.40945856318612583,
        0.5,
        0.5905414368138742,
        0.8618832502903914,
        0.9959016393442622,
        0.9999999303082856,
    ]
    np.testing.assert_allclose(to_sinks(separator(), slate), expected, rtol=1e-8)
    quarters = to_sinks(separator(), classes([2.72, 2.78]))
    np.testing.assert_allclose(quarters, [0.25, 0.75], rtol=1e-10)
    figures, _ = told(separator(), slate, np.ones((9, 1)))
    assert figures["imperfection"][0][0] == pytest.approx(0.017142857142857144, rel=1e-8)


def test_partition_curve_of_a_sharper_bath():
    # Hand values to six digits at a cut of 2.85 and an Ep of 0.05 t/m3.
    unit = separator(cut_density="2.85 t/m^3", ecart_probable="0.05 t/m^3")
    slate = classes([2.65, 2.8, 2.85, 2.9, 3.2])
    np.testing.assert_allclose(
        to_sinks(unit, slate), [0.012195, 0.25, 0.5, 0.75, 0.999543], atol=5e-7
    )


WASHABILITY_MASS = np.array([40.0, 25.0, 8.0, 5.0, 6.0, 16.0])
WASHABILITY_ASH = np.array([4.0, 9.0, 18.0, 28.0, 42.0, 78.0])
WASHABILITY_DENSITY = [1.27, 1.35, 1.45, 1.55, 1.7, 2.2]


def washed(spread):
    unit = separator(cut_density="1.5 t/m^3", ecart_probable=spread)
    made = run(unit, classes(WASHABILITY_DENSITY), {"feed": WASHABILITY_MASS[:, None]})
    return made["floats"][:, 0], made["sinks"][:, 0]


def ash(mass):
    return float(mass @ WASHABILITY_ASH / mass.sum())


def test_coal_through_a_dense_medium_bath():
    floats, sinks = washed("0.04 t/m^3")
    assert ash(floats + sinks) == pytest.approx(21.69, rel=1e-7)
    assert floats.sum() == pytest.approx(71.9465280258188, rel=1e-7)
    assert ash(floats) == pytest.approx(7.3017947265464525, rel=1e-7)
    assert ash(sinks) == pytest.approx(58.5902957958459, rel=1e-7)
    expected = [
        0.9981979391392539,
        0.9840119438550312,
        0.7979072094689399,
        0.20209279053106,
        0.004098360655737765,
        4.4707257895737484e-09,
    ]
    np.testing.assert_allclose(floats / WASHABILITY_MASS, expected, rtol=1e-7)


def test_organic_efficiency_of_the_bath():
    """Yield over the yield that the washability curve has at the ash of the product."""
    floats, _ = washed("0.04 t/m^3")
    yields = np.concatenate([[0.0], np.cumsum(WASHABILITY_MASS)])
    ash_units = np.concatenate([[0.0], np.cumsum(WASHABILITY_MASS * WASHABILITY_ASH)])
    fine = np.linspace(1.0, 100.0, 2_000_001)
    of_curve = np.interp(fine, yields, ash_units) / fine
    theoretical = np.interp(ash(floats), of_curve, fine)
    assert theoretical == pytest.approx(73.19475191131963, rel=1e-7)
    assert 100.0 * floats.sum() / theoretical == pytest.approx(98.29465384756936, rel=1e-7)


def test_a_small_ecart_probable_is_a_perfect_cut():
    floats, sinks = washed("1e-6 t/m^3")
    assert floats.sum() == pytest.approx(73.0, rel=1e-12)
    assert ash(floats) == pytest.approx(7.2465753424657535, rel=1e-12)
    assert np.all(sinks[:3] == 0.0)
    assert np.all(floats[3:] == 0.0)


def test_a_species_exactly_at_the_cut_splits_in_half():
    unit = separator(ecart_probable="1e-6 kg/m^3")
    np.testing.assert_allclose(to_sinks(unit, classes([2.75])), 0.5, rtol=1e-9)


def test_a_huge_ecart_probable_splits_in_half():
    unit = separator(ecart_probable="1e12 t/m^3")
    np.testing.assert_allclose(to_sinks(unit, classes([1.0, 2.65, 17.5])), 0.5, rtol=1e-9)


def test_short_circuits_bound_the_curve():
    unit = separator(short_circuit_to_sinks="5 %", short_circuit_to_floats="2 %")
    np.testing.assert_allclose(
        to_sinks(unit, classes([1.0, 2.75, 9.0])), [0.05, 0.515, 0.98], rtol=1e-10
    )


def test_water_follows_its_own_split_and_gas_the_floats():
    made = run(separator(water_to_sinks=0.3), Slate(SPECIES), {"feed": np.ones((6, 1))})
    np.testing.assert_allclose(made["sinks"][3:, 0], [0.3, 0.3, 0.0], rtol=1e-15)
    assert made["floats"][5, 0] == 1.0


def test_parameters_may_vary_per_scenario():
    slate, unit = Slate(SPECIES), separator()
    feed = Flow(slate, np.ones((6, 1)))
    cuts, spreads = np.array([2700.0, 3500.0, 4700.0]), np.array([30.0, 100.0, 0.1])
    varied = {"cut_density": cuts, "ecart_probable": spreads}
    together = unit.run(feed=feed, p=unit.resolve(slate).replaced(varied))["sinks"].mass
    for column in range(3):
        alone = separator(
            cut_density=f"{cuts[column]} kg/m^3", ecart_probable=f"{spreads[column]} kg/m^3"
        )
        np.testing.assert_allclose(
            together[:, [column]], run(alone, slate, {"feed": feed.mass})["sinks"], rtol=1e-12
        )


@pytest.mark.parametrize(
    ("density", "expected"),
    [
        (4.63, 2.2),
        (5.69, 2.8424242424242427),
        (5.5, 2.7272727272727275),
        (6.64, 3.418181818181818),
        (6.69, 3.4484848484848487),
    ],
)
def test_concentration_criterion_against_quartz(density, expected):
    slate = Slate(
        [
            Species("heavy mineral", formula="Sb2S3", density=f"{density} t/m^3"),
            Species("quartz", formula="SiO2", density="2.65 t/m^3"),
        ]
    )
    unit = separator(heavy="heavy mineral", light="quartz")
    figures, warnings = told(unit, slate, np.ones((2, 1)))
    value, display = figures["concentration criterion heavy mineral / quartz"]
    assert value[0] == pytest.approx(expected, rel=1e-10)
    assert display == ""
    assert warnings == []


def test_a_medium_in_which_the_light_mineral_floats_has_no_limit_to_the_criterion():
    unit = separator(heavy="Sb2S3", light="SiO2", medium_density="2.8 t/m^3")
    figures, warnings = told(unit, Slate(SPECIES), np.ones((6, 1)))
    assert np.isinf(figures["concentration criterion Sb2S3 / SiO2"][0][0])
    assert warnings == []


def test_mass_pull():
    unit = separator(cut_density="4.8 t/m^3", ecart_probable="1 kg/m^3")
    figures, _ = told(unit, Slate(SPECIES), np.array([[3.0], [1.0], [6.0], [9.0], [1.0], [1.0]]))
    assert figures["solids to sinks"][0][0] == pytest.approx(0.1, rel=1e-9)
    assert told(unit, Slate(SPECIES), np.zeros((6, 1)))[0]["solids to sinks"][0][0] == 0.0


def locked(share):
    """Particles of stibnite and quartz that hold a share of stibnite, in four sizes."""
    composite = Composite(name="locked", minerals={"Sb2S3": share, "SiO2": 1.0 - share})
    return Slate(
        ["Sb2S3", "SiO2"],
        Particles(sieves=SIEVES, minerals=["Sb2S3", "SiO2"], composites=[composite]),
    )


def sinking(unit, slate):
    """Share of every kind and class that sinks, (kinds, classes)."""
    return Flow(slate, to_sinks(unit, slate)[:, None]).sized[:, :, 0]


@pytest.mark.parametrize(("cut", "expected"), [("2.70 t/m^3", 0.043), ("2.75 t/m^3", 0.085)])
def test_a_usual_cut_asks_for_a_twentieth_of_stibnite_in_the_particle(cut, expected):
    """By hand: 1 / rho = w / 4.63 + (1 - w) / 2.65; anything leaner floats."""
    unit = separator(cut_density=cut, heavy="Sb2S3", light="SiO2")
    slate = locked(expected)
    figures, _ = told(unit, slate, np.ones((slate.count, 1)))
    value, display = figures["Sb2S3 in SiO2 at the cut"]
    assert value[0] == pytest.approx(expected, abs=5e-4)
    assert display == "%"
    np.testing.assert_allclose(sinking(unit, slate)[2], 0.5, atol=0.01)
    assert np.all(sinking(unit, locked(expected - 0.02))[2] < 0.35)
    assert np.all(sinking(unit, locked(expected + 0.02))[2] > 0.65)


@pytest.mark.parametrize(
    ("cut", "pair"), [("2.6 t/m^3", ("Sb2S3", "SiO2")), ("4.8 t/m^3", ("Sb2S3", "SiO2"))]
)
def test_a_cut_beside_both_minerals_parts_no_locked_particles(cut, pair):
    unit = separator(cut_density=cut, heavy=pair[0], light=pair[1])
    figures, _ = told(unit, Slate(SPECIES), np.ones((6, 1)))
    assert not [label for label in figures if label.endswith("at the cut")]


def test_without_a_law_of_sizes_all_are_cut_alike():
    slate = locked(0.2)
    by_size = sinking(separator(), slate)
    np.testing.assert_allclose(by_size, by_size[:, :1] * np.ones(4), rtol=1e-12)
    assert not [label for label in told(separator(), slate, np.ones((14, 1)))[0] if " mm" in label]


def ecart_probable_by_size(**parameters):
    """From what sinks of particles at 2.75 + 0.01 t/m3, of a slope as in Whiten's curve."""
    slate = Slate(
        [Species("ore", formula="SiO2", density="2.76 t/m^3")],
        Particles(sieves=SIEVES, minerals=["ore"]),
    )
    share = sinking(separator(**parameters), slate)[0]
    return np.log(3.0) * 0.01 / np.log(share / (1.0 - share))


def test_a_cyclone_has_the_sharpness_that_handbooks_give_for_each_size():
    """0.02-0.03 above 4 mm, 0.03-0.05 from 1 to 4 mm, 0.05-0.08 below 1 mm, in t/m3."""
    spread = ecart_probable_by_size(device="cyclone", ecart_probable="0.04 t/m^3")
    assert spread[1] == pytest.approx(0.04 / 2.0**0.5)
    assert spread[2] == pytest.approx(0.04 * 2.0**0.5)
    assert np.all(np.diff(spread) > 0.0)


def test_size_hardly_tells_in_a_drum():
    spread = ecart_probable_by_size(device="drum", ecart_probable="0.04 t/m^3")
    assert spread[0] == pytest.approx(0.04 * (25.0 / 16.0) ** 0.25)


def test_a_law_of_sizes_may_be_given():
    spread = ecart_probable_by_size(
        device="drum", ecart_probable="0.04 t/m^3", size_exponent=1.0, reference_size="4 mm"
    )
    np.testing.assert_allclose(spread, [0.01, 0.04, 0.16, 0.64], rtol=1e-9)


def test_curves_of_all_sizes_cross_in_the_pivot():
    """Cut 2.75 at 4 mm with an Ep of 0.05: 25 % of all sizes sink at 2.70 t/m3."""
    slate = Slate(
        [
            Species(f"mineral {density}", formula="SiO2", density=f"{density} t/m^3")
            for density in (2.6, 2.7, 2.75, 2.8)
        ],
        Particles(sieves=SIEVES, minerals=[f"mineral {d}" for d in (2.6, 2.7, 2.75, 2.8)]),
    )
    unit = separator(
        cut_density="2.75 t/m^3",
        ecart_probable="0.05 t/m^3",
        size_exponent=1.0,
        reference_size="4 mm",
        pivot_partition="25 %",
    )
    share = sinking(unit, slate)
    np.testing.assert_allclose(share[1], 0.25, rtol=1e-9)
    assert share[2, 1] == pytest.approx(0.5, rel=1e-9)
    assert share[3, 1] == pytest.approx(0.75, rel=1e-9)
    assert np.all(np.diff(share[0]) > 0.0)
    assert np.all(np.diff(share[2:], axis=1) < 0.0)
    finest = separator(
        cut_density="2.75 t/m^3",
        ecart_probable="0.05 t/m^3",
        size_exponent=3.0,
        reference_size="1 km",
        pivot_partition="25 %",
    )
    np.testing.assert_allclose(sinking(finest, slate), 0.25, rtol=1e-6)


def test_sharpness_and_cut_are_told_for_the_coarsest_and_the_finest():
    """Ep of 0.05 at 4 mm is 0.0125 at 16 mm and 0.8 at 0.25 mm; the pivot lies at 2.70 t/m3."""
    unit = separator(
        ecart_probable="0.05 t/m^3",
        size_exponent=1.0,
        reference_size="4 mm",
        pivot_partition="25 %",
    )
    figures, _ = told(unit, locked(0.2), np.ones((14, 1)))
    expected = {
        "ecart probable 8 mm to 32 mm": 12.5,
        "cut density 8 mm to 32 mm": 2712.5,
        "ecart probable below 500 um": 800.0,
        "cut density below 500 um": 3500.0,
    }
    found = {label: figures[label] for label in expected}
    for label, value in expected.items():
        assert found[label][0][0] == pytest.approx(value, rel=1e-9)
        assert found[label][1] == "t/m^3"


def test_solids_without_a_size_are_cut_as_the_reference_size():
    slate = Slate(SPECIES, PARTICLES)
    share = to_sinks(separator(device="cyclone", pivot_partition=0.3), slate)
    np.testing.assert_allclose(share[:6], to_sinks(separator(), Slate(SPECIES)), rtol=1e-9)


def test_near_gravity_material():
    """Quartz is within 0.1 g/cm3 of a cut at 2.70, stibnite is not."""
    unit = separator(cut_density="2.70 t/m^3", ecart_probable="0.03 t/m^3")
    mass = np.array([[3.0], [1.0], [6.0], [9.0], [1.0], [1.0]])
    figures, warnings = told(unit, Slate(SPECIES), mass)
    assert figures["near-gravity material"][0][0] == pytest.approx(0.6)
    assert warnings == []
    _, warnings = told(separator(cut_density="2.70 t/m^3", ecart_probable="0.06 t/m^3"), *_ore())
    assert len(warnings) == 1
    assert "60% of the solids lie within 100 kg/m^3 of the cut" in warnings[0]
    assert "an ecart probable of 60 kg/m^3 sorts them poorly" in warnings[0]


def _ore():
    return Slate(SPECIES), np.array([[3.0], [1.0], [6.0], [9.0], [1.0], [1.0]])


def test_dense_medium_lost_is_told_where_it_is_given():
    figures, _ = told(separator(medium_loss="300 g/t"), *_ore())
    value, display = figures["dense medium lost"]
    assert value[0] == pytest.approx(10.0 * 300e-6)
    assert display == "kg/h"
    assert "dense medium lost" not in told(separator(), *_ore())[0]


@pytest.mark.parametrize(
    ("device", "place", "message"),
    [
        ("cyclone", 3, "40% of the solids are finer than 500 um, too fine for a dense-medium cycl"),
        ("drum", 2, "40% of the solids are finer than 6 mm, too fine for a dense-medium drum"),
        ("cyclone", 0, "40% of the solids are coarser than 40 mm, too coarse for a dense-medium"),
    ],
)
def test_sizes_that_a_device_does_not_take_are_told(device, place, message):
    particles = Particles(sieves=["90 mm", "32 mm", "8 mm", "0.5 mm"], minerals=["Sb2S3"])
    slate = Slate(["Sb2S3"], particles)
    mass = np.zeros((5, 1))
    mass[1 + place], mass[2 if device == "cyclone" else 1] = 4.0, 6.0
    _, warnings = told(separator(device=device), slate, mass)
    assert len(warnings) == 1
    assert message in warnings[0]
    assert told(separator(), slate, mass)[1] == []


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"cut_density": "1.2 t/m^3"}, "cut density 1200 kg/m^3; devices in use cut from 1300"),
        ({"cut_density": "0.9 t/m^3"}, "cut density 900 kg/m^3"),
        ({"cut_density": "4.5 t/m^3"}, "cut density 4500 kg/m^3"),
        ({"ecart_probable": "5 kg/m^3"}, "ecart probable 5 kg/m^3 is sharper than devices in use"),
        ({"ecart_probable": "0.8 t/m^3"}, "ecart probable 800 kg/m^3; even spirals stay below 600"),
        (
            {"ecart_probable": "0.2 t/m^3", "device": "drum"},
            "ecart probable 200 kg/m^3; a dense-medium drum stays below 100",
        ),
        (
            {"heavy": "FeS2", "light": "Sb2S3"},
            "concentration criterion 1.10 for FeS2 and Sb2S3; below 1.25 they do not separate",
        ),
    ],
)
def test_settings_out_of_range_are_told(parameters, message):
    _, warnings = told(separator(**parameters), Slate(SPECIES), np.ones((6, 1)))
    assert len(warnings) == 1
    assert message in warnings[0]


def test_usual_settings_are_not_commented():
    assert told(separator(), Slate(SPECIES), np.ones((6, 1)))[1] == []


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"short_circuit_to_sinks": 0.6, "short_circuit_to_floats": 0.5},
            "are more than 100 % together",
        ),
        ({"heavy": "Sb2S3"}, "give both or neither"),
        ({"light": "SiO2"}, "give both or neither"),
        (
            {"ecart_probable": "0 t/m^3"},
            "DenseMediumSeparator.ecart_probable: must be above 0 kg/m",
        ),
        (
            {"cut_density": 2.75},
            "DenseMediumSeparator.cut_density: needs a unit of mass per volume",
        ),
        ({"pivot_partition": 0.0}, "pivot_partition of 0% is on no partition curve"),
        ({"pivot_partition": 1.0}, "pivot_partition of 100% is on no partition curve"),
        ({"device": "jig"}, "device: "),
        ({"water_to_sinks": 1.1}, "DenseMediumSeparator.water_to_sinks: must lie between 0 and 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        separator(**parameters)


def test_solids_without_a_density_are_refused_when_they_flow():
    slate = Slate(["SiO2", "CaO"])
    with pytest.raises(InputError, match=r"needs a density of CaO; define Species\('CaO'"):
        run(separator(), slate, {"feed": np.ones((2, 1))})
    made = run(separator(), slate, {"feed": np.array([[1.0], [0.0]])})
    assert made["sinks"][1, 0] == 0.0


@pytest.mark.parametrize(
    ("heavy", "message"),
    [
        ("CaO", "the concentration criterion needs a density of CaO"),
        ("Sb2S", "no species 'Sb2S'.*did you mean 'Sb2S3'"),
    ],
)
def test_a_criterion_of_unknown_minerals_is_refused(heavy, message):
    slate = Slate(["Sb2S3", "SiO2", "CaO"])
    with pytest.raises(InputError, match=message):
        told(separator(heavy=heavy, light="SiO2"), slate, np.array([[1.0], [1.0], [0.0]]))


def test_species_it_needs():
    assert separator().required_species() == ()
    assert separator(heavy="Au", light="SiO2").required_species() == ("Au", "SiO2")


def test_it_is_linear():
    assert separator().is_linear()
