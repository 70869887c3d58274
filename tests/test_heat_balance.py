"""Temperatures followed through a plant, and the heat of its units."""

from collections.abc import Mapping
from typing import Any

import pytest

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError, SolveError
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction, Temperature, default
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.reaction import Reaction, change_by_share
from flowsheet.core.species import Species
from flowsheet.core.unit import Flows, Outlets, Parameters, UnitOp
from unitops.gas_cleaning.condenser import Condenser
from unitops.streams.feed import Feed
from unitops.streams.mixer import Mixer
from unitops.streams.splitter import Splitter

BURNING = (Reaction("CO + 0.5 O2 -> CO2"),)


class Heater(UnitOp):
    """Warms what passes."""

    feed: Inlet
    product: Outlet

    temperature: Temperature
    feed_temperature: Temperature = default("25 degC")

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        return {"product": feed}

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:
        return {"feed": p.feed_temperature, "product": p.temperature}


class Burner(UnitOp):
    """Burns carbon monoxide with oxygen and leaves the gas at 25 degC."""

    gas: Inlet
    oxygen: Supply
    burnt: Outlet

    conversion: Fraction = 1.0

    def run(self, gas: Flow, p: Parameters) -> Outlets:
        change = change_by_share(gas, BURNING, p.conversion)
        drawn = -change.only("O2")
        return {"oxygen": drawn, "burnt": gas + change + drawn}

    def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:
        return {"burnt": 298.15}


def feed(name, species, flow="1 kg/s", temperature="25 degC"):
    return Feed(outlet=name, flow=flow, composition={species: 1.0}, temperature=temperature)


def test_burning_gives_off_its_heat():
    plant = Flowsheet(
        species=["CO", "CO2", "O2"],
        units={
            "gas": feed("gas", "CO", "28.010 kg/s"),
            "burner": Burner(gas="gas", oxygen="oxygen", burnt="burnt"),
        },
    )
    # 283.0 kJ/mol, the textbook heat of combustion of CO.
    assert solve(plant).heat("burner").magnitude == pytest.approx(-283.0e3, rel=1e-3)
    assert solve(plant).heat("burner", "MW").magnitude == pytest.approx(-283.0, rel=1e-3)


def test_warming_nitrogen_takes_heat():
    plant = Flowsheet(
        species=["N2"],
        units={
            "cold": feed("cold", "N2"),
            "heater": Heater(feed="cold", product="hot", temperature="1000 K"),
        },
    )
    solution = solve(plant)
    assert solution["hot"].temperature("K").magnitude == pytest.approx(1000.0)
    assert solution["cold"].temperature().magnitude == pytest.approx(25.0)
    kilowatts = 21.46e3 / 28.014  # NIST-JANAF heat content at 1000 K, kJ/mol over kg/mol
    assert solution.heat("heater").magnitude == pytest.approx(kilowatts, rel=0.01)
    assert solution["hot"].sensible_heat().magnitude == pytest.approx(kilowatts, rel=0.01)
    assert solution["hot"].enthalpy().magnitude == pytest.approx(kilowatts, rel=0.01)
    assert solution["hot"].to_dict()["temperature_c"] == pytest.approx(726.85)


def test_streams_mix_to_one_temperature_and_split_alike():
    plant = Flowsheet(
        species=["H2O"],
        units={
            "hot": feed("hot", "H2O", temperature="85 degC"),
            "cold": feed("cold", "H2O", "2 kg/s", temperature="25 degC"),
            "mixer": Mixer(feed=["hot", "cold"], product="warm"),
            "splitter": Splitter(feed="warm", product="one", remainder="other", fraction=0.3),
        },
    )
    solution = solve(plant)
    for stream in ("warm", "one", "other"):
        assert solution[stream].temperature().magnitude == pytest.approx(45.0, abs=0.1)
    assert solution.heat_balance.heat == {}


def test_without_heat_capacities_all_that_flows_counts_alike():
    mine = Species("Mine", formula="BaSO4")
    plant = Flowsheet(
        species=[mine, "SiO2"],
        units={
            "hot": feed("hot", "Mine", temperature="90 degC"),
            "cold": feed("cold", "SiO2", "2 kg/s", temperature="30 degC"),
            "mixer": Mixer(feed=["hot", "cold"], product="warm"),
            "heater": Heater(feed="warm", product="out", temperature="60 degC"),
        },
    )
    solution = solve(plant)
    assert solution["warm"].temperature().magnitude == pytest.approx(50.0)
    with pytest.raises(
        InputError,
        match=r"^the heat of 'heater' is not known: no thermochemical data of Mine$",
    ):
        solution.heat("heater")
    with pytest.raises(InputError, match="needs thermochemical data of Mine"):
        solution["warm"].enthalpy()


def test_a_recycle_of_heat_settles():
    plant = Flowsheet(
        species=["H2O"],
        units={
            "cold": feed("cold", "H2O"),
            "tank": Mixer(feed=["cold", "back"], product="mixed"),
            "heater": Heater(feed="mixed", product="warm", temperature="80 degC"),
            "splitter": Splitter(feed="warm", product="out", remainder="back", fraction=0.5),
        },
    )
    solution = solve(plant)
    # One part at 25 and one part at 80 degC.
    assert solution["mixed"].temperature().magnitude == pytest.approx(52.5, abs=0.1)
    assert solution.heat("heater").magnitude == pytest.approx(4.18 * 55.0, rel=0.01)


def test_a_unit_that_counts_on_another_temperature_says_so():
    def plant(**given):
        return Flowsheet(
            species=["N2"],
            units={
                "warm": feed("warm", "N2", temperature="200 degC"),
                "heater": Heater(feed="warm", product="hot", temperature="500 degC", **given),
            },
        )

    told = (
        "heater: its heat balance counts on feed at 25 degC, but warm arrives at 200 degC; "
        "set feed_temperature, or cool what arrives"
    )
    assert told in solve(plant()).warnings()
    assert solve(plant(feed_temperature="195 degC")).warnings() == []


def test_what_arrives_is_judged_mixed():
    """A little that is hot among much that is cold does not matter."""
    plant = Flowsheet(
        species=["N2"],
        units={
            "hot": feed("hot", "N2", "0.01 kg/s", temperature="800 degC"),
            "cold": feed("cold", "N2"),
            "heater": Heater(feed=["hot", "cold"], product="out", temperature="500 degC"),
        },
    )
    assert solve(plant).warnings() == []
    (line,) = solve(plant, set={"hot.flow": "0.1 kg/s"}).warnings()
    assert "counts on feed at 25 degC, but hot with cold arrives at 9" in line


def test_heat_beyond_the_data_is_told():
    plant = Flowsheet(
        species=["CaCO3"],
        units={
            "cold": feed("cold", "CaCO3"),
            "heater": Heater(feed="cold", product="hot", temperature="2500 degC"),
        },
    )
    (line,) = solve(plant).warnings()
    assert line.startswith(
        "heater: heat of hot at 2500 degC is beyond the data of CaCO3, which end"
    )


def test_the_heat_of_what_has_no_temperature_is_refused():
    plant = Flowsheet(
        species=["H2O"],
        units={"cold": feed("cold", "H2O"), "mixer": Mixer(feed="cold", product="out")},
    )
    solution = solve(plant)
    with pytest.raises(InputError, match=r"^the heat of 'mixer' is not known: it sets no temp"):
        solution.heat("mixer")
    with pytest.raises(InputError, match=r"^there is no unit 'mixr'; did you mean 'mixer'"):
        solution.heat("mixr")


def test_a_failure_in_temperatures_names_the_unit():
    class Broken(Heater):
        def temperatures(self, flows: Flows, p: Parameters) -> Mapping[str, Any]:
            raise RuntimeError("no idea")

    plant = Flowsheet(
        species=["N2"],
        units={
            "cold": feed("cold", "N2"),
            "heater": Broken(feed="cold", product="hot", temperature="500 degC"),
        },
    )
    with pytest.raises(
        SolveError, match=r"^heater: Broken\.temperatures failed with RuntimeError: no idea$"
    ):
        solve(plant).heat("heater")


def test_a_cooler_that_would_have_to_heat_is_told():
    plant = Flowsheet(
        species=["N2"],
        units={
            "gas": feed("gas", "N2", temperature="100 degC"),
            "cooler": Condenser(gas="gas", cooled="cooled", temperature="370 degC"),
        },
    )
    lines = [line for line in solve(plant).warnings() if "colder" in line]
    # 1 kg/s of about 1.05 kJ/(kg K) by 270 K.
    assert len(lines) == 1
    assert lines[0].startswith("cooler: what enters is colder than it is said to leave: 28")
    hot = solve(plant, set={"gas.temperature": "500 degC"})
    assert not [line for line in hot.warnings() if "colder" in line]
