"""Routes by sulphide leach and electrowinning, and of battery lead: against balances by hand."""

from functools import lru_cache

import pytest

from cases.plants import battery_lead_plant
from flowsheet import Vary, product, solve
from flowsheet.core.errors import InputError
from flowsheet.core.quantities import from_base
from flowsheet.load import load_route

LEACHED = ["hillgrove", "kadamjay", "galena_silver_valley", "port_pirie", "korea_zinc"]
STIBNITE = ["hillgrove", "kadamjay"]
FROM_LEAD = ["port_pirie", "korea_zinc"]
TO_REFINERY = {
    "hillgrove": (4000.0, 4878.0, 5400.0),
    "kadamjay": (0.0, 1000.0, 3000.0),
    "galena_silver_valley": (250.0, 600.0, 1200.0),
    "port_pirie": (526.0, 2105.0, 5263.0),
    "korea_zinc": (3684.0, 3789.0, 5263.0),
    "campine_recycling": (1053.0, 2000.0, 2105.0),
}
"""t/yr Sb, from the companies' figures (sources in the cases)."""
ENTERING_SODIUM = ("sodium_sulphide", "caustic_soda", "refining_soda")


@lru_cache
def solved(name):
    return load_route(name).solve()


def tonnes(name, stream, element="Sb"):
    return solved(name).solution[stream].element(element, "t/yr").magnitude


def percent(name, stream, element):
    return solved(name).solution[stream].grade(element).to("percent").magnitude


def figure(name, unit, label):
    found = {each.label: each for each in solved(name).solution.figures(unit)}[label]
    return from_base(float(found.value[0]), found.unit)


@pytest.mark.parametrize("name", TO_REFINERY)
def test_refining_throughput_is_that_of_public_figures(name):
    low, mid, high = TO_REFINERY[name]
    found = solved(name).metrics.antimony_to_refinery_t_yr
    assert low <= found <= high
    assert found == pytest.approx(mid, rel=0.05)
    supply = load_route(name).data.supply.antimony_to_refinery
    assert [from_base(end, "t/yr") for end in (supply.low, supply.mid, supply.high)] == (
        pytest.approx([low, mid, high])
    )


@pytest.mark.parametrize("name", TO_REFINERY)
def test_no_sulphur_dioxide_is_made(name):
    assert solved(name).metrics.so2_generated_t_yr == 0.0


@pytest.mark.parametrize("name", LEACHED)
def test_metal_meets_the_grade_of_commerce_and_the_loop_its_practice(name):
    assert percent(name, "antimony_metal", "Sb") >= 99.65
    assert percent(name, "antimony_metal", "As") <= 0.1
    assert 2000.0 <= figure(name, "cells", "energy per tonne of antimony") <= 2500.0
    assert percent(name, "cathodes", "As") < 3.0
    assert 2.0 <= figure(name, "leach", "antimony in solution") <= 6.0
    assert figure(name, "leach", "free sodium sulphide") < 8.0


@pytest.mark.parametrize("name", LEACHED)
def test_sodium_that_enters_is_as_much_as_leaves_and_a_sensible_amount(name):
    sodium = sum(tonnes(name, stream, "Na") for stream in ENTERING_SODIUM)
    leaving = ("effluent", "leach_residue", "alkali_slag")
    assert sodium == pytest.approx(sum(tonnes(name, s, "Na") for s in leaving), rel=1e-6)
    assert 0.3 <= sodium / tonnes(name, "antimony_metal") <= 1.5


@pytest.mark.parametrize("name", STIBNITE)
def test_stibnite_brings_the_sulphide_and_takes_caustic_soda(name):
    """Sb2S3 + 6 NaOH -> 2 Sb + 3 Na2S + ...: 0.985 kg NaOH per kg Sb, and no Na2S."""
    streams = solved(name).solution
    assert streams["sodium_sulphide"].mass_flow().magnitude == pytest.approx(0.0, abs=1e-9)
    caustic = streams["caustic_soda"].mass_flow("t/yr").magnitude
    assert 0.9 <= caustic / tonnes(name, "antimony_metal") <= 1.5


@pytest.mark.parametrize("name", FROM_LEAD)
def test_oxides_of_antimony_and_lead_take_sulphide_and_no_caustic(name):
    streams = solved(name).solution
    assert streams["caustic_soda"].mass_flow().magnitude == pytest.approx(0.0, abs=1e-9)
    drawn = streams["sodium_sulphide"].mass_flow("t/yr").magnitude
    assert 0.5 <= drawn / tonnes(name, "antimony_metal") <= 3.0


def test_gold_of_hillgrove_stays_in_the_residue():
    concentrate = tonnes("hillgrove", "antimony_concentrate", "Au")
    assert tonnes("hillgrove", "leach_residue", "Au") > 0.95 * concentrate
    grade = percent("hillgrove", "antimony_concentrate", "Au") * 1e4
    assert 10.0 <= grade <= 40.0
    assert 0.5 <= percent("hillgrove", "antimony_concentrate", "As") <= 2.0


def test_hillgrove_outlives_its_reserve_as_planned():
    """35.8 kt last 6 years at 4,878 t/yr of concentrate and a recovery of 81 %; 8 are planned."""
    assert solved("hillgrove").metrics.reserve_life_yr == pytest.approx(
        35_800.0 * 0.81 / 4878.0, rel=0.01
    )
    assert any("8 years are planned" in line for line in solved("hillgrove").warnings)


def test_silver_and_copper_of_tetrahedrite_stay_in_the_residue():
    name = "galena_silver_valley"
    for element in ("Ag", "Cu"):
        assert tonnes(name, "leach_residue", element) == pytest.approx(
            tonnes(name, "concentrate", element), rel=1e-9
        )
    assert percent(name, "leach_residue", "Sb") < 2.0


def test_bullion_of_port_pirie_is_what_its_smelter_makes():
    """160 kt/yr of lead with 1.4 % Sb; the softened lead keeps 0.03 %."""
    bullion = solved("port_pirie").solution["bullion"].mass_flow("kt/yr").magnitude
    assert bullion == pytest.approx(160.0, rel=0.05)
    assert percent("port_pirie", "softened_lead", "Sb") == pytest.approx(0.03, rel=0.01)
    assert 10.0 <= percent("port_pirie", "softening_slag", "Sb") <= 35.0
    silver = tonnes("port_pirie", "softened_lead", "Ag")
    assert silver == pytest.approx(tonnes("port_pirie", "bullion", "Ag"), rel=1e-9)


def test_antimony_of_campine_is_counted_in_antimonial_lead():
    name = "campine_recycling"
    assert load_route(name).data.header.product == "antimonial_lead"
    assert tonnes(name, "antimonial_lead") == pytest.approx(1900.0, rel=1e-9)
    assert 20.0 <= percent(name, "antimonial_lead", "Sb") <= 45.0
    assert percent(name, "antimonial_lead", "Pb") > 50.0
    lead = solved(name).solution["battery_lead"].mass_flow("kt/yr").magnitude
    assert lead == pytest.approx(60.0, rel=0.1)


@lru_cache
def blown():
    plant = battery_lead_plant.build(load_route("campine_recycling").data, to="trioxide")
    return solve(
        plant,
        specs=Vary("battery_lead.flow").until(product("antimony_trioxide", "Sb") == "1000 t/yr"),
    )


def test_the_alloy_can_be_blown_to_trioxide_of_commerce():
    solution = blown()
    trioxide, alloy = solution["antimony_trioxide"], solution["antimonial_lead"]
    assert solution.audit.worst[0] < 1e-9
    assert trioxide.grade("Sb").to("percent").magnitude >= 83.1  # 99.5 % Sb2O3
    assert trioxide.grade("As").to("percent").magnitude < 0.05
    assert trioxide.grade("Pb").to("percent").magnitude < 0.1
    assert alloy.grade("Sb").to("percent").magnitude == pytest.approx(15.0, rel=1e-6)


def test_a_bought_concentrate_and_an_ore_give_the_same_yield():
    """The mill changes what is fed, not what leach and cells make of it."""
    milled, bought = (solved(name).metrics.refinery_yield_percent for name in STIBNITE)
    assert milled == pytest.approx(bought, abs=0.3)
    assert 0.77 <= tonnes("hillgrove", "antimony_concentrate") / tonnes("hillgrove", "ore") <= 0.85


def test_an_option_that_the_plant_does_not_know_is_refused(tmp_path):
    case = tmp_path / "mine.toml"
    case.write_text(
        '[route]\ntitle = "x"\nplant = "lead_bullion_plant"\noptions = { fed = "residue" }\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"options.fed: .* did you mean 'feed'\?"):
        load_route(str(case))
