import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.particles import Particles
from flowsheet.core.slate import Slate
from tests.unitops.every_species import (
    SPECIES,
    check_every_species,
    check_with_particles,
)
from tests.unitops.properties import (
    check_derivative,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.dewatering.filter import Filter

PULP = np.array([[8.0], [1.0], [5.0], [0.2], [0.8], [0.1]])  # 60 % solids
DISSOLVED = [3, 4]


def a_filter(**given_parameters):
    return Filter(
        **{
            "feed": "pulp",
            "wash_water": "wash_water",
            "cake": "cake",
            "filtrate": "filtrate",
            "moisture": "10 %",
            **given_parameters,
        }
    )


def told(unit, mass):
    slate = Slate(SPECIES)
    p, feed = unit.resolve(slate), Flow(slate, mass)
    flows = {"feed": feed, **unit.run(feed=feed, p=p)}
    figures = {figure.label: (figure.value, figure.unit) for figure in unit.figures(flows, p)}
    return figures, list(unit.warnings(flows, p))


def left_in_cake(wash_ratio, efficiency):
    """Share of the dissolved matter of the unwashed cake that washing leaves."""
    slate = Slate(SPECIES)
    washed, unwashed = (
        run(a_filter(wash_ratio=ratio, displacement_efficiency=efficiency), slate, {"feed": PULP})[
            "cake"
        ]
        for ratio in (wash_ratio, 0.0)
    )
    return (washed[DISSOLVED] / unwashed[DISSOLVED])[:, 0]


@given(
    mass=random_masses(6),
    moisture=st.floats(0.0, 1.0 - 1e-6),
    lost=st.floats(0.0, 1.0),
    wash=st.one_of(st.just(0.0), st.floats(1e-9, 20.0)),
    efficiency=st.floats(0.0, 1.0),
)
def test_any_feed_closes(mass, moisture, lost, wash, efficiency):
    unit = a_filter(
        moisture=moisture,
        solids_to_filtrate=lost,
        wash_ratio=wash,
        displacement_efficiency=efficiency,
    )
    check_every_species(unit, {"feed": mass})


@given(
    mass=random_masses(6),
    moisture=st.floats(0.0, 0.9),
    wash=st.floats(0.0, 20.0),
    efficiency=st.floats(0.0, 1.0),
)
def test_washing_leaves_the_cake_as_wet_and_never_dirtier(mass, moisture, wash, efficiency):
    slate = Slate(SPECIES)
    washed, unwashed = (
        run(
            a_filter(moisture=moisture, wash_ratio=ratio, displacement_efficiency=efficiency),
            slate,
            {"feed": mass},
        )["cake"]
        for ratio in (wash, 0.0)
    )
    np.testing.assert_allclose(washed[2:5].sum(axis=0), unwashed[2:5].sum(axis=0), rtol=1e-12)
    assert np.all(washed[DISSOLVED] <= unwashed[DISSOLVED] * (1.0 + 1e-12))


def test_particles_close():
    check_with_particles(a_filter(solids_to_filtrate="5 %", wash_ratio=1.0), ["feed"])


@pytest.mark.parametrize("wash", [0.0, 2.0])
def test_zero_feed_gives_zero(wash):
    check_zero_feed(a_filter(wash_ratio=wash), SPECIES)
    figures, warnings = told(a_filter(filtration_rate="300 kg/(m^2*h)"), np.zeros((6, 1)))
    assert figures["filter area"][0][0] == 0.0
    assert not warnings


@pytest.mark.parametrize("parameters", [{}, {"moisture": "60 %"}, {"wash_ratio": 0.2}])
def test_derivative(parameters):
    unit = a_filter(**{"wash_ratio": 1.5, "solids_to_filtrate": "1 %", **parameters})
    check_derivative(unit, SPECIES, {"feed": PULP})


@pytest.mark.parametrize("efficiency", [0.6, 1.0])
@pytest.mark.parametrize("parameter", ["moisture", "wash_ratio", "displacement_efficiency"])
def test_derivative_by_a_parameter(parameter, efficiency):
    if parameter == "displacement_efficiency" and efficiency == 1.0:
        efficiency = 0.999
    unit = a_filter(wash_ratio=1.5, displacement_efficiency=efficiency)
    slate, step = Slate(SPECIES), 1e-7
    p, feed = unit.resolve(slate), Flow(slate, PULP)

    def made(by):
        moved = p.replaced({parameter: getattr(p, parameter) + by})
        return unit.run(feed=feed, p=moved)["cake"].mass

    exact = made(1e-30j).imag / 1e-30
    np.testing.assert_allclose(exact, (made(step) - made(-step)) / (2 * step), atol=1e-6)


def test_water_balance_of_a_concentrate_filter():
    """9 t/h at 60 % solids, 6 t/h of liquor, to 10 %: 1 t/h stays, 5 t/h is filtrate."""
    made = run(a_filter(), Slate(SPECIES), {"feed": PULP})
    np.testing.assert_allclose(made["cake"], [[8], [1], [5 / 6], [0.2 / 6], [0.8 / 6], [0]])
    np.testing.assert_allclose(made["filtrate"][2:5], PULP[2:5] * 5.0 / 6.0)
    assert np.all(made["wash_water"] == 0.0)


def test_solids_lost_to_the_filtrate():
    made = run(a_filter(solids_to_filtrate="1 %"), Slate(SPECIES), {"feed": PULP})
    np.testing.assert_allclose(made["filtrate"][:2, 0], [0.08, 0.01], rtol=1e-12)
    assert made["cake"][2:5].sum() == pytest.approx(0.99, rel=1e-12)


@pytest.mark.parametrize(
    ("wash_ratio", "efficiency", "left"),
    [
        # (1 - E)^N: published form of washing tests, here by hand.
        (1.0, 0.5, 0.5),
        (2.0, 0.5, 0.25),
        (3.0, 0.7, 0.027),
        (1.5, 0.36, 0.512),
        # Plug flow: what is washed out is the wash until the cake is clean.
        (0.25, 1.0, 0.75),
        (1.0, 1.0, 0.0),
        (2.0, 1.0, 0.0),
        # (1 - 0.8)^0.5 is 0.447, but half a displacement leaves at least half.
        (0.5, 0.8, 0.5),
        (2.0, 0.0, 1.0),
        (0.0, 0.7, 1.0),
    ],
)
def test_dissolved_matter_left_after_washing(wash_ratio, efficiency, left):
    np.testing.assert_allclose(left_in_cake(wash_ratio, efficiency), left, rtol=1e-12, atol=1e-15)


@given(wash=st.floats(0.0, 10.0), efficiency=st.floats(0.0, 1.0))
def test_no_wash_removes_more_than_it_displaces(wash, efficiency):
    assert np.all(left_in_cake(wash, efficiency) >= 1.0 - wash - 1e-12)


def test_wash_water_is_drawn_in_proportion_to_the_liquor_of_the_cake():
    made = run(a_filter(wash_ratio=2.0), Slate(SPECIES), {"feed": PULP})
    np.testing.assert_allclose(made["wash_water"][:, 0], [0, 0, 2, 0, 0, 0], rtol=1e-12)
    washed_out = made["filtrate"][DISSOLVED] / PULP[DISSOLVED]
    figures, _ = told(a_filter(wash_ratio=2.0), PULP)
    np.testing.assert_allclose(washed_out, 1.0 - 0.09 / 6.0, rtol=1e-12)
    recovered = figures["dissolved matter to the filtrate"][0]
    np.testing.assert_allclose(recovered, washed_out[0], rtol=1e-12)


def test_a_feed_drier_than_the_cake_stays_as_it_is():
    made = run(a_filter(moisture="50 %"), Slate(SPECIES), {"feed": PULP})
    np.testing.assert_array_equal(made["cake"][:5], PULP[:5])
    np.testing.assert_array_equal(made["filtrate"][5], PULP[5])


def test_only_the_finest_particles_pass_the_cloth():
    slate = Slate(SPECIES, Particles(sieves=["150 um", "75 um"], minerals=["Sb2S3", "SiO2"]))
    mass = np.linspace(1.0, 3.0, slate.count)[:, None]
    unit = a_filter(solids_to_filtrate="5 %", wash_ratio=1.0)
    made = unit.run(feed=Flow(slate, mass), p=unit.resolve(slate))
    fine = mass[[7, 9]]
    share = 0.05 * mass[6:].sum() / fine.sum()
    np.testing.assert_allclose(made["filtrate"].mass[[7, 9]], share * fine, rtol=1e-11)
    np.testing.assert_allclose(made["filtrate"].mass[[6, 8]], 0.0, atol=1e-12)
    np.testing.assert_allclose(made["filtrate"].sized.sum(), 0.05 * mass[6:].sum(), rtol=1e-11)


def test_scenarios_of_washing():
    slate, unit = Slate(SPECIES), a_filter()
    p = unit.resolve(slate).replaced(
        {
            "wash_ratio": np.array([0.0, 1.0, 0.5]),
            "displacement_efficiency": np.array([0.7, 0.7, 1.0]),
        }
    )
    cake = unit.run(feed=Flow(slate, PULP), p=p)["cake"]
    np.testing.assert_allclose(cake.of("Sb(aq)") * 6.0 / 0.2, [1.0, 0.3, 0.5], rtol=1e-12)


def test_figures():
    unit = a_filter(filtration_rate="300 kg/(m^2*h)", wash_ratio=1.0)
    figures, warnings = told(unit, PULP / 3.6)
    assert figures["moisture of the cake"][0][0] == pytest.approx(0.1)
    assert figures["filter area"][0][0] == pytest.approx(30.0)  # 9 t/h at 0.3 t/(m2 h)
    assert figures["filter area"][1] == "m^2"
    assert figures["wash water"][0][0] * 3.6 == pytest.approx(1.0)
    assert not warnings


def area(mass, **given_parameters):
    figures, _ = told(a_filter(**given_parameters), mass)
    return figures["filter area"][0]


def test_the_liquid_of_a_thin_pulp_decides_on_the_area():
    """22.5 t/h with 1.7 % solids at 20 % moisture: 0.096 t/h of liquor stay in the cake."""
    thin = np.zeros((6, 1))
    thin[1], thin[2] = 22.5 * 0.017 / 3.6, 22.5 * 0.983 / 3.6
    assert area(thin, moisture="20 %")[0] == pytest.approx(44.04, abs=0.01)
    assert area(thin, moisture="20 %", filtrate_flux="1 m^3/(m^2*h)")[0] == pytest.approx(
        22.02, abs=0.01
    )
    # The filtrate of the wash, twice the liquor of the cake, passes the cloth too: 0.19 t/h.
    assert area(thin, moisture="20 %", wash_ratio=2.0)[0] == pytest.approx(44.42, abs=0.01)


def test_gas_that_leaves_with_the_filtrate_takes_no_area():
    blown = PULP / 3.6
    blown[5] = 1e3
    assert area(blown)[0] == pytest.approx(30.0)


def test_each_scenario_takes_the_larger_area():
    """9 t/h of solids with 6 and with 60 t/h of liquor, of which one stays in the cake."""
    pulp = np.hstack([PULP, PULP * [[1], [1], [10], [10], [10], [1]]]) / 3.6
    np.testing.assert_allclose(area(pulp), [30.0, 118.0])
    np.testing.assert_allclose(area(pulp, filtration_rate="60 kg/(m^2*h)"), [150.0, 150.0])


@pytest.mark.parametrize(
    ("parameters", "mass", "message"),
    [
        ({"moisture": "40 %"}, PULP * [[2], [1], [1], [1], [1], [1]], "the feed holds 26.1% moist"),
        ({}, PULP * [[0], [0], [1], [1], [1], [1]], "the feed brings no solids; all of it is fil"),
        ({"moisture": "2 %"}, PULP, "moisture of 2.0%; below 5 % takes a dryer"),
        ({"moisture": "41 %"}, PULP * [[1], [1], [9], [1], [1], [1]], "moisture of 41.0%; cakes"),
        ({"solids_to_filtrate": "2 %"}, PULP, "2.00% of the solids pass the cloth; a tight one"),
        ({"wash_ratio": 6.0}, PULP, "wash_ratio of 6; more than 5 hardly cleans the cake"),
        (
            {"wash_ratio": 1.0, "displacement_efficiency": 0.95},
            PULP,
            "displacement_efficiency of 0.95 is outside the 0.35 to 0.86 of published washing",
        ),
    ],
)
def test_warnings(parameters, mass, message):
    _, warnings = told(a_filter(**parameters), mass)
    assert len(warnings) == 1
    assert message in warnings[0]
    assert "\n" not in warnings[0]


def test_no_warning_of_an_efficiency_that_is_not_used():
    assert not told(a_filter(displacement_efficiency=1.0), PULP)[1]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"moisture": "100 %"}, "moisture of 100 % would be all water; give less"),
        ({"moisture": "-1 %"}, "must lie between 0 and 1"),
        ({"wash_ratio": -1.0}, "wash_ratio: must be 0 or more"),
        ({"filtration_rate": "300 kg/h"}, "filtration_rate: needs a unit of mass per area and"),
        ({"filtration_rate": "0 kg/(m^2*h)"}, "filtration_rate: must be above 0"),
        ({"filtrate_flux": "0.5 m^3/h"}, "filtrate_flux: needs a unit of volume per area and time"),
        ({"filtrate_flux": "0 m^3/(m^2*h)"}, "filtrate_flux: must be above 0"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(parameters, message):
    with pytest.raises(InputError, match=message) as refused:
        a_filter(**parameters)
    assert "\n" not in str(refused.value)


def test_species_it_needs():
    assert tuple(a_filter().required_species()) == ("H2O",)
