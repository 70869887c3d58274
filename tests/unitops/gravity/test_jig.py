import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species
from flowsheet.model import Flowsheet
from flowsheet.scenario import sweep
from flowsheet.solution import solve
from tests.unitops.properties import (
    check_classes_close,
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.gravity.jig import Jig
from unitops.streams.feed import Feed

SPECIES = ["Sb2S3", "FeS2", "Au", "SiO2", "H2O", "Sb(aq)", "O2"]
PARTICLES = Particles(
    sieves=["20 mm", "5 mm", "1 mm", "0.2 mm"],
    minerals=["Sb2S3", "SiO2"],
    composites=[Composite(name="middlings", minerals={"Sb2S3": 0.3, "SiO2": 0.7})],
)
SIZED = ["Sb2S3", "FeS2", "SiO2", "H2O", "O2"]
ROWS = Slate(SIZED, PARTICLES).count
STIBNITE, PYRITE, QUARTZ = 4630.0, 5010.0, 2650.0


def jig(**given_parameters):
    cut = {} if "cut_density" in given_parameters else {"volume_yield": "10 %"}
    return Jig(
        **{
            "feed": "ore",
            "concentrate": "concentrate",
            "tailings": "tailings",
            "water_to_concentrate": "15 %",
            **cut,
            **given_parameters,
        }
    )


def minerals(*densities):
    return Slate(
        [
            Species(f"mineral {number}", formula="SiO2", density=f"{density} kg/m^3")
            for number, density in enumerate(densities, start=1)
        ]
    )


def bed(densities, volumes, **parameters):
    """Share of each mineral that is drawn, of a feed given by volume."""
    slate, densities = minerals(*densities), np.array(densities)
    feed = (np.array(volumes) * densities)[:, None]
    return (run(jig(**parameters), slate, {"feed": feed})["concentrate"] / feed)[:, 0]


def told(unit, slate, mass):
    p = unit.resolve(slate)
    feed = Flow(slate, mass)
    flows = {"feed": feed, **unit.run(feed=feed, p=p)}
    figures = {figure.label: (figure.value, figure.unit) for figure in unit.figures(flows, p)}
    return figures, list(unit.warnings(flows, p))


BEDS = {
    "constant": st.floats(1e-6, 1.0),
    "drawn": st.floats(1e-3, 0.999),
    "limit": st.floats(1e-5, 0.1),
    "sharpness": st.floats(0.1, 5.0),
}


@settings(max_examples=60, deadline=None)
@given(mass=random_masses(len(SPECIES)), constant=BEDS["constant"], drawn=BEDS["drawn"])
def test_any_feed_without_sizes_closes(mass, constant, drawn):
    unit = jig(stratification_constant=f"{constant} m^3/kg", volume_yield=drawn)
    check_unit(unit, SPECIES, {"feed": mass})


@settings(max_examples=60, deadline=None)
@given(mass=random_masses(ROWS, columns=3), **BEDS)
def test_any_feed_of_particles_closes(mass, constant, drawn, limit, sharpness):
    unit = jig(
        stratification_constant=f"{constant} m^3/kg",
        volume_yield=drawn,
        fine_limit=f"{limit} m",
        fine_sharpness=sharpness,
    )
    check_unit(unit, SIZED, {"feed": mass}, PARTICLES)
    check_classes_close(unit, SIZED, {"feed": mass}, PARTICLES)


@given(
    mass=random_masses(ROWS),
    cut=st.floats(1001.0, 1e5),
    imperfection=st.floats(1e-6, 1e3),
    limit=BEDS["limit"],
    water=st.floats(0.0, 1.0),
)
def test_any_feed_closes_by_the_partition_curve(mass, cut, imperfection, limit, water):
    unit = jig(
        cut_density=f"{cut} kg/m^3",
        imperfection=imperfection,
        fine_limit=f"{limit} m",
        water_to_concentrate=water,
    )
    check_unit(unit, SIZED, {"feed": mass}, PARTICLES)
    check_classes_close(unit, SIZED, {"feed": mass}, PARTICLES)


@pytest.mark.parametrize("cut", [{"volume_yield": "10 %"}, {"cut_density": "3.2 t/m^3"}])
def test_zero_feed_gives_zero(cut):
    check_zero_feed(jig(**cut), SPECIES)
    check_zero_feed(jig(**cut), SIZED, PARTICLES)
    check_zero_feed(jig(**cut), ["CaO", "H2O"])


@pytest.mark.parametrize("cut", [{"volume_yield": "10 %"}, {"cut_density": "3.2 t/m^3"}])
@pytest.mark.parametrize("constant", ["0.0001 m^3/kg", "0.03 m^3/kg"])
def test_derivative(cut, constant):
    unit = jig(stratification_constant=constant, **cut)
    feed = np.linspace(1.0, 3.0, ROWS)[:, None] * np.array([[1.0, 0.5]])
    check_derivative(unit, SIZED, {"feed": feed}, PARTICLES)
    check_derivative(unit, SPECIES, {"feed": np.linspace(1.0, 3.0, 7)[:, None]})


@pytest.mark.parametrize(
    ("parameter", "at", "step"),
    [
        ("volume_yield", 0.1, 1e-5),
        ("stratification_constant", 0.003, 1e-7),
        ("fine_limit", 1e-3, 1e-7),
        ("fine_sharpness", 2.0, 1e-4),
    ],
)
def test_derivative_with_respect_to_a_parameter(parameter, at, step):
    slate, unit = Slate(SIZED, PARTICLES), jig()
    feed = Flow(slate, np.linspace(1.0, 3.0, ROWS)[:, None])
    p = unit.resolve(slate).replaced({"stratification_constant": 0.003})

    def drawn(value):
        return unit.run(feed=feed, p=p.replaced({parameter: value}))["concentrate"].mass

    difference = (drawn(at + step) - drawn(at - step)) / (2.0 * step)
    exact = drawn(at + 1e-30j).imag / 1e-30
    np.testing.assert_allclose(exact, difference, rtol=1e-5, atol=1e-7 * np.max(difference))
    assert np.any(difference != 0.0)


def king_binary(heavy, constant, drawn):
    """Recovery of the heavier of two minerals, integrated by hand from the logistic of King's bed.

    With f by volume and b = alpha times the difference of densities, C(h) = 1 / (1 + K exp(b h)),
    and K follows from the integral over the bed being f.
    """
    b = constant * (STIBNITE - QUARTZ)
    k = np.expm1(b * (1.0 - heavy)) / (np.exp(b) - np.exp(b * (1.0 - heavy)))
    return (drawn - np.log((1.0 + k * np.exp(b * drawn)) / (1.0 + k)) / b) / heavy


@pytest.mark.parametrize("heavy", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("constant", [5e-5, 5e-4, 5e-3, 0.03])
@pytest.mark.parametrize("drawn", [0.02, 0.1, 0.5])
def test_two_minerals_as_king_integrates_them(heavy, constant, drawn):
    made = bed(
        [STIBNITE, QUARTZ],
        [heavy, 1.0 - heavy],
        stratification_constant=f"{constant} m^3/kg",
        volume_yield=drawn,
    )
    assert made[0] == pytest.approx(king_binary(heavy, constant, drawn), rel=1e-7)


@pytest.mark.parametrize(("drawn", "expected"), [(0.05, [0.5, 0.0, 0.0]), (0.6, [1.0, 1.0, 0.375])])
def test_a_strong_bed_lies_in_the_order_of_density(drawn, expected):
    """10 % pyrite under 26 % stibnite under 64 % quartz."""
    made = bed(
        [STIBNITE, QUARTZ, PYRITE],
        [0.26, 0.64, 0.10],
        stratification_constant="1 m^3/kg",
        volume_yield=drawn,
    )
    np.testing.assert_allclose(made[[2, 0, 1]], expected, atol=1e-9)


def test_a_weak_bed_is_not_sorted():
    made = bed(
        [STIBNITE, QUARTZ, PYRITE],
        [0.26, 0.64, 0.10],
        stratification_constant="1e-12 m^3/kg",
        volume_yield="23 %",
    )
    np.testing.assert_allclose(made, 0.23, rtol=1e-8)


def test_one_density_alone_is_split_as_the_volume():
    np.testing.assert_allclose(bed([2650.0, 2650.0], [3.0, 1.0], volume_yield="23 %"), 0.23)


@given(
    volumes=st.lists(st.floats(1e-3, 1.0), min_size=4, max_size=4),
    constant=st.floats(1e-4, 0.1),
    drawn=st.floats(0.01, 0.99),
)
def test_the_concentrate_is_the_volume_asked_for(volumes, constant, drawn):
    made = bed(
        [7500.0, STIBNITE, 3000.0, QUARTZ],
        volumes,
        stratification_constant=f"{constant} m^3/kg",
        volume_yield=drawn,
    )
    assert made @ volumes == pytest.approx(drawn * sum(volumes), rel=1e-9)
    assert np.all(np.diff(made) <= 1e-9)


def profile(unit, slate, feed, heights, step=1e-4):
    """Volume fractions at heights, (rows, heights), as differences of what two cuts draw."""
    p, columns = unit.resolve(slate), len(heights)
    flow = Flow(slate, np.broadcast_to(feed, (slate.count, columns)))

    def drawn(at):
        mass = unit.run(feed=flow, p=p.replaced({"volume_yield": at}))["concentrate"].mass
        return np.nan_to_num(mass / slate.density[:, None])

    between = (drawn(heights + step) - drawn(heights - step)) / (2.0 * step)
    return between / np.nansum(feed[:, 0] / slate.density)


def test_a_bed_of_three_minerals_obeys_kings_equation():
    """The logarithm of the ratio of two minerals is straight over the height."""
    densities = np.array([PYRITE, STIBNITE, QUARTZ])
    slate, heights = minerals(*densities), np.linspace(0.01, 0.5, 9)
    unit = jig(stratification_constant="0.004 m^3/kg")
    fractions = profile(unit, slate, (densities * [0.1, 0.2, 0.7])[:, None], heights)
    np.testing.assert_allclose(fractions.sum(axis=0), 1.0, rtol=1e-8)
    for other in (1, 2):
        slope = np.diff(np.log(fractions[0] / fractions[other])) / np.diff(heights)
        expected = -0.004 * (densities[0] - densities[other])
        np.testing.assert_allclose(slope, expected, rtol=1e-5)


def test_a_bed_of_sizes_obeys_the_equation_of_each():
    slate = Slate(["Sb2S3", "SiO2"], PARTICLES)
    unit = jig(stratification_constant="0.004 m^3/kg", fine_limit="1 mm", fine_sharpness=1.0)
    feed = np.linspace(0.5, 2.0, slate.count)[:, None]
    middle, step = np.array([0.2, 0.5, 0.8]), 1e-2
    at, below, above = (profile(unit, slate, feed, middle + far) for far in (0.0, -step, step))
    density = slate.density[:, None]
    size = np.array([np.inf, np.inf, *np.tile(PARTICLES.mean_sizes, 3)])[:, None]
    constant = 0.004 / (1.0 + 1e-3 / size)
    surroundings = (constant * at * density).sum(axis=0) / (constant * at).sum(axis=0)
    slope = np.log(above / below) / (2.0 * step)
    np.testing.assert_allclose(at.sum(axis=0), 1.0, rtol=1e-8)
    np.testing.assert_allclose(slope, -constant * (density - surroundings), rtol=3e-3, atol=1e-3)


def test_in_an_evenly_graded_bed_the_constant_is_an_ecart_probable():
    """Ep = 0.6745 (G / alpha)^0.5: as far as diffusion carries a particle from its level."""
    densities = np.linspace(2600.0, 4600.0, 401)
    drawn = bed(densities, np.ones(401), stratification_constant="0.2 m^3/kg", volume_yield="50 %")
    at_25, at_50, at_75 = np.interp([0.25, 0.5, 0.75], drawn, densities)
    assert at_50 == pytest.approx(3600.0, rel=1e-6)
    assert (at_75 - at_25) / 2.0 == pytest.approx(0.6745 * (2000.0 / 0.2) ** 0.5, rel=3e-3)


@pytest.mark.parametrize("seed", [2, 7, 54])
def test_the_strongest_bed_of_gold_and_quartz_in_all_sizes_settles(seed):
    minerals = ["Au", "FeS2", "Sb2S3", "SiO2"]
    sieves = ["30 mm", "10 mm", "3 mm", "1 mm", "0.3 mm", "0.1 mm", "0.03 mm"]
    slate = Slate(minerals, Particles(sieves=sieves, minerals=minerals))
    feed = 10.0 ** np.random.default_rng(seed).uniform(-6.0, 0.0, (slate.count, 4))
    unit = jig(stratification_constant="1 m^3/kg", fine_limit="10 mm", fine_sharpness=5.0)
    drawn = run(unit, slate, {"feed": feed})["concentrate"]
    volumes = 1.0 / slate.density
    np.testing.assert_allclose(volumes @ drawn, 0.1 * (volumes @ feed), rtol=1e-9)


def sized_shares(unit):
    slate = Slate(["Sb2S3", "SiO2"], PARTICLES)
    feed = np.ones((slate.count, 1))
    return Flow(slate, run(unit, slate, {"feed": feed})["concentrate"]).sized[:, :, 0]


def test_fines_hardly_stratify():
    free, quartz, middlings = sized_shares(jig(volume_yield="20 %"))
    assert np.all(np.diff(free) < 0.0)
    assert np.all((free > middlings) & (middlings > quartz))
    finest = sized_shares(jig(volume_yield="20 %", fine_limit="1 m", fine_sharpness=6.0))
    np.testing.assert_allclose(finest, 0.2, rtol=1e-6)


def test_fines_go_with_the_water_where_a_curve_is_given():
    """At the fine limit, 1 mm here, half of the particles hang in the water."""
    slate = Slate(
        ["SiO2"], Particles(sieves=["2 mm", "0.5 mm", "1e-6 mm", "1e-9 mm"], minerals=["SiO2"])
    )
    unit = jig(
        cut_density="2650 kg/m^3", fine_limit="1 mm", fine_sharpness=3.0, water_to_concentrate=0.1
    )
    drawn = run(unit, slate, {"feed": np.ones((5, 1))})["concentrate"][:, 0]
    np.testing.assert_allclose(drawn[[0, 1, 4]], [0.5, 0.3, 0.1], rtol=1e-9)


def test_partition_curve_of_a_jig():
    """An imperfection of 0.2 at a cut of 3.0 t/m3 is an ecart probable of 0.4 t/m3."""
    unit = jig(cut_density="3 t/m^3", imperfection=0.2)
    slate = minerals(2600.0, 3000.0, 3400.0)
    figures, warnings = told(unit, slate, np.ones((3, 1)))
    drawn = run(unit, slate, {"feed": np.ones((3, 1))})["concentrate"][:, 0]
    np.testing.assert_allclose(drawn, [0.25, 0.5, 0.75], rtol=1e-9)
    assert figures["ecart probable"][0][0] == pytest.approx(400.0)
    assert figures["mass pull"][0][0] == pytest.approx(0.5)
    assert warnings == []


def test_water_follows_its_own_split_and_gas_the_tailings():
    made = run(jig(), Slate(SPECIES), {"feed": np.ones((7, 1))})
    np.testing.assert_allclose(made["concentrate"][4:, 0], [0.15, 0.15, 0.0], rtol=1e-15)


def test_parameters_may_vary_per_scenario():
    slate, unit = Slate(SPECIES), jig()
    feed = Flow(slate, np.ones((7, 1)))
    drawn, constants = np.array([0.05, 0.3, 0.9]), np.array([1e-3, 0.03, 0.2])
    varied = {"volume_yield": drawn, "stratification_constant": constants}
    p = unit.resolve(slate).replaced(varied)
    together = unit.run(feed=feed, p=p)["concentrate"].mass
    for column in range(3):
        alone = jig(
            volume_yield=drawn[column], stratification_constant=f"{constants[column]} m^3/kg"
        )
        np.testing.assert_allclose(
            together[:, [column]], run(alone, slate, {"feed": feed.mass})["concentrate"], rtol=1e-12
        )


def test_density_at_the_cut():
    """Halfway up a bed of equal volumes it is the mean of the two."""
    figures, _ = told(
        jig(volume_yield="50 %"), minerals(4000.0, 2600.0), np.array([[40.0], [26.0]])
    )
    value, display = figures["density of the bed at the cut"]
    assert value[0] == pytest.approx(3300.0, rel=1e-9)
    assert display == "t/m^3"


def scavenged(**parameters):
    """A jig whose tailings are jigged again, and that second concentrate sent back."""
    return Flowsheet(
        species=["Sb2S3", "SiO2", "H2O"],
        units={
            "ore": Feed(
                outlet="ore",
                flow="20 t/h",
                composition={"Sb2S3": "8 %"},
                remainder="SiO2",
                percent_solids="40 %",
            ),
            "rougher": Jig(
                feed=["ore", "middlings"],
                concentrate="concentrate",
                tailings="rougher_tailings",
                volume_yield="6 %",
                water_to_concentrate="10 %",
                **parameters,
            ),
            "scavenger": Jig(
                feed="rougher_tailings",
                concentrate="middlings",
                tailings="tailings",
                volume_yield="10 %",
                water_to_concentrate="10 %",
                **parameters,
            ),
        },
    )


def test_jigs_in_a_recycle_are_solved():
    one = solve(scavenged(stratification_constant="0.001 m^3/kg"))
    assert one.recovery("Sb", to="concentrate").magnitude > 0.0
    assert one.balance("Sb").closure < 1e-9
    swept = sweep(scavenged(), {"rougher.volume_yield": ["4 %", "8 %", "16 %"]})
    assert np.all(np.diff(swept.recovery("Sb", to="concentrate")) > 0.0)
    assert np.all(np.diff(swept.grade("Sb", "concentrate")) < 0.0)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"stratification_constant": "0.5 m^3/kg"}, "of 0.5 m^3/kg; jigs in use have 0.005 to 0.2"),
        ({"stratification_constant": "0.001 m^3/kg"}, "0.001 m^3/kg; jigs in use have 0.005"),
        ({"cut_density": "1.2 t/m^3"}, "cut density 1200 kg/m^3; jigs in use cut from 1400"),
        ({"cut_density": "5 t/m^3"}, "cut density 5000 kg/m^3; jigs in use cut from 1400"),
        ({"cut_density": "3 t/m^3", "imperfection": 0.05}, "imperfection of 0.05; jigs in use"),
        ({"cut_density": "3 t/m^3", "imperfection": 0.4}, "imperfection of 0.4; jigs in use"),
        (
            {"heavy": "FeS2", "light": "Sb2S3"},
            "concentration criterion 1.10 for FeS2 and Sb2S3; below 1.25 they do not separate",
        ),
    ],
)
def test_settings_out_of_range_are_told(parameters, message):
    _, warnings = told(jig(**parameters), Slate(SPECIES), np.ones((7, 1)))
    assert len(warnings) == 1
    assert message in warnings[0]


def test_usual_settings_are_not_commented():
    figures, warnings = told(jig(heavy="Sb2S3", light="SiO2"), Slate(SPECIES), np.ones((7, 1)))
    assert warnings == []
    assert figures["concentration criterion Sb2S3 / SiO2"][0][0] == pytest.approx(2.2)


@pytest.mark.parametrize(
    ("sieves", "message"),
    [
        (["2 mm", "0.2 mm", "0.1 mm"], "83% of the solids fed are finer than 300 um"),
        (["90 mm", "30 mm", "10 mm"], "17% of the solids fed are coarser than 25 mm"),
    ],
)
def test_feeds_of_the_wrong_size_are_told(sieves, message):
    slate = Slate(["SiO2"], Particles(sieves=sieves, minerals=["SiO2"]))
    _, warnings = told(jig(), slate, np.array([[0.0], [1.0], [2.0], [3.0]]))
    assert any(message in warning for warning in warnings), warnings


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"volume_yield": None}, "give either volume_yield or cut_density"),
        (
            {"volume_yield": 0.1, "cut_density": "3 t/m^3"},
            "give either volume_yield or cut_density",
        ),
        ({"volume_yield": 0.0}, "volume_yield of 0% cuts nothing"),
        ({"volume_yield": 1.0}, "volume_yield of 100% cuts nothing"),
        ({"cut_density": "1 t/m^3"}, "cut_density of 1000 kg/m.3 is no more than that of water"),
        ({"stratification_constant": "0 m^3/kg"}, "of 0 m.3/kg is no jig's; give more than 0"),
        ({"stratification_constant": "2 m^3/kg"}, "of 2 m.3/kg is no jig's"),
        ({"stratification_constant": 0.03}, "needs a unit of volume per mass"),
        ({"heavy": "Sb2S3"}, "give both or neither"),
        ({"cut_density": "3 t/m^3", "imperfection": 0.0}, "imperfection: must be above 0"),
    ],
)
def test_settings_that_make_no_sense_are_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        jig(**parameters)


def test_solids_without_a_density_are_refused_when_they_flow():
    slate = Slate(["SiO2", "CaO"])
    with pytest.raises(InputError, match=r"needs a density of CaO; define Species\('CaO'"):
        run(jig(), slate, {"feed": np.ones((2, 1))})
    assert run(jig(), slate, {"feed": np.array([[1.0], [0.0]])})["concentrate"][1, 0] == 0.0


def test_species_it_needs_and_what_is_linear():
    assert jig().required_species() == ()
    assert jig(heavy="Au", light="SiO2").required_species() == ("Au", "SiO2")
    assert jig(cut_density="3 t/m^3").is_linear()
    assert not jig().is_linear()
