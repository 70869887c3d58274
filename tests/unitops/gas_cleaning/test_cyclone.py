import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Flowsheet, scenarios
from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
)
from unitops.gas_cleaning.cyclone import Cyclone
from unitops.streams.feed import Feed

SPECIES = ["Sb2O3", "As2O3", "SiO2", "H2O", "As(aq)", "N2", "SO2", "H2O(g)", "As4O6(g)"]
NORMAL = 44.615  # mol/Nm3
SIZES = {"median_size": "10 um", "body_diameter": "1 m", "temperature": "350 K"}
# 150 m3/min at 350 K through one cyclone of 1 m: 20 m/s.
FLOW = 2.5 * 101325.0 / (8.314462618 * 350.0) * 28.014e-3


def cyclone(**given_parameters):
    known = {"collection_efficiency", "median_size"} & set(given_parameters)
    return Cyclone(
        **{
            "gas": "gas",
            "dust": "dust",
            "cleaned": "cleaned",
            **({} if known else {"collection_efficiency": 0.7}),
            **given_parameters,
        }
    )


def by_size(**changed):
    return cyclone(**{**SIZES, **changed})


def catch(unit, masses):
    slate = Slate(SPECIES)
    gas = flow_of(slate, masses)
    return {"gas": gas, **unit.run(gas=gas, p=unit.resolve(slate))}


def caught(unit, name="SiO2", nitrogen=FLOW):
    return catch(unit, {"N2": nitrogen, name: 0.1})["dust"].of(name)[0] / 0.1


def told(unit, flows):
    found = unit.figures(flows, unit.resolve(flows["gas"].slate))
    return {figure.label: (float(figure.value[0]), figure.unit) for figure in found}


def warnings(unit, masses):
    flows = catch(unit, masses)
    return unit.warnings(flows, unit.resolve(flows["gas"].slate))


@given(mass=random_masses(len(SPECIES)), efficiency=st.floats(0.0, 1.0))
def test_any_gas_closes_with_given_efficiencies(mass, efficiency):
    unit = cyclone(collection_efficiency={"Sb2O3": efficiency, "others": 0.8})
    assert unit.is_linear()
    check_unit(unit, SPECIES, {"gas": mass})


@given(
    mass=random_masses(len(SPECIES)),
    median=st.floats(1e-2, 1e3),
    spread=st.floats(1.0, 5.0),
    diameter=st.floats(0.1, 5.0),
    cyclones=st.integers(1, 20),
    celsius=st.floats(0.0, 1200.0),
    density=st.one_of(st.none(), st.floats(500.0, 8000.0)),
    viscosity=st.one_of(st.none(), st.floats(1e-5, 6e-5)),
)
def test_any_gas_closes_by_size(
    *, mass, median, spread, diameter, cyclones, celsius, density, viscosity
):
    unit = cyclone(
        median_size={"Sb2O3": f"{median} um", "others": "20 um"},
        size_spread=spread,
        body_diameter=f"{diameter} m",
        cyclones=cyclones,
        temperature=f"{celsius} degC",
        particle_density=None if density is None else f"{density} kg/m^3",
        gas_viscosity=None if viscosity is None else f"{viscosity} Pa*s",
    )
    assert not unit.is_linear()
    check_unit(unit, SPECIES, {"gas": mass})


@pytest.mark.parametrize("unit", [cyclone(), by_size()], ids=["given", "by size"])
def test_zero_feed_gives_zero_and_figures(unit):
    check_zero_feed(unit, SPECIES)
    assert all(np.isfinite(value) for value, _ in told(unit, catch(unit, {})).values())
    assert warnings(unit, {}) == []


@pytest.mark.parametrize("unit", [cyclone(), by_size()], ids=["given", "by size"])
def test_derivative(unit):
    mass = np.linspace(1.0, 2.0, len(SPECIES))[:, None]
    check_derivative(unit, SPECIES, {"gas": mass})


def test_cut_of_a_textbook():
    """Cooper and Alley, Air Pollution Control, example of a conventional cyclone: 6.26 um.

    1 m, 150 m3/min at 350 K, 0.075 kg/m h, 1600 kg/m3, 6 turns (quoted from memory).
    """
    unit = by_size(
        median_size="6.26 um",
        particle_density="1600 kg/m^3",
        gas_viscosity="0.075 kg/m/hour",
        size_spread=1.0,
    )
    assert caught(unit) == pytest.approx(0.5, abs=0.005)


def test_overall_efficiency_of_a_textbook():
    """The same: 0-2-4-6-10-18-30-50-100 um hold 1, 9, 10, 30, 30, 14, 5, 1 %; 68 % are caught."""
    same = {"particle_density": "1600 kg/m^3", "gas_viscosity": "0.075 kg/m/hour"}
    middles = np.array([1.0, 3.0, 5.0, 8.0, 14.0, 24.0, 40.0, 75.0])
    shares = np.array([1.0, 9.0, 10.0, 30.0, 30.0, 14.0, 5.0, 1.0]) / 100.0
    by_class = [caught(by_size(median_size=f"{d} um", size_spread=1.0, **same)) for d in middles]
    assert shares @ by_class == pytest.approx(0.68, abs=0.015)
    log_normal = caught(by_size(median_size="10 um", size_spread=2.0, **same))
    assert log_normal == pytest.approx(0.68, abs=0.015)


def test_pressure_drop_of_a_textbook():
    """The same, 8 velocity heads at 20 m/s in air of 1.01 kg/m3: 1616 Pa."""
    flows = catch(by_size(), {"N2": FLOW})
    figures = told(by_size(), flows)
    assert figures["inlet velocity"] == (pytest.approx(20.0, rel=1e-3), "m/s")
    drop, unit = figures["pressure drop"]
    assert drop * 28.97 / 28.014 == pytest.approx(1616.0, rel=0.01)
    assert unit == "Pa"
    power, unit = figures["gas power, pressure drop times volume"]
    assert (power, unit) == (pytest.approx(drop * 2.5, rel=1e-3), "kW")
    dusty = told(by_size(), catch(by_size(), {"N2": FLOW, "SiO2": 0.3, "H2O": 0.1}))
    assert dusty["pressure drop"] == figures["pressure drop"]


@pytest.mark.parametrize("spread", [1.0, 1.7, 2.5, 5.0])
def test_a_median_at_the_cut_is_caught_by_half_whatever_the_spread(spread):
    cut, unit = told(by_size(), catch(by_size(), {"N2": FLOW}))["cut size of grains of 4000 kg/m3"]
    assert unit == "um"
    at_cut = by_size(median_size=f"{cut} m", size_spread=spread, particle_density="4000 kg/m^3")
    assert caught(at_cut) == pytest.approx(0.5, abs=1e-9)


@pytest.mark.parametrize("spread", [1.5, 3.0, 5.0])
@pytest.mark.parametrize("median", [0.7, 4.0, 30.0])
def test_sum_over_sizes_is_the_integral(median, spread):
    """Against grains of one size each, weighed by an independent quadrature over quantiles."""
    from scipy.stats import norm

    quantiles = (np.arange(400) + 0.5) / 400
    sizes = np.exp(norm.ppf(quantiles) * np.log(spread)) * median
    one_by_one = [caught(by_size(median_size=f"{d} um", size_spread=1.0)) for d in sizes]
    together = caught(by_size(median_size=f"{median} um", size_spread=spread))
    assert together == pytest.approx(np.mean(one_by_one), abs=1e-3)


@pytest.mark.parametrize(
    ("changed", "better"),
    [
        ({"body_diameter": "0.8 m"}, True),
        ({"cyclones": 2}, False),
        ({"temperature": "700 degC", "body_diameter": "1.8 m"}, False),
        ({"turns": 10}, True),
        ({"particle_density": "5000 kg/m^3"}, True),
        ({"gas_viscosity": "4e-5 Pa*s"}, False),
        ({"inlet_width": 0.2}, True),
        ({"inlet_height": 0.6}, False),
        ({"pressure": "0.6 atm"}, True),
    ],
)
def test_direction(changed, better):
    assert bool(caught(by_size(**changed)) > caught(by_size())) is better


def test_more_gas_and_more_cyclones_of_it_change_nothing():
    once = caught(by_size())
    assert caught(by_size(cyclones=4), nitrogen=4.0 * FLOW) == pytest.approx(once, rel=1e-12)
    assert caught(by_size(), nitrogen=2.0 * FLOW) > once


def test_hot_gas_is_thicker():
    """Air has 1.85e-5 Pa s at 300 K and 4.24e-5 at 1000 K (tables of Incropera: 184.6, 424.4)."""
    for kelvin, viscosity in ((300.0, "184.6e-7 Pa*s"), (1000.0, "424.4e-7 Pa*s")):
        default = caught(by_size(temperature=f"{kelvin} K"))
        given_one = caught(by_size(temperature=f"{kelvin} K", gas_viscosity=viscosity))
        assert default == pytest.approx(given_one, rel=0.01)


def test_density_is_that_of_the_species_and_assumed_without_one():
    quartz = by_size(particle_density={"SiO2": "2650 kg/m^3", "others": "1 kg/m^3"})
    assert caught(by_size()) == caught(quartz)
    assumed = by_size(particle_density={"As2O3": "4000 kg/m^3", "others": "1 kg/m^3"})
    assert caught(by_size(), "As2O3") == caught(assumed, "As2O3")
    droplets = by_size(particle_density={"As(aq)": "1000 kg/m^3", "others": "1 kg/m^3"})
    assert caught(by_size(), "As(aq)") == caught(droplets, "As(aq)")


def test_fume_vapour_and_gas_pass():
    unit = by_size(median_size={"Sb2O3": "0.3 um", "others": "30 um"}, size_spread=1.8)
    flows = catch(unit, {"N2": FLOW, "Sb2O3": 0.05, "SiO2": 0.05, "As4O6(g)": 0.1, "H2O": 0.01})
    share = {name: flows["dust"].of(name)[0] / flows["gas"].of(name)[0] for name in SPECIES[:4:2]}
    assert share["Sb2O3"] < 0.02
    assert share["SiO2"] > 0.85
    assert flows["dust"].gas.total()[0] == 0.0
    assert flows["dust"].of("H2O")[0] > 0.0


def test_without_gas_nothing_is_thrown_out():
    assert caught(by_size(), nitrogen=0.0) == 0.0


def test_given_efficiencies_with_dimensions_tell_velocity_but_no_cut():
    unit = cyclone(body_diameter="1 m", temperature="350 K")
    figures = told(unit, catch(unit, {"N2": FLOW, "SiO2": 0.1}))
    assert figures["inlet velocity"][0] == pytest.approx(20.0, rel=1e-3)
    assert figures["dust collected"] == (pytest.approx(0.7), "%")
    assert not any(label.startswith("cut size") for label in figures)
    assert "inlet velocity" not in told(cyclone(), catch(cyclone(), {"N2": 1.0}))


@pytest.mark.parametrize("unit", [by_size(), cyclone(temperature="350 K")])
def test_what_leaves_is_as_warm_as_the_cyclone(unit):
    assert unit.temperatures({}, unit.resolve(Slate(SPECIES))) == {"dust": 350.0, "cleaned": 350.0}
    assert cyclone().temperatures({}, cyclone().resolve(Slate(SPECIES))) == {}


@pytest.mark.parametrize(
    ("changed", "masses", "message"),
    [
        (
            {"collection_efficiency": 0.8},
            {"N2": 1.0, "Sb2O3": 0.1},
            r"80.0% of the Sb2O3 is caught, and of a fume .* catches less than 10 %; give it",
        ),
        (
            {"collection_efficiency": 0.4},
            {"N2": 1.0, "As2O3": 0.1},
            r"40.0% of the As2O3 is caught, and of a fume",
        ),
        (
            {"collection_efficiency": 0.99},
            {"N2": 1.0, "SiO2": 0.1},
            r"99.0% of the dust is caught, and cyclones catch 50 to 80 %",
        ),
        (
            {**SIZES, "median_size": {"Sb2O3": "0.5 um", "others": "30 um"}},
            {"N2": FLOW, "Sb2O3": 0.1, "SiO2": 0.1},
            r"^Sb2O3 of 0.5 um passes, [0-9.]+% of it is caught; put a bag filter",
        ),
        (
            {**SIZES, "body_diameter": "2 m"},
            {"N2": FLOW},
            r"inlet velocity of 5 m/s is outside the usual 10 to 30; take smaller .* or fewer",
        ),
        (
            {**SIZES, "body_diameter": "0.7 m"},
            {"N2": FLOW},
            r"inlet velocity of 40.8 m/s is outside the usual 10 to 30; take larger .* or more",
        ),
    ],
)
def test_warnings(changed, masses, message):
    (line,) = warnings(cyclone(**changed), masses)
    assert re.search(message, line), line


@pytest.mark.parametrize(
    ("unit", "masses"),
    [
        (cyclone(collection_efficiency={"Sb2O3": 0.05, "others": 0.8}), {"Sb2O3": 1.0, "SiO2": 1}),
        (by_size(), {"N2": FLOW, "SiO2": 0.1, "H2O": 0.1}),
        (by_size(median_size={"Sb2O3": "0.5 um", "others": "9 um"}), {"N2": FLOW, "SiO2": 0.1}),
        (by_size(median_size={"SO2": "0.5 um", "others": "9 um"}), {"N2": FLOW, "SO2": 0.1}),
    ],
)
def test_no_warning(unit, masses):
    assert warnings(unit, masses) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"collection_efficiency": None}, "give collection_efficiency or median_size, and not"),
        ({**SIZES, "collection_efficiency": 0.5}, "give collection_efficiency or median_size"),
        ({"median_size": "5 um"}, "median_size needs a body_diameter to find the cut; give it"),
        (
            {"median_size": "5 um", "body_diameter": "1 m"},
            "body_diameter needs the temperature of the gas; give it",
        ),
        ({"pressure": "0 Pa"}, 'pressure of 0 leaves no gas; give e.g. "101325 Pa"'),
        ({"inlet_width": 0.7}, "inlet_width of 0.7 of the body's diameter does not fit; .* 0.5"),
        ({"inlet_height": 1.2}, "inlet_height of 1.2 of the body's diameter .* give up to 1$"),
        ({"size_spread": 0.5}, r"size_spread of 0.5 is outside 1 \(all grains alike\) to 5; give"),
        ({"size_spread": {"SiO2": 6.0}}, "size_spread of 6 is outside 1"),
        ({"collection_efficiency": "101 %"}, "collection_efficiency: must lie between 0 and 1"),
    ],
)
def test_refused(changed, message):
    with pytest.raises(InputError, match=message):
        cyclone(**changed)


def test_parameters_may_differ_by_scenario():
    plant = Flowsheet(
        species=["SiO2", "N2"],
        units={
            "furnace": Feed(
                outlet="gas", flow="10 t/h", composition={"SiO2": "2 %"}, remainder="N2"
            ),
            "cyclone": by_size(size_spread={"SiO2": 2.0, "others": 2.0}),
        },
    )
    many = scenarios(
        plant,
        {
            "cyclone.body_diameter": ["1 m", "1.2 m", "1 m"],
            "cyclone.size_spread.SiO2": [2.0, 2.0, 3.0],
        },
    )
    row = plant.slate.row("SiO2")
    shares = many.flows["dust"][row] / many.flows["gas"][row]
    alone = [
        caught(by_size(body_diameter=d, size_spread=s), nitrogen=9.8 / 3.6)
        for d, s in (("1 m", 2.0), ("1.2 m", 2.0), ("1 m", 3.0))
    ]
    np.testing.assert_allclose(shares, alone, rtol=1e-9)


@pytest.mark.parametrize("name", ["median_size", "particle_density", "collection_efficiency"])
def test_what_gases_need_not_be_given(name):
    value = {"median_size": "9 um", "particle_density": "3 g/cm^3"}.get(name, 0.6)
    make = cyclone if name == "collection_efficiency" else by_size
    slate = Slate(SPECIES)
    condensed = [species.name for species in slate.species if species.phase != "gas"]
    unit = make(**{name: dict.fromkeys(condensed, value)})
    gas = {"N2": FLOW, "SO2": 0.1, "SiO2": 0.1}
    alike = catch(make(**{name: value}), gas)
    for port, flow in catch(unit, gas).items():
        np.testing.assert_array_equal(flow.mass, alike[port].mass)
    named = {each: value for each in condensed if each not in ("SiO2", "As(aq)")}
    lacking = ", ".join(each for each in condensed if each in ("SiO2", "As(aq)"))
    message = f"^{name}: no value for {re.escape(lacking)}; name them or give 'others' a value$"
    with pytest.raises(InputError, match=message):
        make(**{name: named}).resolve(slate)
