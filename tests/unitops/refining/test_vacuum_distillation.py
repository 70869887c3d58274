import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from tests.unitops.refining.stills import (
    EVERYTHING,
    SPECIES,
    distillation,
    flows_of,
    ideal,
    per_antimony,
    shown,
)
from unitops.refining.vacuum_distillation import VacuumDistillation
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

FRACTION = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0))
CUTS = ["antimony_evaporated", "moles_evaporated"]
COEFFICIENTS = ["constant", "by_composition"]


@given(
    mass=random_masses(len(EVERYTHING)),
    cut=st.sampled_from(CUTS),
    evaporated=FRACTION,
    temperature=st.floats(400.0, 930.0),
    beta=st.one_of(st.just(0.0), st.floats(1e-9, 200.0)),
    droplets=st.one_of(st.just(0.0), st.floats(0.0, 0.2)),
)
def test_any_feed_closes(*, mass, cut, evaporated, temperature, beta, droplets):
    unit = distillation(
        **{cut: evaporated},
        temperature=f"{temperature:.3f} degC",
        separation_coefficient={"Te": beta},
        entrainment=droplets,
    )
    check_unit(unit, EVERYTHING, {"feed": mass})


@given(mass=random_masses(2), evaporated=FRACTION, beta=st.floats(0.0, 1e3))
def test_any_cut_by_moles_evaporates_those_moles(mass, evaporated, beta):
    slate = Slate(["Sb", "Pb"])
    made = run(ideal(beta, moles_evaporated=evaporated), slate, {"feed": mass})
    molar = slate.molar_mass[:, None]
    volatile = np.array([[1.0], [float(beta >= 1e-12)]])
    into, out = (volatile * mass / molar).sum(0), (volatile * made["distillate"] / molar).sum(0)
    np.testing.assert_allclose(out, evaporated * into, rtol=1e-9, atol=1e-12 * into.max())


@pytest.mark.parametrize("cut", CUTS)
def test_zero_feed_gives_zero(cut):
    check_zero_feed(distillation(**{cut: 0.8}), EVERYTHING)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("evaporated", [0.0, 0.2, 0.9, 0.999])
def test_derivative(cut, evaporated):
    mass = np.linspace(0.01, 0.05, len(EVERYTHING)).reshape(-1, 1)
    mass[0] = 3.0
    check_derivative(distillation(**{cut: evaporated}), EVERYTHING, {"feed": mass})


@pytest.mark.parametrize("cut", CUTS)
def test_derivative_by_parameters(cut):
    slate = Slate(SPECIES)
    unit = distillation(**{cut: 0.4})
    feed = flow_of(slate, {"Sb": 1.0, "As": 0.01, "Pb": 0.02})
    p = unit.resolve(slate)

    def residue(**changes):
        return unit.run(feed, p=p.replaced(changes))["residue"].mass

    for name, value in {cut: 0.4, "temperature": 950.0, "entrainment": 0.02}.items():
        exact = residue(**{name: np.array([value + 1e-40j])}).imag / 1e-40
        step = 1e-5 * value
        difference = (residue(**{name: value + step}) - residue(**{name: value - step})) / step / 2
        np.testing.assert_allclose(exact, difference, rtol=1e-6, atol=1e-10)


RAYLEIGH = [
    (50.0, 0.01, 0.05, 0.0012571336344730072, 0.17611446094501287, 0.9583896192396472, 88.0572305),
    (10.0, 0.01, 0.2, 0.0014625194366895931, 0.04414992225324162, 0.8068989741925742, 88.2998445),
    (3.0, 0.02, 0.5, 0.005229503593988353, 0.034770496406011646, 0.5075359675540876, 86.9262410),
    (0.1, 0.01, 0.5, 0.018644301677420524, 0.0013556983225794725, 0.4956341910720099, 6.7784916),
    (0.01, 0.005, 0.9, 0.04883984871335955, 0.0001289056985156068, 0.0955939850539337, 2.3203026),
    (1.0, 0.03, 0.7, 0.03, 0.03, 0.3, 70.0),
    (0.3, 0.2, 0.6, 0.3559133616726289, 0.09605775888491408, 0.32204331916368556, 28.8173277),
]


@pytest.mark.parametrize(("beta", "x", "f", "left", "distilled", "antimony", "removed"), RAYLEIGH)
def test_rayleigh_distillation(*, beta, x, f, left, distilled, antimony, removed):
    masses = {"Sb": (1.0 - x) * 0.12176, "Pb": x * 0.2072}
    by_moles = ideal(beta, moles_evaporated=f)
    by_antimony = ideal(beta, antimony_evaporated=1.0 - antimony)
    for unit in (by_moles, by_antimony):
        flows, _ = flows_of(unit, ["Sb", "Pb"], masses)

        def fraction(port, flows=flows):
            return (flows[port].moles("Pb") / flows[port].moles("Sb", "Pb"))[0]

        assert fraction("residue") == pytest.approx(left, rel=1e-7)
        assert fraction("distillate") == pytest.approx(distilled, rel=1e-7)
        share = {s: (flows["residue"].of(s) / flows["feed"].of(s))[0] for s in ("Sb", "Pb")}
        assert share["Sb"] == pytest.approx(antimony, rel=1e-7)
        assert 100.0 * (1.0 - share["Pb"]) == pytest.approx(removed, rel=1e-7)


@given(evaporated=st.floats(0.01, 0.99), droplets=st.floats(0.0, 0.5))
def test_a_coefficient_of_one_changes_no_composition(evaporated, droplets):
    unit = distillation(
        antimony_evaporated=evaporated,
        separation_coefficient={"Pb": 1.0},
        entrainment=droplets,
    )
    flows, _ = flows_of(unit, ["Sb", "Pb"], {"Sb": 0.9, "Pb": 0.1})
    for port in ("distillate", "residue"):
        assert flows[port].of("Pb") / flows[port].of("Sb") == pytest.approx(0.1 / 0.9, rel=1e-12)


@pytest.mark.parametrize("cut", CUTS)
def test_no_and_complete_evaporation(cut):
    masses = {"Sb": 1.0, "As": 0.01, "Pb": 0.01, "SiO2": 0.01}
    flows, _ = flows_of(distillation(**{cut: 0.0}), EVERYTHING, masses)
    assert flows["distillate"].total()[0] == 0.0
    flows, _ = flows_of(distillation(**{cut: 1.0}, entrainment=0.0), EVERYTHING, masses)
    assert flows["residue"].total()[0] == flows["residue"].of("SiO2")[0] == 0.01


def test_gases_and_water_go_to_the_distillate_and_unknown_solids_stay():
    unit = distillation(antimony_evaporated=0.5, entrainment=0.0)
    masses = {"Sb": 1.0, "SiO2": 0.1, "Sb2O3": 0.1, "H2O": 0.1, "N2": 0.1}
    flows, _ = flows_of(unit, EVERYTHING, masses)
    assert flows["distillate"].of("H2O", "N2")[0] == pytest.approx(0.2)
    assert flows["residue"].of("SiO2", "Sb2O3")[0] == pytest.approx(0.2)


@pytest.mark.parametrize("impurity", ["Pb", "Bi", "Fe", "Cu", "Ag", "Au", "Sn", "Ni", "SiO2"])
def test_heavy_metals_stay_behind(impurity):
    unit = distillation(antimony_evaporated=0.9)
    flows, _ = flows_of(unit, [*EVERYTHING, "Ag"], {"Sb": 1.0, impurity: 1e-9})
    assert flows["distillate"].of(impurity)[0] < 0.05e-9
    assert flows["distillate"].of(impurity)[0] > 0.01e-9


@pytest.mark.parametrize("impurity", ["As", "Zn", "Na", "S"])
def test_light_elements_leave_first(impurity):
    unit = distillation(antimony_evaporated=0.2, entrainment=0.0)
    flows, _ = flows_of(unit, EVERYTHING, {"Sb": 1.0, impurity: 1e-9})
    assert flows["residue"].of(impurity)[0] < 0.1e-9


def test_arsenic_left_in_the_residue_after_a_light_cut():
    # Coefficient 13, 20 % evaporated: 0.069 of the concentration stays, 0.8 times that in mass.
    unit = distillation(antimony_evaporated=0.2, entrainment=0.0)
    flows, _ = flows_of(unit, SPECIES, {"Sb": 1.0, "As": 1e-9})
    concentration = flows["residue"].of("As") / flows["residue"].of("Sb") / 1e-9
    assert concentration[0] == pytest.approx(0.069, abs=5e-4)


def test_mean_distillate_of_a_heart_cut():
    # Coefficient 0.02, 90 % evaporated: 0.050 of the concentration of the feed.
    flows, _ = flows_of(ideal(0.02, antimony_evaporated=0.9), SPECIES, {"Sb": 1.0, "Pb": 1e-9})
    concentration = flows["distillate"].of("Pb") / flows["distillate"].of("Sb") / 1e-9
    assert concentration[0] == pytest.approx(0.050, abs=5e-4)


def test_trace_impurities_keep_their_digits():
    masses = {"Sb": 1.0, "Pb": 1.0, "As": 1.0}
    traces = {"Sb": 1.0, "Pb": 1e-12, "As": 1e-12}
    unit = distillation(antimony_evaporated=0.9)
    large, _ = flows_of(unit, SPECIES, masses)
    small, _ = flows_of(unit, SPECIES, traces)
    for port in ("distillate", "residue"):
        for name in ("Pb", "As"):
            assert small[port].of(name)[0] * 1e12 == pytest.approx(large[port].of(name)[0])


def test_temperature_may_differ_between_scenarios():
    slate = Slate(SPECIES)
    unit = distillation(antimony_evaporated=0.9)
    feed = flow_of(slate, {"Sb": 1.0, "Pb": 0.01}, columns=2)
    p = unit.resolve(slate).replaced({"temperature": np.array([923.0, 1073.0])})
    lead = unit.run(feed, p=p)["distillate"].of("Pb")
    assert lead[1] > lead[0]


def test_a_coefficient_that_is_given_is_not_warned_about():
    unit = distillation(antimony_evaporated=0.5, separation_coefficient={"Sb2O3": 3.0})
    flows, p = flows_of(unit, EVERYTHING, {"Sb": 1.0, "Sb2O3": 0.01})
    assert not unit.warnings(flows, p)


def test_purities():
    unit = ideal(0.0, antimony_evaporated=0.5)
    flows, p = flows_of(unit, ["Sb", "Pb"], {"Sb": 0.9, "Pb": 0.1})
    assert shown(unit, flows, p, "purity of the distillate") == 100.0
    assert shown(unit, flows, p, "purity of the residue") == pytest.approx(100 * 0.45 / 0.55)


def test_a_species_that_is_not_in_the_flowsheet_is_refused():
    unit = distillation(antimony_evaporated=0.2, separation_coefficient={"Pd": 0.1})
    with pytest.raises(InputError, match="separation_coefficient: no species 'Pd'"):
        unit.resolve(Slate(SPECIES))


def test_the_order_of_species_makes_no_difference():
    unit = distillation(antimony_evaporated=0.5, temperature="700 degC")
    masses = {"Sb": 1.0, "Pb": 0.01, "Zn": 0.02, "SiO2": 0.03}
    shares = []
    for names in (["Sb", "Pb", "Zn", "SiO2"], ["SiO2", "Zn", "Pb", "Sb"]):
        flows, _ = flows_of(unit, names, masses)
        shares.append([flows["distillate"].of(name)[0] for name in masses])
    np.testing.assert_allclose(shares[0], shares[1], rtol=1e-13)


def test_species_needed():
    assert set(distillation(antimony_evaporated=0.2).required_species()) == {"Sb"}


def test_it_is_linear_only_where_the_antimony_evaporated_is_given():
    assert distillation(antimony_evaporated=0.5).is_linear()
    assert not distillation(moles_evaporated=0.5).is_linear()


@settings(max_examples=15, deadline=None)
@given(
    mass=random_masses(len(EVERYTHING), 3),
    cut=st.sampled_from(CUTS),
    evaporated=st.one_of(st.just(0.0), st.floats(0.0, 0.999)),
    temperature=st.floats(500.0, 930.0),
    droplets=st.one_of(st.just(0.0), st.floats(0.0, 0.2)),
    transfer=st.sampled_from([None, "1e-6 m/s", "1e-4 m/s"]),
)
def test_any_feed_closes_by_composition(*, mass, cut, evaporated, temperature, droplets, transfer):
    unit = distillation(
        **{cut: evaporated},
        coefficients="by_composition",
        temperature=f"{temperature:.3f} degC",
        entrainment=droplets,
        melt_transfer=transfer,
    )
    check_unit(unit, EVERYTHING, {"feed": mass})


@pytest.mark.parametrize("cut", CUTS)
def test_by_composition_of_nothing_and_of_what_does_not_evaporate(cut):
    unit = distillation(**{cut: 0.9}, coefficients="by_composition", entrainment=0.0)
    check_zero_feed(unit, EVERYTHING)
    flows, _ = flows_of(unit, EVERYTHING, {"Ni": 1.0, "SiO2": 1.0})
    assert flows["residue"].total()[0] == pytest.approx(2.0, rel=1e-9)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("evaporated", [0.0, 0.2, 0.9])
def test_derivative_by_composition(cut, evaporated):
    mass = np.linspace(0.01, 0.05, len(EVERYTHING)).reshape(-1, 1)
    mass[0] = 1.0
    unit = distillation(**{cut: evaporated}, coefficients="by_composition")
    check_derivative(unit, EVERYTHING, {"feed": mass})


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("parameter", ["cut", "temperature", "entrainment", "residual_gas"])
def test_derivative_of_a_melt_by_composition_by_parameters(cut, parameter):
    unit = distillation(
        **{cut: 0.4}, coefficients="by_composition", melt_transfer="2e-6 m/s", entrainment=0.02
    )
    slate = Slate(SPECIES)
    feed = flow_of(slate, {"Sb": 1.0, "As": 0.1, "Pb": 0.2, "Sn": 0.2})
    p = unit.resolve(slate)
    name = cut if parameter == "cut" else parameter
    value = getattr(p, name)

    def residue(changed):
        return unit.run(feed, p=p.replaced({name: np.array([changed])}))["residue"].mass

    exact = residue(value + 1e-40j).imag / 1e-40
    difference = (residue(value * (1 + 1e-5)) - residue(value * (1 - 1e-5))) / (2e-5 * value)
    np.testing.assert_allclose(exact, difference, rtol=1e-4, atol=1e-7)
    assert np.any(np.abs(exact) > 1e-6)


@pytest.mark.parametrize("cut", CUTS)
def test_traces_do_not_care_whether_coefficients_follow_the_composition(cut):
    masses = {"Sb": 1.0, "As": 1e-9, "Pb": 1e-9, "Zn": 1e-9, "Fe": 1e-9, "Te": 1e-9}
    shares = []
    for coefficients in COEFFICIENTS:
        unit = distillation(**{cut: 0.6}, coefficients=coefficients)
        flows, _ = flows_of(unit, SPECIES, masses)
        shares.append([flows["residue"].of(name)[0] for name in masses])
    np.testing.assert_allclose(shares[0], shares[1], rtol=1e-6)


@given(
    pair=st.tuples(st.floats(0.0, 0.99), st.floats(0.0, 0.99)).map(sorted),
    impurity=st.sampled_from(["As", "Zn", "Na", "S", "Te"]),
    transfer=st.sampled_from([None, "2e-6 m/s"]),
)
def test_more_evaporated_never_leaves_a_volatile_impurity_higher(pair, impurity, transfer):
    left = []
    for evaporated in pair:
        unit = distillation(antimony_evaporated=evaporated, melt_transfer=transfer)
        flows, _ = flows_of(unit, SPECIES, {"Sb": 1.0, impurity: 1e-3})
        left.append(per_antimony(flows["residue"], impurity))
    assert left[1] <= left[0] * (1.0 + 1e-12)
    assert left[0] <= 1e-3 * (1.0 + 1e-12)


@settings(max_examples=25, deadline=None)
@given(
    evaporated=st.floats(0.01, 0.99),
    impurities=st.lists(st.floats(0.0, 0.2), min_size=4, max_size=4),
    coefficients=st.sampled_from(COEFFICIENTS),
    temperature=st.floats(631.0, 900.0),
)
def test_purity_is_what_the_mass_balance_allows(
    *, evaporated, impurities, coefficients, temperature
):
    masses = {"Sb": 1.0, **dict(zip(("As", "Pb", "Sn", "Zn"), impurities, strict=True))}
    unit = distillation(
        antimony_evaporated=evaporated,
        coefficients=coefficients,
        temperature=f"{temperature:.2f} degC",
    )
    flows, p = flows_of(unit, SPECIES, masses)
    shares = {port: flows[port].total()[0] for port in ("distillate", "residue")}
    purities = {port: shown(unit, flows, p, f"purity of the {port}") / 100.0 for port in shares}
    assert all(0.0 <= purity <= 1.0 for purity in purities.values())
    antimony = sum(shares[port] * purities[port] for port in shares)
    assert antimony == pytest.approx(1.0, rel=1e-9)
    assert sum(shares.values()) == pytest.approx(sum(masses.values()), rel=1e-12)


def species_flow(solution, stream, name):
    """In kg/s."""
    return solution.flows[stream][solution.flowsheet.slate.row(name), 0]


def stills_in_series(traces, light_back, heart_back):
    """A light and a heart still; part of either side stream returns to the first."""
    return Flowsheet(
        species=["Sb", *traces],
        units={
            "metal": Feed(outlet="metal", flow="1 kg/s", composition=traces, remainder="Sb"),
            "light_still": VacuumDistillation(
                feed=["metal", "light_returned", "residue_returned"],
                distillate="light_cut",
                residue="stripped",
                antimony_evaporated=0.3,
                temperature="640 degC",
            ),
            "heart_still": VacuumDistillation(
                feed="stripped",
                distillate="pure",
                residue="still_residue",
                antimony_evaporated=0.9,
                temperature="655 degC",
            ),
            "light_bleed": Splitter(
                feed="light_cut",
                product="light_returned",
                remainder="light_out",
                fraction=light_back,
            ),
            "residue_bleed": Splitter(
                feed="still_residue",
                product="residue_returned",
                remainder="residue_out",
                fraction=heart_back,
            ),
        },
    )


def test_traces_keep_six_digits_through_a_recycle():
    traces = {"As": 1e-9, "Pb": 1e-9, "Zn": 1e-9, "Fe": 1e-9}
    solution = solve(stills_in_series(traces, light_back=0.8, heart_back=0.9))
    for name, trace in traces.items():
        single = {}
        for cut, temperature in ((0.3, "640 degC"), (0.9, "655 degC")):
            unit = distillation(antimony_evaporated=cut, temperature=temperature)
            flows, _ = flows_of(unit, ["Sb", name], {"Sb": 1.0, name: 1e-9})
            single[cut] = flows["distillate"].of(name)[0] / 1e-9
        light, heart = single[0.3], single[0.9]
        # One element in a linear circuit: what enters over one less what comes back.
        through = trace / (1.0 - 0.8 * light - 0.9 * (1.0 - light) * (1.0 - heart))
        found = species_flow(solution, "pure", name)
        assert found == pytest.approx(through * (1.0 - light) * heart, rel=1e-6), name


def test_stills_in_series_by_composition_settle():
    # The same circuit with melts that hold percents, and coefficients that follow.
    flowsheet = stills_in_series({"As": 0.02, "Pb": 0.08, "Sn": 0.02}, 0.5, 0.5)
    stills = {f"{name}.coefficients": "by_composition" for name in ("light_still", "heart_still")}
    solution = solve(flowsheet, set=stills)
    into = species_flow(solution, "metal", "Pb")
    out = sum(
        species_flow(solution, stream, "Pb") for stream in ("pure", "light_out", "residue_out")
    )
    assert out == pytest.approx(into, rel=1e-9)
    constant = solve(stills_in_series({"As": 0.02, "Pb": 0.08, "Sn": 0.02}, 0.5, 0.5))
    assert solution["pure"].grade("Pb") > 1.1 * constant["pure"].grade("Pb")


def test_surface_time_and_stills_of_a_duty():
    # 1 t/h half evaporated; 20 mm of 6.49 t/m3 are 0.1298 t/m2, half of which leaves.
    unit = distillation(antimony_evaporated=0.5, turnaround="2 h", still_area="4 m^2")
    flows, p = flows_of(unit, ["Sb"], {"Sb": 1000.0 / 3600.0})
    rate = shown(unit, flows, p, "evaporation per surface")
    time = 64.9 / rate
    assert shown(unit, flows, p, "surface of melt that evaporates") == pytest.approx(500.0 / rate)
    assert shown(unit, flows, p, "time of evaporation of a charge") == pytest.approx(time)
    assert shown(unit, flows, p, "charge of one still") == pytest.approx(4 * 0.1298)
    assert shown(unit, flows, p, "stills") == pytest.approx((time + 2.0) / (4 * 0.1298))
    assert shown(unit, flows, p, "antimony to the distillate") == 50.0


def test_heat_of_evaporation():
    # Clausius and Clapeyron on the vapour pressure: 6500 K ln 10 R is 124 kJ per mole of vapour,
    # nearly all Sb4: 71 kWh per t.
    unit = distillation(antimony_evaporated=0.5, thermal_efficiency=0.25)
    flows, p = flows_of(unit, ["Sb"], {"Sb": 2.0})
    per_tonne = 6500.0 * np.log(10.0) * 8.314 / 0.487 / 3600.0
    heat = shown(unit, flows, p, "heat of evaporation")
    assert heat == pytest.approx(per_tonne * 3.6, rel=0.12)  # of 1 kg/s
    assert shown(unit, flows, p, "power of the stills") == pytest.approx(4.0 * heat)
    energy = shown(unit, flows, p, "energy per antimony evaporated")
    assert energy == pytest.approx(4.0 * heat / 3.6)


def test_heat_of_a_still_that_is_fed_cold():
    # Solid antimony at 25 degC to residue at 650 and distillate at 450, by its heat capacities
    # and 19.87 kJ/mol of fusion: what evaporates has condensed again.
    plant = Flowsheet(
        species=["Sb"],
        units={
            "metal": Feed(outlet="metal", flow="1 kg/s", composition={"Sb": 1.0}),
            "still": VacuumDistillation(
                feed="metal", distillate="d", residue="r", antimony_evaporated=0.5
            ),
        },
    )
    solution = solve(plant)

    def solid(kelvin):
        return 23.054 * (kelvin - 298.15) + 0.00728 / 2.0 * (kelvin**2 - 298.15**2)

    residue = solid(903.78) + 19874.0 + 31.38 * (923.15 - 903.78)
    expected = 0.5 * (residue + solid(723.15)) / 0.12176
    assert solution.heat("still").to("W").magnitude == pytest.approx(expected, rel=1e-3)
    assert solution["d"].temperature("degC").magnitude == pytest.approx(450.0)


def test_the_error_of_the_integration_is_shown_and_small():
    masses = {"Sb": 1.0, "Pb": 0.3, "Sn": 0.3}
    unit = distillation(antimony_evaporated=0.9, coefficients="by_composition")
    flows, p = flows_of(unit, SPECIES, masses)
    label = "error of ln n from half steps, at most"
    assert 0.0 < shown(unit, flows, p, label) < 1e-7
    constant = distillation(antimony_evaporated=0.9)
    assert label not in {figure.label for figure in constant.figures(flows, p)} - {label}
    assert label not in {f.label for f in constant.figures(*flows_of(constant, SPECIES, masses))}


@pytest.mark.parametrize(
    ("parameters", "masses", "said"),
    [
        ({"temperature": "620 degC"}, {}, "temperature of 620.0 degC is below the melting point"),
        (
            {"residual_gas": "100 Pa"},
            {},
            r"gas of 100 Pa exceeds the vapour pressure of antimony \(28.4 Pa\): vapour leaves by "
            r"diffusion, at 9 % of the rate without gas",
        ),
        ({}, {"As": 0.2}, "As is 24.5 mol-% of the melt"),
        ({"antimony_evaporated": 0.9}, {"Pb": 0.02}, "Pb is 10.. mol-% of the residue.*by_comp"),
        ({}, {"SiO2": 0.1, "Sb2O3": 0.1}, "no vapour pressure of SiO2, Sb2O3: counted as not"),
        (
            {"temperature": "920 degC"},
            {},
            "temperature of 920 degC boils the upper 17 mm of the melt: it splashes, droplets are "
            "more than the entrainment of 1 %",
        ),
        (
            {"coefficients": "by_composition"},
            {"Sn": 0.4},
            "rate, surface and stills are of pure antimony; the residue evaporates at 6.1 % of it",
        ),
        (
            {"coefficients": "by_composition", "antimony_evaporated": 0.99},
            {"Ni": 1.0},
            "antimony is 0.502 mol-% of the residue: it is no longer the solvent",
        ),
    ],
)
def test_what_is_outside_the_model_is_said(parameters, masses, said):
    unit = distillation(**{"antimony_evaporated": 0.5, **parameters})
    flows, p = flows_of(unit, EVERYTHING, {"Sb": 1.0, **masses})
    assert sum(re.search(said, warning) is not None for warning in unit.warnings(flows, p)) == 1


def test_a_pure_melt_needs_no_warning():
    for coefficients in COEFFICIENTS:
        unit = distillation(antimony_evaporated=0.5, coefficients=coefficients)
        flows, p = flows_of(unit, SPECIES, {"Sb": 1.0, "Pb": 1e-3})
        assert not unit.warnings(flows, p)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "give either antimony_evaporated or moles_evaporated, and not both"),
        ({"antimony_evaporated": 0.2, "moles_evaporated": 0.2}, "and not both"),
        (
            {"antimony_evaporated": 0.2, "temperature": "1100 degC"},
            r"temperature of 1100 degC is above the boiling temperature of antimony, 934 degC at "
            r"the 1283 Pa on the bottom of the melt \(residual gas and 20 mm of metal\); give less",
        ),
        ({"antimony_evaporated": 0.2, "temperature": "1700 degC", "melt_depth": "1 m"}, "boiling"),
        ({"antimony_evaporated": 0.2, "temperature": "20 degC"}, "20 degC evaporates no antimony"),
        ({"antimony_evaporated": 0.2, "accommodation": 0.0}, "accommodation of 0 lets nothing"),
        ({"antimony_evaporated": 0.2, "thermal_efficiency": 0.0}, "thermal_efficiency of 0 lets"),
        ({"antimony_evaporated": 0.2, "still_area": "0 m^2"}, "still_area of 0 holds no melt"),
        ({"antimony_evaporated": 0.2, "melt_transfer": "0 m/s"}, "melt_transfer of 0 keeps"),
        (
            {"antimony_evaporated": 1.0, "coefficients": "by_composition"},
            "antimony_evaporated of 100 % leaves nothing to follow by_composition; give at most "
            "99.9 %",
        ),
        (
            {"moles_evaporated": 1.0, "coefficients": "by_composition"},
            "moles_evaporated of 100 % leaves nothing to follow",
        ),
        (
            {"antimony_evaporated": 0.2, "separation_coefficient": {"Sb": 2.0}},
            "separation_coefficient.Sb is 1 by definition",
        ),
    ],
)
def test_nonsense_is_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        distillation(**parameters)


def test_a_melt_that_boils_in_some_scenarios_is_refused_there():
    unit = distillation(antimony_evaporated=0.5)
    flows, p = flows_of(unit, ["Sb"], {"Sb": np.array([1.0, 1.0])})
    assert list(unit.refusals(flows, p)) == ["", ""]
    cold, hot = unit.refusals(flows, p.replaced({"temperature": np.array([923.0, 1300.0])}))
    assert not cold
    assert hot.startswith("temperature of 1027 degC is above the boiling temperature of antimony")


def test_a_given_coefficient_stands_as_it_is():
    # Measured coefficients hold droplets and transport already: 0.3 left of 0.5^0.02 in moles.
    unit = distillation(
        antimony_evaporated=0.5,
        separation_coefficient={"Pb": 0.02},
        entrainment=0.1,
        melt_transfer="1e-6 m/s",
    )
    for coefficients in COEFFICIENTS:
        same = unit.model_copy(update={"coefficients": coefficients})
        flows, _ = flows_of(same, ["Sb", "Pb"], {"Sb": 1.0, "Pb": 1e-6})
        assert flows["residue"].of("Pb")[0] == pytest.approx(1e-6 * 0.5**0.02, rel=1e-8)


@pytest.mark.parametrize("coefficients", COEFFICIENTS)
def test_an_empty_still_has_figures_and_nothing_to_warn_about(coefficients):
    unit = distillation(antimony_evaporated=0.5, coefficients=coefficients)
    flows, p = flows_of(unit, SPECIES, {"Sb": 0.0})
    assert not unit.warnings(flows, p)
    assert shown(unit, flows, p, "stills") == 0.0
    assert shown(unit, flows, p, "time of evaporation of a charge") == 0.0


def test_ideal_molecular_and_effective_coefficients_are_shown_side_by_side():
    unit = distillation(antimony_evaporated=0.5, temperature="923 K", entrainment=0.01)
    flows, p = flows_of(unit, ["Sb", "Pb", "As"], {"Sb": 1.0})
    found = {
        kind: shown(unit, flows, p, f"{kind} separation coefficient of Pb")
        for kind in ("ideal", "molecular", "effective")
    }
    # 0.9 times 0.0086, the ratio of the vapour pressures; and with droplets of 1 %.
    assert found["ideal"] == pytest.approx(0.9 * 0.00864, rel=0.01)
    assert found["effective"] == pytest.approx((found["molecular"] + 0.01) / 1.01)
    assert shown(unit, flows, p, "molecular separation coefficient of As") == 13.0
    labels = {figure.label for figure in unit.figures(flows, p)}
    assert "ideal separation coefficient of As" not in labels


def test_following_the_composition_is_not_linear():
    assert not distillation(antimony_evaporated=0.5, coefficients="by_composition").is_linear()
