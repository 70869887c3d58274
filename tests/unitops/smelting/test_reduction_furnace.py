import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.slate import Slate
from tests.unitops.properties import (
    check_derivative,
    check_unit,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.smelting.reduction_furnace import ReductionFurnace

PORTS = {
    "feed": "oxide",
    "reductant": "coke",
    "flux": "flux",
    "fuel": "coal",
    "air": "air",
    "metal": "crude",
    "matte": "matte",
    "slag": "slag",
    "gas": "off_gas",
}
PURE = ["Sb2O3", "Sb", "C", "CO", "CO2", "Na2CO3", "Na2O"]
MIXED = [
    *(
        "Sb2O3",
        "Sb2O4",
        "Sb2S3",
        "NaSbO3",
        "Na3AsO4",
        "FeAsO4",
        "As2O3",
        "PbO",
        "Fe2O3",
        "FeO",
        "Cu2O",
    ),
    *("SiO2", "H2O", "H2O(g)", "N2", "H2SO4", "C", "Sb", "As", "Pb", "Fe", "Cu", "Au", "FeS"),
    *("CO", "CO2", "Na2CO3", "Na2O", "Zn", "O2", "Na2S", "CaO", "CaCO3", "Al2O3"),
    *("Sb4O6(g)", "As4O6(g)"),
]
COPPER = (
    r"Sb2O3 \+ 6 Cu -> 2 Sb \+ 3 Cu2O does not go at 1200 K: its Gibbs energy is \+15[3-5] kJ "
    r"\(equilibrium constant 2\.0e-7\); use carbon, or iron on the sulphide"
)
CRUDE_OXIDE = {"Sb2O3": 940.0, "As2O3": 15.0, "PbO": 5.0, "Fe2O3": 5.0, "SiO2": 20.0, "Sb2S3": 15.0}


def furnace(**given):
    return ReductionFurnace(**PORTS, **given)


def ideal(**given):
    """No losses and no soda, so that the figures of the reduction itself can be read off."""
    return furnace(
        antimony_to_fume=0.0,
        antimony_to_slag=0.0,
        soda_ratio=0.0,
        carbon_monoxide_burnt=0.0,
        **{"reductant_fixed_carbon": 1.0, **given},
    )


def smelt(unit, species, **masses):
    """Run on masses in kg (per second); return port -> species -> kg, the flows, and warnings."""
    slate = Slate(species)
    feed = np.zeros((len(species), 1))
    for name, mass in masses.items():
        feed[slate.row(name)] = mass
    made = run(unit, slate, {"feed": feed})
    flows = {name: Flow(slate, mass) for name, mass in {**made, "feed": feed}.items()}
    p = unit.resolve(slate)
    table = {
        port: dict(zip(species, mass[:, 0].tolist(), strict=True)) for port, mass in made.items()
    }
    figures = {figure.label: figure.value[0] for figure in unit.figures(flows, p)}
    return table, figures, unit.warnings(flows, p)


fractions = st.fixed_dictionaries(
    {
        "carbon_monoxide_fraction": st.floats(0.0, 1.0),
        "carbon_excess": st.floats(0.0, 2.0),
        "reductant_fixed_carbon": st.floats(0.5, 1.0),
        "soda_ratio": st.floats(0.0, 0.2),
        "antimony_to_fume": st.floats(0.0, 0.5),
        "antimony_to_slag": st.floats(0.0, 0.5),
        "arsenic_to_metal": st.floats(0.0, 0.6),
        "arsenic_to_fume": st.floats(0.0, 0.4),
        "lead_to_metal": st.floats(0.0, 1.0),
        "iron_to_metal": st.floats(0.0, 0.9),
        "other_metals_to_metal": st.floats(0.0, 1.0),
        "sulphide_to_metal": st.floats(0.0, 1.0),
        "sulphide_by_soda": st.floats(0.0, 1.0),
        "sulphide_to_matte": st.floats(0.0, 1.0),
        "reduced_to_matte": st.fixed_dictionaries(
            {"As": st.floats(0.0, 1.0), "Fe": st.floats(0.0, 1.0), "Au": st.floats(0.0, 1.0)}
        ),
        "carbon_monoxide_burnt": st.floats(0.0, 1.0),
        "fuel_ratio": st.floats(0.0, 0.5),
        "excess_air": st.floats(0.0, 0.5),
    }
)


@settings(max_examples=40, deadline=None)
@given(mass=random_masses(len(MIXED), 2), given=fractions)
def test_any_feed_closes_with_carbon(mass, given):
    check_unit(furnace(**given), MIXED, {"feed": mass})


@settings(max_examples=25, deadline=None)
@given(mass=random_masses(len(MIXED), 2), given=fractions)
def test_any_feed_closes_with_iron(mass, given):
    iron = {**given, "carbon_excess": 0.0, "reductant_kind": "iron"}
    check_unit(furnace(**iron), MIXED, {"feed": mass})


@pytest.mark.parametrize("whole", ["antimony_to_fume", "antimony_to_slag", "arsenic_to_metal"])
def test_a_share_of_all_closes(whole):
    others = {"antimony_to_fume": 0.0, "antimony_to_slag": 0.0, "arsenic_to_fume": 0.0}
    unit = furnace(**{**others, whole: 1.0})
    check_unit(unit, MIXED, {"feed": np.full((len(MIXED), 1), 3.7)})


def test_shares_that_make_up_the_whole_leave_nothing_negative():
    unit = furnace(
        antimony_to_fume=0.7, antimony_to_slag=0.3, arsenic_to_metal=0.7, arsenic_to_fume=0.3
    )
    check_unit(unit, MIXED, {"feed": np.full((len(MIXED), 1), 3.7)})


def test_a_slate_of_the_minimum_closes():
    unit = furnace(reductant_fixed_carbon=1.0, carbon_monoxide_burnt=0.0)
    check_unit(unit, PURE, {"feed": np.full((len(PURE), 1), 2.0)})


@pytest.mark.parametrize("kind", ["coke", "charcoal", "iron"])
def test_zero_feed_gives_zero(kind):
    check_zero_feed(furnace(reductant_kind=kind), MIXED)


TARGET = {"FeO": "36.2 %", "SiO2": "31.9 %", "CaO": "12.0 %", "Na2O": "20.0 %"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"reductant_kind": "iron"},
        {"carbon_excess": 0.3},
        {"fuel_ratio": 0.2},
        {"gas_composition": "equilibrium"},
        {"antimony_in_slag": "5 %"},
        {"slag_target": TARGET, "antimony_in_slag": "0.97 %"},
    ],
)
def test_derivative(given):
    feed = np.linspace(1.0, 3.0, len(MIXED))[:, None]
    check_derivative(furnace(**given), MIXED, {"feed": feed})


@pytest.mark.parametrize(
    ("monoxide", "carbon"),
    [
        (0.0, 61.80257069056007),
        (0.25, 70.63150936064008),
        (0.5, 82.40342758741343),
        (0.75, 98.88411310489612),
        (1.0, 123.60514138112013),
    ],
)
def test_carbon_to_reduce_a_tonne_of_oxide(monoxide, carbon):
    made, _, _ = smelt(ideal(carbon_monoxide_fraction=monoxide), PURE, Sb2O3=1000.0)
    assert made["reductant"]["C"] == pytest.approx(carbon, rel=1e-4)
    assert made["metal"]["Sb"] == pytest.approx(835.3543704140754, rel=1e-4)
    assert sum(made["slag"].values()) == 0.0


@pytest.mark.parametrize(
    ("monoxide", "per_tonne"), [(0.0, 73.98365637319316), (1.0, 147.9673127463863)]
)
def test_carbon_per_tonne_of_antimony(monoxide, per_tonne):
    _, figures, _ = smelt(ideal(carbon_monoxide_fraction=monoxide), PURE, Sb2O3=1000.0)
    assert 1000.0 * figures["reductant per metal"] == pytest.approx(per_tonne, rel=1e-4)


@pytest.mark.parametrize("monoxide", [0.0, 0.3, 1.0])
def test_the_gas_has_the_composition_asked_for(monoxide):
    slate = Slate(PURE)
    feed = np.zeros((len(PURE), 1))
    feed[slate.row("Sb2O3")] = 1.0
    made = run(ideal(carbon_monoxide_fraction=monoxide), slate, {"feed": feed})
    gas = Flow(slate, made["gas"])
    share = gas.moles("CO") / gas.moles("CO", "CO2")
    assert share[0] == pytest.approx(monoxide, abs=1e-12)


def test_microwave_optimum_of_reductant():
    """Published optimum 0.123 kg carbon per kg oxide: all the oxygen leaves as CO."""
    _, figures, _ = smelt(ideal(carbon_monoxide_fraction=1.0), PURE, Sb2O3=1.0)
    assert figures["reductant demand"] == pytest.approx(0.123, rel=0.01)


def test_coal_with_defaults_is_what_reverberatories_use():
    """8 to 12 % of the oxide."""
    made, _, _ = smelt(furnace(), MIXED, Sb2O3=1000.0)
    assert 80.0 < sum(made["reductant"].values()) < 120.0


def test_iron_reduces_oxide_to_wuestite():
    species = ["Sb2O3", "Sb", "Fe", "FeO", "CO2", "Na2CO3", "Na2O"]
    made, _, _ = smelt(ideal(reductant_kind="iron", iron_to_metal=0.0), species, Sb2O3=291.52)
    assert made["reductant"]["Fe"] == pytest.approx(3 * 55.845, rel=1e-4)
    assert made["metal"] == {**dict.fromkeys(species, 0.0), "Sb": pytest.approx(243.52, rel=1e-4)}
    assert made["slag"]["FeO"] == pytest.approx(3 * 71.844, rel=1e-4)


def test_iron_that_is_dissolved_is_drawn_beyond():
    made, _, _ = smelt(
        furnace(reductant_kind="iron", iron_to_metal=0.1), MIXED, Sb2O3=1000.0, Fe2O3=20.0
    )
    assert made["metal"]["Fe"] == pytest.approx(0.1 * made["reductant"]["Fe"], rel=1e-12)


def test_excess_carbon_and_ash_go_to_the_slag():
    coke = {"reductant_fixed_carbon": 0.85}
    exact, _, _ = smelt(furnace(**coke), MIXED, Sb2O3=1000.0)
    more, _, _ = smelt(furnace(carbon_excess=0.25, **coke), MIXED, Sb2O3=1000.0, C=3.0)
    assert exact["slag"]["C"] == 0.0
    assert more["slag"]["C"] == pytest.approx(0.25 * exact["reductant"]["C"] + 3.0, rel=1e-12)
    coal = sum(more["reductant"].values())
    assert more["slag"]["SiO2"] == pytest.approx(0.15 * coal, rel=1e-12)
    assert more["metal"] == pytest.approx(exact["metal"])


def test_tetroxide_takes_a_third_more_oxygen_out():
    """Sb2O4 + 2 C -> 2 Sb + 2 CO2."""
    made, _, _ = smelt(ideal(carbon_monoxide_fraction=0.0), [*PURE, "Sb2O4"], Sb2O4=307.518)
    assert made["reductant"]["C"] == pytest.approx(24.022, rel=1e-4)
    assert made["metal"]["Sb"] == pytest.approx(243.52, rel=1e-4)


def test_antimony_shares_hold_for_every_oxide():
    made, figures, _ = smelt(
        furnace(antimony_to_fume=0.15, antimony_to_slag=0.05),
        MIXED,
        Sb2O3=5.0,
        Sb2O4=3.0,
        NaSbO3=2.0,
    )
    assert figures["antimony to metal"] == pytest.approx(0.80, rel=1e-9)
    assert figures["antimony to fume"] == pytest.approx(0.15, rel=1e-9)
    assert made["slag"]["Sb2O4"] == made["slag"]["NaSbO3"] == 0.0


def test_shares_of_arsenic_lead_iron_and_gold():
    feed = {"Sb2O3": 900.0, "As2O3": 197.84, "PbO": 223.2, "Fe2O3": 159.69, "Au": 1.0}
    made, _, _ = smelt(
        furnace(
            arsenic_to_metal="50 %",
            arsenic_to_fume="20 %",
            lead_to_metal="90 %",
            iron_to_metal="10 %",
            other_metals_to_metal="98 %",
        ),
        MIXED,
        **feed,
    )
    assert made["metal"]["As"] == pytest.approx(74.92, rel=1e-4)
    assert made["gas"]["As4O6(g)"] == pytest.approx(39.568, rel=1e-4)
    assert made["gas"]["As2O3"] == 0.0
    assert made["slag"]["As2O3"] == pytest.approx(59.352, rel=1e-4)
    assert made["metal"]["Pb"] == pytest.approx(186.48, rel=1e-4)
    assert made["slag"]["PbO"] == pytest.approx(22.32, rel=1e-4)
    assert made["metal"]["Fe"] == pytest.approx(11.169, rel=1e-4)
    assert made["slag"]["FeO"] == pytest.approx(129.32, rel=1e-4)
    assert made["metal"]["Au"] == pytest.approx(0.98, rel=1e-12)


def test_what_does_not_react_goes_where_it_belongs():
    made, _, _ = smelt(
        furnace(), MIXED, SiO2=1.0, FeS=2.0, Zn=3.0, N2=4.0, H2O=5.0, H2SO4=6.0, Sb=7.0, Sb2S3=10.0
    )
    slag, gas, metal = made["slag"], made["gas"], made["metal"]
    assert (slag["SiO2"], slag["FeS"], slag["Zn"], slag["H2SO4"]) == (1.0, 2.0, 3.0, 6.0)
    assert gas["N2"] == 4.0
    assert gas["H2O(g)"] == pytest.approx(5.0)
    assert metal["Sb"] == 7.0
    assert (metal["Sb2S3"], slag["Sb2S3"]) == (pytest.approx(3.0), pytest.approx(7.0))


def test_soda_ends_as_sodium_oxide():
    made, _, _ = smelt(furnace(soda_ratio=0.1), MIXED, SiO2=1000.0, H2O=500.0)
    assert made["flux"]["Na2CO3"] == pytest.approx(100.0)
    assert made["slag"]["Na2CO3"] == 0.0
    assert made["gas"]["CO2"] == pytest.approx(100.0 * 44.009 / 105.988, rel=1e-4)


def test_arsenate_gives_its_arsenic_back():
    """2 FeAsO4 + 6 C -> 2 As + 2 FeO + 6 CO, as As2O3 where it is not reduced."""
    unit = ideal(
        carbon_monoxide_fraction=1.0, arsenic_to_metal=1.0, arsenic_to_fume=0.0, iron_to_metal=0.0
    )
    made, _, _ = smelt(unit, MIXED, FeAsO4=194.76)
    assert made["reductant"]["C"] == pytest.approx(3 * 12.011, rel=1e-3)
    assert made["metal"]["As"] == pytest.approx(74.92, rel=1e-3)
    assert made["slag"]["FeO"] == pytest.approx(71.84, rel=1e-3)


def test_limestone_is_calcined():
    made, _, _ = smelt(ideal(), [*PURE, "CaCO3", "CaO"], CaCO3=100.09)
    assert made["slag"]["CaO"] == pytest.approx(56.08, rel=1e-3)
    assert made["gas"]["CO2"] == pytest.approx(44.01, rel=1e-3)


def test_crude_metal_of_a_usual_charge():
    """Crude from oxide: 90 to 98 % Sb, 0.2 to 5 % As, 0.01 to 0.5 % Fe, 0.1 to 1 % S."""
    unit = furnace(sulphide_by_soda="80 %")
    made, figures, warned = smelt(unit, MIXED, **CRUDE_OXIDE)
    total = sum(made["metal"].values())
    assert 0.90 < figures["Sb in crude metal"] < 0.99
    assert 0.002 < made["metal"]["As"] / total < 0.05
    assert 0.0001 < made["metal"]["Fe"] / total < 0.005
    assert 0.001 < 0.2832 * made["metal"]["Sb2S3"] / total < 0.01
    assert 0.85 < figures["antimony to metal"] < 0.93
    assert warned == []


def test_hearth_for_a_daily_charge():
    """1.0 to 1.5 t/(m2 d): 20 t/d need 13 to 20 m2."""
    charge = 20e3 / 86400.0
    _, figures, _ = smelt(furnace(), MIXED, Sb2O3=charge)
    assert 20.0 / 1.5 < figures["hearth at 1.25 t/(m2 d)"] < 20.0 / 1.0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"reductant_kind": "copper", "temperature": "926.85 degC"}, COPPER),
        (
            {"reductant_kind": "hydrogen"},
            r"reductant_kind: must be 'coke', 'coal', .*, got 'hydrogen'",
        ),
        (
            {"temperature": "420 degC"},
            r"Sb2O3 \+ 3 C -> 2 Sb \+ 3 CO does not go at 693 K: .* \+[0-9]+ kJ .*carbon reduces "
            r"it above about 705 K .*; raise the temperature",
        ),
        (
            {"antimony_to_fume": 0.7, "antimony_to_slag": 0.5},
            r"antimony_to_fume \+ antimony_to_slag is 1.2; they share at most 1",
        ),
        ({"arsenic_to_metal": 0.9}, r"arsenic_to_metal \+ arsenic_to_fume is 1.2; they share"),
        ({"reductant_fixed_carbon": 0.0}, r"reductant_fixed_carbon of 0 leaves no reductant"),
        (
            {"reductant_kind": "iron", "carbon_excess": 0.1},
            r"carbon_excess means nothing with iron; leave it out",
        ),
        ({"reductant_kind": "iron", "iron_to_metal": 1.0}, r"iron_to_metal of 1 leaves no iron"),
        ({"soda_ratio": -0.1}, r"soda_ratio: must be 0 or more"),
    ],
)
def test_refused(given, message):
    with pytest.raises(InputError, match=message):
        furnace(**given)


def test_a_missing_product_is_named():
    with pytest.raises(InputError, match="needs species 'Pb'; add it"):
        smelt(furnace(), [*PURE, "SiO2", "PbO"], Sb2O3=1.0)


@pytest.mark.parametrize(
    ("given", "required", "not_required"),
    [
        ({}, {"C", "CO", "CO2", "SiO2", "Na2O", "Sb", "O2", "N2"}, {"Fe", "FeO", "Na2S", "CaO"}),
        ({"reductant_fixed_carbon": 1.0}, {"C", "CO"}, {"SiO2"}),
        ({"carbon_monoxide_burnt": 0.0}, {"C", "CO"}, {"O2"}),
        ({"carbon_monoxide_burnt": 0.0, "fuel_ratio": 0.1}, {"O2", "N2"}, set()),
        ({"sulphide_by_soda": 0.5}, {"Na2S"}, set()),
        ({"lime_to_silica": 0.9}, {"SiO2", "CaO", "CaCO3"}, {"FeO", "Fe2O3"}),
        ({"iron_to_silica": 1.1, "iron_flux": "FeO"}, {"SiO2", "FeO", "Fe"}, {"CaO", "Fe2O3"}),
        ({"reductant_kind": "iron"}, {"Fe", "FeO", "CO2"}, {"C", "CO", "SiO2"}),
    ],
)
def test_required_species(given, required, not_required):
    names = set(furnace(**given).required_species())
    assert required <= names
    assert not names & not_required


@pytest.mark.parametrize(
    ("given", "feed", "message"),
    [
        ({}, {"Sb2O3": 800.0, "SiO2": 200.0}, "charge holds 66.8% Sb; designed for more than 75 %"),
        ({}, {"Sb2O3": 930.0, "As2O3": 70.0}, "charge holds 5.3% As; designed for less than 5 %"),
        ({"antimony_to_fume": 0.25}, {"Sb2O3": 1.0}, "25% of the antimony leaves as fume; 20 % or"),
        ({}, {"Sb2O3": 1.0}, "crude metal holds 100.00% Sb; 90 to 98 % is usual from oxide: the"),
        ({"temperature": "1000 degC"}, {"Sb2O3": 1.0}, "bath of 1000 degC; 1100 to 1200 degC is"),
        (
            {"temperature": "650 degC", "carbon_monoxide_fraction": 0.9},
            {"Sb2O3": 1.0},
            "CO fraction of 90.0% is more than carbon can give at 650 degC: 41",
        ),
        (
            {"carbon_monoxide_fraction": 0.01},
            {"Sb2O3": 1.0},
            "CO fraction of 1.0% does not reduce antimony oxide at 1150 degC; it takes 2.7% or",
        ),
        ({}, {"Sb2O3": 1.0, "Sb2S3": 0.2}, "slag holds 53% Sb; 0.5 to 15 % is known"),
        (
            {"antimony_in_slag": "5 %"},
            {"SiO2": 1.0},
            "slag holds 0.00% Sb, not the 5.00% asked for: the charge has no more",
        ),
        (
            {"antimony_in_slag": "1 %"},
            {"Sb2O3": 1.0, "Sb2S3": 0.1},
            "not the 1.00% asked for: the rest is sulphide or metal in it; see sulphide_to_matte",
        ),
        (
            {"soda_ratio": 0.02},
            {"Sb2O3": 1.0},
            "soda is 2.0% of the feed; 4 to 8 % is usual in a reverberatory",
        ),
        ({"soda_ratio": 0.1}, {"Sb2O3": 1.0}, "soda is 10.0% of the feed"),
        ({"reductant_fixed_carbon": 0.7}, {"Sb2O3": 1.0}, "reductant holds 70% fixed C"),
        ({}, {"Sb2O3": 900.0, "Pb": 100.0}, "crude metal holds 87.2% Sb; 90 to 98 % is usual"),
    ],
)
def test_warned(given, feed, message):
    _, _, warned = smelt(furnace(**given), MIXED, **feed)
    assert any(message in text for text in warned), warned


def test_nothing_to_warn_of_without_a_feed():
    assert smelt(furnace(soda_ratio=0.5), MIXED)[2] == []


@settings(max_examples=25, deadline=None)
@given(mass=random_masses(len(MIXED), 2), temperature=st.floats(750.0, 1750.0))
def test_any_feed_closes_in_equilibrium_with_carbon(mass, temperature):
    unit = furnace(gas_composition="equilibrium", temperature=f"{temperature} K")
    check_unit(unit, MIXED, {"feed": mass})


@settings(max_examples=25, deadline=None)
@given(
    mass=random_masses(len(MIXED), 1),
    shares=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
)
def test_more_monoxide_takes_more_carbon(mass, shares):
    slate = Slate(MIXED)
    drawn = [
        run(furnace(carbon_monoxide_fraction=share), slate, {"feed": mass})["reductant"]
        for share in sorted(shares)
    ]
    low, high = (made[slate.row("C"), 0] for made in drawn)
    assert 0.0 <= low <= high * (1.0 + 1e-12)
    if low > 0.0 and max(shares) - min(shares) > 0.01:
        assert high > low * 1.003


@pytest.mark.parametrize(("celsius", "share"), [(700.0, 0.6), (1150.0, 0.99)])
def test_gas_at_equilibrium_with_carbon(celsius, share):
    unit = ideal(gas_composition="equilibrium", temperature=f"{celsius} degC")
    _, figures, _ = smelt(unit, PURE, Sb2O3=1.0)
    assert figures["CO of the carbon oxides of the bath"] == pytest.approx(share, abs=0.02)
    asked = figures["CO of the carbon oxides of the bath"]
    made, _, _ = smelt(unit, PURE, Sb2O3=291.518)
    moles = {"CO": made["gas"]["CO"] / 28.010, "CO2": made["gas"]["CO2"] / 44.009}
    assert moles["CO"] / sum(moles.values()) == pytest.approx(asked, rel=1e-4)


def test_coal_as_bought_holds_volatile_matter_that_the_balance_leaves_out():
    """Charcoal: 80 % fixed carbon, 17 % volatile, so 3 % ash."""
    made, figures, _ = smelt(furnace(reductant_kind="charcoal"), MIXED, Sb2O3=1000.0)
    carbon = made["reductant"]["C"]
    assert made["reductant"]["SiO2"] == pytest.approx(carbon * 0.03 / 0.80, rel=1e-9)
    assert figures["reductant demand"] == pytest.approx(carbon / 0.80, rel=1e-9)
    assert figures["reductant of dry feed"] == pytest.approx(carbon / 800.0, rel=1e-9)


def test_monoxide_and_fuel_burn_with_the_air_drawn():
    """CO + 1/2 O2 and C + O2, 10 % too much air, 20.95 % O2 in it."""
    unit = furnace(fuel_ratio=0.12011, carbon_monoxide_burnt=1.0, soda_ratio=0.0)
    made, _, _ = smelt(unit, MIXED, Sb2O3=1000.0)
    bath, _, _ = smelt(furnace(carbon_monoxide_burnt=0.0, soda_ratio=0.0), MIXED, Sb2O3=1000.0)
    assert made["fuel"] == {**dict.fromkeys(MIXED, 0.0), "C": pytest.approx(120.11)}
    assert made["gas"]["CO"] == 0.0
    oxygen = 10.0 + bath["gas"]["CO"] / 28.010 / 2.0
    assert made["air"]["O2"] == pytest.approx(1.1 * oxygen * 31.998, rel=1e-4)
    assert made["air"]["N2"] == pytest.approx(1.1 * oxygen * 28.014 * 0.7905 / 0.2095, rel=1e-3)
    assert made["gas"]["O2"] == pytest.approx(0.1 * oxygen * 31.998, rel=1e-4)
    more = made["gas"]["CO2"] - bath["gas"]["CO2"]
    assert more / 44.009 == pytest.approx(10.0 + bath["gas"]["CO"] / 28.010, rel=1e-4)


def test_half_of_the_monoxide_burnt():
    bath, _, _ = smelt(furnace(carbon_monoxide_burnt=0.0), MIXED, Sb2O3=1000.0)
    half, _, _ = smelt(furnace(carbon_monoxide_burnt=0.5), MIXED, Sb2O3=1000.0)
    assert sum(bath["air"].values()) == 0.0
    assert half["gas"]["CO"] == pytest.approx(0.5 * bath["gas"]["CO"], rel=1e-12)


def test_matte_and_speiss():
    unit = furnace(
        sulphide_to_matte=0.9,
        sulphide_to_metal=0.25,
        reduced_to_matte={"As": 0.4, "Au": 0.1},
        arsenic_to_metal=1.0,
        arsenic_to_fume=0.0,
        other_metals_to_metal=1.0,
    )
    made, figures, _ = smelt(unit, MIXED, As2O3=197.84, FeS=10.0, Sb2S3=40.0, Au=1.0, Sb2O3=500.0)
    matte = made["matte"]
    assert (matte["FeS"], matte["Sb2S3"]) == pytest.approx((9.0, 27.0))
    assert (made["slag"]["FeS"], made["slag"]["Sb2S3"]) == pytest.approx((1.0, 3.0))
    assert matte["As"] == pytest.approx(0.4 * 149.84, rel=1e-4)
    assert (matte["Au"], made["metal"]["Au"]) == pytest.approx((0.1, 0.9))
    assert matte["Sb"] == 0.0
    assert figures["antimony to matte"] > 0.0


def test_soda_takes_the_sulphur_of_stibnite():
    """Sb2S3 + 3 Na2CO3 + 3 C -> 2 Sb + 3 Na2S + 3 CO + 3 CO2, with soda drawn for it alone."""
    unit = ideal(sulphide_to_metal=0.0, sulphide_by_soda=1.0, carbon_monoxide_fraction=1.0)
    made, _, _ = smelt(unit, MIXED, Sb2S3=339.70)
    assert made["flux"]["Na2CO3"] == pytest.approx(3 * 105.988, rel=1e-4)
    assert made["reductant"]["C"] == pytest.approx(3 * 12.011, rel=1e-4)
    assert made["metal"]["Sb"] == pytest.approx(243.52, rel=1e-4)
    assert made["slag"]["Na2S"] == pytest.approx(3 * 78.04, rel=1e-3)
    assert made["slag"]["Na2O"] == pytest.approx(0.0, abs=1e-9)


def test_a_share_of_each_other_metal():
    unit = furnace(other_metals_to_metal={"Cu": 0.5, "others": 1.0})
    made, _, _ = smelt(unit, MIXED, Cu=2.0, Au=3.0, Cu2O=143.09)
    assert made["metal"]["Cu"] == pytest.approx(1.0 + 0.5 * 127.09, rel=1e-4)
    assert made["slag"]["Cu"] == pytest.approx(1.0)
    assert made["metal"]["Au"] == 3.0


def test_a_water_jacket_furnace_by_its_practice():
    """12 to 14 % of the antimony to the chambers, about 300 kg coke a tonne (Wang 1919)."""
    made, figures, _ = smelt(furnace(furnace="water_jacket"), MIXED, Sb2O3=1000.0)
    assert 0.12 <= figures["antimony to fume"] <= 0.14
    coke = (made["fuel"]["C"] + made["reductant"]["C"]) / 0.85
    assert 270.0 < coke < 360.0
    assert made["gas"]["CO"] > 0.0  # nothing burns it above the coke


@pytest.mark.parametrize(
    ("kind", "celsius"),
    [
        ("reverberatory", 1150.0),
        ("short_rotary", 1000.0),
        ("water_jacket", 1050.0),
        ("bath", 1000.0),
    ],
)
def test_temperatures_by_furnace(kind, celsius):
    unit = furnace(furnace=kind, feed_temperature="100 degC")
    found = unit.temperatures({}, unit.resolve(Slate(MIXED)))
    assert found == {
        **dict.fromkeys(("metal", "matte", "slag", "gas"), pytest.approx(celsius + 273.15)),
        "feed": pytest.approx(373.15),
    }


def test_gas_may_leave_cooler_than_the_bath():
    unit = furnace(gas_temperature="900 degC", temperature="1180 degC")
    found = unit.temperatures({}, unit.resolve(Slate(MIXED)))
    assert (found["gas"], found["metal"]) == pytest.approx((1173.15, 1453.15))


def test_heat_is_that_of_the_reaction_and_of_warming():
    """Sb2O3 + 3 C -> 2 Sb + 3 CO takes +389 kJ at 25 degC; the warm products come on top."""
    cold = {"temperature": "800 K", "gas_temperature": "298.15 K"}
    unit = ideal(carbon_monoxide_fraction=1.0, **cold)
    _, figures, _ = smelt(unit, PURE, Sb2O3=291.518)
    metal = 243.52
    joules = 1e3 * 389e3 + 1e3 * 2.0 * (25.2 * 500.0 + 3.64e-3 * (800.0**2 - 298.15**2))
    assert figures["heat to be supplied per metal"] * metal == pytest.approx(joules, rel=0.02)
    coal = figures["standard coal per metal at 25 % efficiency"] * metal
    assert coal == pytest.approx(joules / 0.25 / 29.3e6, rel=0.02)


def test_fuel_brings_heat():
    _, without, _ = smelt(furnace(), MIXED, Sb2O3=1000.0)
    made, fuelled, _ = smelt(furnace(fuel_ratio=0.2, excess_air=0.0), MIXED, Sb2O3=1000.0)
    metal = sum(made["metal"].values())
    assert fuelled["heat given off per metal"] > 0.0
    assert "heat given off per metal" not in without
    assert "heat to be supplied per metal" not in fuelled
    surplus = fuelled["heat given off per metal"]
    released = (without["heat to be supplied per metal"] + surplus) * metal
    assert 0.35 < released / (200.0 * 32.8e6) < 0.75  # the rest leaves with the hot gas
    assert not any("standard coal" in label for label in fuelled)
    some, lacking, _ = smelt(furnace(fuel_ratio=0.02, excess_air=0.0), MIXED, Sb2O3=1000.0)
    assert sum(some["fuel"].values()) > 0.0
    assert lacking["heat to be supplied per metal"] > 0.0
    assert not any("standard coal" in label for label in lacking)


def test_no_heat_is_claimed_for_a_species_without_data():
    _, figures, _ = smelt(furnace(), MIXED, Sb2O3=1.0, H2SO4=0.0, Zn=0.0)
    assert "heat to be supplied per metal" in figures
    species = [*MIXED, "Sb(aq)"]
    _, figures, _ = smelt(furnace(), species, **{"Sb2O3": 1.0, "Sb(aq)": 0.1})
    assert "heat to be supplied per metal" not in figures


def test_heat_of_scenarios_of_either_kind():
    """The first takes heat, the second burns more fuel than it needs."""
    slate = Slate(MIXED)
    feed = np.zeros((len(MIXED), 2))
    feed[slate.row("Sb2O3")] = 1.0
    unit = furnace()
    p = unit.resolve(slate).replaced({"fuel_ratio": np.array([0.0, 0.2])})
    flows = {**unit.run(Flow(slate, feed), p=p), "feed": Flow(slate, feed)}
    figures = {figure.label: figure.value for figure in unit.figures(flows, p)}
    supplied, off = (figures[f"heat {say} per metal"] for say in ("to be supplied", "given off"))
    assert supplied[0] > 0.0 == off[0]
    assert off[1] > 0.0 == supplied[1]
    coal = figures["standard coal per metal at 25 % efficiency"]
    assert coal[0] > 0.0 == coal[1]


def test_fume_leaves_as_vapour():
    """Sb2O3 -> 0.5 Sb4O6, As2O3 -> 0.5 As4O6: 10 % and 25 % of a kilomole of each."""
    unit = furnace(antimony_to_fume="10 %", arsenic_to_fume="25 %", antimony_to_slag=0.0)
    charge = {"Sb2O3": 291.518, "As2O3": 197.841}
    made, figures, warned = smelt(unit, MIXED, **charge)
    assert made["gas"]["Sb4O6(g)"] == pytest.approx(29.1518)
    assert made["gas"]["As4O6(g)"] == pytest.approx(49.46025)
    assert made["gas"]["Sb2O3"] == made["gas"]["As2O3"] == 0.0
    assert figures["antimony to fume"] == pytest.approx(0.1)
    assert not any("fume leaves as solid" in text for text in warned)


@pytest.mark.parametrize(
    ("lacking", "solid", "text"),
    [
        (
            {"Sb4O6(g)", "As4O6(g)"},
            {"Sb2O3", "As2O3"},
            "fume leaves as solid Sb2O3 and As2O3, of which a cooler or filter behind sees no "
            "vapour; add Sb4O6(g) and As4O6(g) to the species of the flowsheet",
        ),
        ({"As4O6(g)"}, {"As2O3"}, "fume leaves as solid As2O3, of which a cooler or filter"),
        ({"Sb4O6(g)"}, {"Sb2O3"}, "fume leaves as solid Sb2O3, of which a cooler or filter"),
    ],
)
def test_fume_leaves_as_solids_where_its_vapour_is_not_on_the_slate(lacking, solid, text):
    species = [name for name in MIXED if name not in lacking]
    unit = furnace(antimony_to_fume="25 %", arsenic_to_fume="25 %")
    charge = {"Sb2O3": 291.518, "As2O3": 197.841}
    made, figures, warned = smelt(unit, species, **charge)
    held = {name for name in ("Sb2O3", "As2O3") if made["gas"][name] > 0.0}
    assert held == solid
    assert figures["antimony to fume"] == pytest.approx(0.25)
    assert any("25% of the antimony leaves as fume" in line for line in warned)
    assert sum(text in line for line in warned) == 1, warned
    mass = np.linspace(1.0, 3.0, len(species))[:, None]
    check_unit(unit, species, {"feed": mass})


def test_no_word_of_arsenic_fume_where_there_is_none():
    species = [name for name in MIXED if name not in ("As4O6(g)",)]
    assert not any("as solid" in text for text in smelt(furnace(), species, Sb2O3=1.0)[2])


def test_hearth_is_shared_by_the_furnaces():
    _, figures, _ = smelt(furnace(furnaces=3, hearth_load="1 t/m^2/d"), MIXED, Sb2O3=30e3 / 86400.0)
    assert figures["hearth at 1 t/(m2 d)"] == pytest.approx(30.0, rel=1e-9)
    assert figures["hearth of each furnace"] == pytest.approx(10.0, rel=1e-9)
    _, rotary, _ = smelt(furnace(furnace="short_rotary"), MIXED, Sb2O3=1.0)
    assert not any("hearth" in label for label in rotary)


@pytest.mark.parametrize(
    ("tonnes", "given", "number", "each"),
    [
        (25.4, {}, 2.0, 12.7),  # 25.4 m2 in furnaces of at most 20 m2
        (30.0, {"furnaces": 3}, 2.0, 10.0),  # two would do, three are there
        (90.0, {"furnaces": 3}, 5.0, 18.0),  # three do not suffice
        (30.0, {"largest_hearth": "10 m^2"}, 3.0, 10.0),
    ],
)
def test_hearth_of_each_furnace_is_of_as_many_as_it_takes(tonnes, given, number, each):
    unit = furnace(hearth_load="1 t/m^2/d", **given)
    _, figures, _ = smelt(unit, MIXED, Sb2O3=1e3 * tonnes / 86400.0)
    (furnaces,) = [figures[label] for label in figures if label.startswith("furnaces of at most")]
    assert furnaces == number
    assert figures["hearth of each furnace"] == pytest.approx(each, rel=1e-9)


def test_one_furnace_has_one_hearth():
    _, figures, _ = smelt(furnace(hearth_load="1 t/m^2/d"), MIXED, Sb2O3=15e3 / 86400.0)
    assert figures["hearth at 1 t/(m2 d)"] == pytest.approx(15.0, rel=1e-9)
    assert "hearth of each furnace" not in figures


def test_hearth_of_each_furnace_in_scenarios():
    """15, 25 and 50 t/d at 1 t/(m2 d): one, two and three furnaces of at most 20 m2."""
    slate = Slate(MIXED)
    feed = np.zeros((len(MIXED), 3))
    feed[slate.row("Sb2O3")] = np.array([15.0, 25.0, 50.0]) / 86.4
    unit = furnace(hearth_load="1 t/m^2/d")
    p = unit.resolve(slate)
    flows = {**unit.run(Flow(slate, feed), p=p), "feed": Flow(slate, feed)}
    figures = {figure.label: figure.value for figure in unit.figures(flows, p)}
    np.testing.assert_allclose(figures["hearth of each furnace"], [15.0, 12.5, 50.0 / 3.0])
