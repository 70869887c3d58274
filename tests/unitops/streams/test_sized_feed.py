"""An ore as particles: sizes by a law or a sieve analysis, and what of it is locked."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flowsheet import Flowsheet, grade, scenarios, sensitivities, solve
from flowsheet.core.errors import InputError
from flowsheet.core.particles import Composite, Particles, sieve_series
from flowsheet.core.slate import Slate
from tests.random_particles import (
    MINERALS,
    SPECIES,
    analyses,
    composite,
    compositions,
    particles,
    sieves,
)
from unitops.streams.feed import Feed
from unitops.streams.sized_feed import SizedFeed

MIDDLINGS = Composite(
    name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"}, grain_size="80 um"
)
COARSE = Particles(
    sieves=["300 um", "150 um", "75 um"], minerals=["Sb2S3", "SiO2"], composites=[MIDDLINGS]
)
FREE = Particles(sieves=["300 um", "150 um", "75 um"], minerals=["Sb2S3", "SiO2"])
ANALYSIS = {"150 um": "90 %", "75 um": "50 %"}


def feed(**changes):
    described = {
        "outlet": "ore",
        "flow": "100 t/h",
        "composition": {"Sb2S3": "4 %"},
        "remainder": "SiO2",
        "p80": "100 um",
        **changes,
    }
    return SizedFeed(**{name: value for name, value in described.items() if value is not None})


def analysed(**changes):
    return feed(p80=None, **{"passing": ANALYSIS, **changes})


def plant(unit, kinds=COARSE):
    return Flowsheet(["Sb2S3", "SiO2", "H2O"], {"ore": unit}, particles=kinds)


def stream(unit, kinds=COARSE):
    return solve(plant(unit, kinds))["ore"]


def made(unit, slate):
    return unit.run(slate=slate, p=unit.resolve(slate))["outlet"]


def tonnes(quantity):
    return quantity.to("t/h").magnitude


def percent(quantity):
    return quantity.to("percent").magnitude


def told(unit, kinds=COARSE):
    figures = solve(plant(unit, kinds)).figures("ore")
    return {figure.label: figure.value[0] for figure in figures}


@st.composite
def ores(draw):
    """A random feed of random particles, and the plain feed that it is without sizes."""
    kinds = draw(particles())
    given_sizes = draw(
        st.fixed_dictionaries(
            {
                "p80": st.floats(20.0, 60.0).map("{!r} um".format),
                "size_modulus": st.floats(0.3, 3.0),
                "size_law": st.sampled_from(["rosin_rammler", "gates_gaudin_schuhmann"]),
            }
        )
        | analyses([f"{aperture!r} m" for aperture in map(float, kinds.sieves)]).map(
            lambda passing: {"passing": passing}
        )
    )
    if kinds.composites:
        names = st.sampled_from([each.name for each in kinds.composites])
        locked = draw(st.none() | st.dictionaries(names, st.floats(0.0, 1.0), min_size=1))
        given_sizes |= {} if locked is None else {"locked": locked}
    brought = {
        "outlet": "ore",
        "flow": "100 t/h",
        "composition": draw(compositions()),
        "remainder": "SiO2",
        "percent_solids": draw(st.none() | st.floats(0.1, 0.9)),
    }
    return Slate(SPECIES, kinds), SizedFeed(**brought, **given_sizes), Feed(**brought)


@given(ores())
def test_minerals_are_those_of_the_plain_feed(random):
    slate, sized, plain = random
    try:
        outlet = made(sized, slate)
    except InputError as refused:
        assume("composites hold more" not in str(refused))
        assume("coarser than the top sieve" not in str(refused))
        raise
    assert (outlet.mass >= 0.0).all()
    expected = made(plain, Slate(SPECIES)).mass
    np.testing.assert_allclose(outlet.merged().mass[: len(SPECIES)], expected, rtol=1e-12)
    assert not outlet.mass[[slate.row(name) for name in MINERALS]].any(), "no mineral is unsized"
    others = [slate.row(name) for name in ("CaCO3", "H2O", "SO2")]
    np.testing.assert_allclose(outlet.mass[others], expected[others], rtol=1e-14)


@given(st.data())
def test_a_sieve_analysis_comes_back_as_it_was_given(data):
    series = data.draw(sieves())
    passing = data.draw(analyses(series))
    grown = data.draw(st.lists(composite("middlings"), max_size=1))
    kinds = Particles(sieves=series, minerals=MINERALS, composites=grown)
    ore = {"Sb2S3": 0.04, "FeAsS": 0.04}
    locked = {"middlings": 1e-3} if grown else None
    unit = feed(p80=None, passing=passing, composition=ore, locked=locked)
    found = stream_of_all(unit, kinds)
    expected = [100.0 * share for share in passing.values()]
    np.testing.assert_allclose(
        [percent(share) for share in found.size_distribution().values()], expected, atol=1e-12
    )
    for sieve, share in zip(series, expected, strict=True):
        assert percent(found.passing(sieve)) == pytest.approx(share, abs=1e-12)


def stream_of_all(unit, kinds):
    return solve(Flowsheet(SPECIES, {"ore": unit}, particles=kinds))["ore"]


def test_the_top_sieve_passes_all_and_need_not_be_named():
    found = stream(analysed()).size_distribution()
    assert list(found) == ["300 um", "150 um", "75 um"]
    assert [percent(share) for share in found.values()] == pytest.approx([100.0, 90.0, 50.0])


def test_sieves_in_another_unit_are_the_same_sieves():
    unit = analysed(passing={"0.15 mm": "90 %", "7.5e-5 m": "50 %", "0.3 mm": 1.0})
    assert percent(stream(unit).passing("75 um")) == pytest.approx(50.0, rel=1e-12)


@pytest.mark.parametrize("law", ["rosin_rammler", "gates_gaudin_schuhmann"])
def test_a_law_puts_its_p80_where_it_was_asked(law):
    fine = Particles(sieves=sieve_series("1 mm", 120, 1.05), minerals=["Sb2S3", "SiO2"])
    found = stream(feed(p80="123 um", size_modulus=0.8, size_law=law), fine)
    assert found.passing_size().to("um").magnitude == pytest.approx(123.0, rel=2e-3)


def test_a_gates_gaudin_schuhmann_ore_by_hand():
    # Of modulus 1 with P80 = 120 um, all passes 150 um and half of it 75 um.
    found = stream(feed(p80="120 um", size_law="gates_gaudin_schuhmann"), FREE)
    assert percent(found.passing("150 um")) == 100.0
    assert percent(found.passing("75 um")) == pytest.approx(50.0)
    assert percent(found.passing("75 um", "Sb2S3")) == pytest.approx(50.0)


def test_each_mineral_may_have_its_own_size():
    unit = feed(p80={"Sb2S3": "60 um", "SiO2": "120 um"}, size_law="gates_gaudin_schuhmann")
    found = stream(unit, FREE)
    assert percent(found.passing("75 um", "Sb2S3")) == pytest.approx(100.0)
    assert percent(found.passing("75 um", "SiO2")) == pytest.approx(50.0)
    assert percent(found.passing("75 um")) == pytest.approx(0.04 * 100.0 + 0.96 * 50.0)


def test_water_and_solids_that_are_no_particles_have_no_size():
    slate = Slate(["Sb2S3", "SiO2", "CaCO3", "H2O"], COARSE)
    pulp = made(feed(composition={"Sb2S3": 0.04, "CaCO3": 0.1}, percent_solids=0.5), slate)
    unsized = pulp.mass[:4, 0] * 3.6
    np.testing.assert_allclose(unsized, [0.0, 0.0, 10.0, 100.0], atol=1e-12)
    assert pulp.sized.sum() * 3.6 == pytest.approx(90.0)


@pytest.mark.parametrize(("sieve", "free"), [("20 um", 12.5), ("1.6 um", 72.9)])
def test_what_is_locked_by_gaudins_picture(sieve, free):
    # Between 80 and 20 um the mean is 40 um, half a grain: one eighth is free. Between 40 and
    # 1.6 um it is 8 um, a tenth of a grain: 72.9 % are.
    upper = {"20 um": "80 um", "1.6 um": "40 um"}[sieve]
    kinds = Particles(sieves=[upper, sieve], minerals=["Sb2S3", "SiO2"], composites=[MIDDLINGS])
    unit = feed(p80=None, passing={sieve: 0.0})
    found = stream(unit, kinds)
    assert percent(found.liberation("Sb2S3")) == pytest.approx(free, rel=1e-6)
    # 4 t/h of stibnite; of what is locked, four times as much quartz goes along.
    locked = 4.0 * (100.0 - free) / 100.0
    assert tonnes(found.species("middlings")) == pytest.approx(5.0 * locked, rel=1e-6)
    assert percent(found.liberation("SiO2")) == pytest.approx(100.0 - 4.0 * locked / 0.96, rel=1e-6)
    assert tonnes(found.species("Sb2S3")) == pytest.approx(4.0, rel=1e-12)
    assert told(unit, kinds)["Sb2S3 locked in middlings"] == pytest.approx(
        1.0 - free / 100.0, rel=1e-6
    )


def test_what_is_locked_as_given_in_every_size():
    outlet = made(feed(locked={"middlings": "30 %"}), Slate(["Sb2S3", "SiO2"], COARSE))
    stibnite, _, middlings = outlet.sized
    np.testing.assert_allclose(0.2 * middlings / (0.2 * middlings + stibnite), 0.3, rtol=1e-12)


def test_a_composite_that_is_not_named_is_locked_by_its_grain_size():
    binary = Composite(name="binary", minerals={"Sb2S3": "50 %", "SiO2": "50 %"}, grain_size="1 um")
    kinds = Particles(
        sieves=["300 um", "75 um"], minerals=["Sb2S3", "SiO2"], composites=[MIDDLINGS, binary]
    )
    found = stream(feed(p80=None, passing={"75 um": 0.5}, locked={"middlings": 0.0}), kinds)
    # Far coarser than a grain of one micrometre: all of it is locked there.
    assert percent(found.liberation("Sb2S3")) == pytest.approx(0.0, abs=1e-9)
    assert tonnes(found.species("middlings")) == 0.0
    assert tonnes(found.species("binary")) == pytest.approx(8.0)


def test_a_composite_without_grain_size_does_not_occur_unless_it_is_given():
    bare = Composite(name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"})
    kinds = Particles(sieves=["300 um", "75 um"], minerals=["Sb2S3", "SiO2"], composites=[bare])
    assert tonnes(stream(feed(), kinds).species("middlings")) == 0.0
    assert tonnes(stream(feed(locked=0.5), kinds).species("middlings")) == pytest.approx(10.0)


def test_everything_may_be_locked():
    kinds = Particles(
        sieves=["300 um", "75 um"], minerals=["Sb2S3", "SiO2"], composites=[MIDDLINGS]
    )
    found = stream(feed(composition={"Sb2S3": "20 %"}, locked=1.0), kinds)
    assert tonnes(found.species("middlings")) == pytest.approx(100.0)
    assert percent(found.liberation("SiO2")) == 0.0


def test_figures():
    assert told(feed(), FREE).keys() == {"P80"}
    assert told(analysed(), FREE)["P80"] == pytest.approx(
        75e-6 * 2.0 ** (np.log(1.6) / np.log(1.8))  # straight in log-log from 50 to 90 %
    )


def test_figures_of_an_assayed_pulp():
    unit = feed(composition=None, assay={"Sb": "3 %"}, minerals=["Sb2S3"], percent_solids="30 %")
    figures = told(unit)
    assert figures["water added"] * 3.6 == pytest.approx(100.0 / 0.3 - 100.0)
    assert figures["Sb2S3 by fit"] == pytest.approx(0.03 / 0.71684, rel=1e-3)


@pytest.mark.parametrize(
    ("changes", "labels"),
    [
        ({"flow": "0 t/h"}, set()),
        ({"composition": {"Sb2S3": 0.0}}, {"P80"}),
        ({"p80": "20 um"}, {"Sb2S3 locked in middlings"}),
    ],
)
def test_figures_that_cannot_be_said_are_left_out(changes, labels):
    assert told(feed(**changes)).keys() == labels


def test_nothing_flows_of_an_empty_feed():
    assert not made(feed(flow="0 t/h"), Slate(["Sb2S3", "SiO2"], COARSE)).mass.any()


VARIED = [
    (feed(), "ore.p80", ["60 um", "100 um", "140 um"]),
    (feed(), "ore.size_modulus", [0.8, 1.0, 1.2]),
    (feed(), "ore.composition.Sb2S3", ["1 %", "4 %", "8 %"]),
    (feed(locked=0.2), "ore.locked", [0.1, 0.2, 0.3]),
    (feed(locked={"middlings": 0.2}), "ore.locked.middlings", [0.1, 0.2, 0.3]),
    (feed(p80={"Sb2S3": "90 um", "SiO2": "100 um"}), "ore.p80.Sb2S3", ["60 um", "90 um"]),
    (analysed(), "ore.passing.75 um", ["40 %", "50 %", "60 %"]),
    (analysed(), "ore.passing.0.15 mm", ["80 %", "90 %"]),
]


@pytest.mark.parametrize(("unit", "path", "values"), VARIED, ids=lambda each: str(each)[:24])
def test_scenarios_are_what_each_is_alone(unit, path, values):
    flowsheet = plant(unit)
    together = scenarios(flowsheet, {path: values})
    assert not together.failed
    apart = np.hstack([solve(flowsheet, set={path: value}).flows["ore"] for value in values])
    np.testing.assert_allclose(together.flows["ore"], apart, rtol=1e-12, atol=1e-12)
    assert (apart[:, 0] != apart[:, -1]).any(), "it matters"


@pytest.mark.parametrize(("unit", "path", "values"), VARIED, ids=lambda each: str(each)[:24])
def test_directions_reach_every_parameter(unit, path, values):
    slate = plant(unit).slate
    p = unit.resolve(slate)
    name, _, key = path.removeprefix("ore.").partition(".")
    held = getattr(p, name)

    def moved(step):
        if isinstance(held, dict):
            size = next(iter(held)) if key == "0.15 mm" else list(held)[-1]
            changed = {**held, size: held[size] * (1.0 + step)}
        else:
            changed = held * (1.0 + step)
        return unit.run(slate=slate, p=p.replaced({name: changed}))["outlet"].mass

    difference = (moved(1e-6) - moved(-1e-6)) / 2e-6
    np.testing.assert_allclose(moved(1e-40j).imag / 1e-40, difference, rtol=1e-6, atol=1e-7)
    assert np.abs(difference).max() > 1e-3


def test_sensitivities_to_a_sieve():
    # One per cent more below 75 um leaves a grade as it is: all minerals have one analysis.
    solution = solve(plant(analysed(), FREE))
    found = sensitivities(solution, of=grade("ore", "Sb"), by="ore.passing.75 um")
    assert found.of(grade("ore", "Sb"))[0].derivative == pytest.approx(0.0, abs=1e-12)


def test_one_scenario_that_makes_no_sense_stops_no_other():
    found = scenarios(plant(feed()), {"ore.p80": ["90 um", "5 mm"]})
    assert list(found.failed) == [1]
    assert found.failed[1].startswith("ore: p80 of 5 mm leaves 91% of Sb2S3 coarser than the top ")
    found = scenarios(plant(analysed()), {"ore.passing.75 um": ["50 %", "95 %"]})
    assert found.failed == {
        1: "ore: passing: 95.0000% passes 75 um and only 90.0000% the coarser 150 um; passing is "
        "cumulative, and grows with the aperture"
    }


@pytest.mark.parametrize(
    ("unit", "path", "complaint"),
    [
        (analysed(), "ore.passing.75", 'ore.passing.75: needs a unit of length, got "75"; write '
         'e.g. "75 um"'),
        (analysed(), "ore.passing.74 um", "ore.passing.74 um: there is no value for this size; "
         "known are 150 um, 75 um"),
        (analysed(), "ore.passing", "ore.passing: is not one number; name one of its entries"),
        (feed(), "ore.passing.75 um", "ore.passing.75 um: 'passing' is not given, so no entry of "
         "it can vary"),
        (feed(), "ore.locked.middlings", "ore.locked.middlings: 'locked' is not given, so no entry "
         "of it can vary"),
        (feed(), "ore.p80.Sb2S", "ore.p80.Sb2S: no species 'Sb2S' in this flowsheet; did you mean "
         "'Sb2S3'?"),
        (feed(), "ore.size_law", "ore.size_law: cannot vary, it is a choice and not a number"),
    ],
)  # fmt: skip
def test_what_cannot_vary(unit, path, complaint):
    with pytest.raises(InputError, match=f"^{re.escape(complaint)}$"):
        scenarios(plant(unit), {path: ["50 %"]})


RICH = Particles(
    sieves=["300 um", "150 um", "75 um"],
    minerals=["Sb2S3", "SiO2"],
    composites=[Composite(name="poor", minerals={"Sb2S3": "1 %", "SiO2": "99 %"})],
)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"passing": ANALYSIS}, "SizedFeed: give either p80 or passing (a sieve analysis), and not "
         "both"),
        ({"p80": None}, "SizedFeed: give either p80 or passing (a sieve analysis), and not both"),
        ({"p80": 100}, 'SizedFeed.p80: needs a unit of length, got 100; write e.g. "75 um"'),
        ({"p80": {"Sb2S3": "9 um"}}, "ore.p80: no value for SiO2; name them or give 'others' a "
         "value"),
        ({"p80": {"Sb2S": "9 um", "others": "9 um"}}, "ore.p80: 'Sb2S' is no mineral of the "
         "particles; did you mean 'Sb2S3'?"),
        ({"p80": {"middlings": "9 um", "others": "9 um"}}, "ore.p80: 'middlings' is no mineral of "
         "the particles; known here: Sb2S3, SiO2"),
        ({"p80": "400 um"}, "ore: p80 of 400 um leaves 30% of Sb2S3 coarser than the top sieve, "
         "300 um; grind finer, or add coarser sieves to the particles"),
        ({"size_law": "rosin"}, "SizedFeed.size_law: must be 'rosin_rammler' or "
         "'gates_gaudin_schuhmann', got 'rosin'"),
        ({"size_modulus": 0}, "SizedFeed.size_modulus: must be above 0, got 0"),
        ({"size_modulus": 90}, "SizedFeed: size_modulus of 90 is steeper than any ore; it must be "
         "at most 50, and 0.7 to 1.2 is usual"),
        ({"locked": {"midlings": 0.1}}, "ore.locked: 'midlings' is no composite of the particles; "
         "did you mean 'middlings'?"),
        ({"locked": {"Sb2S3": 0.1}}, "ore.locked: 'Sb2S3' is no composite of the particles; known "
         "here: middlings"),
        ({"locked": 1.1}, "SizedFeed.locked: must lie between 0 and 1, got 1.1"),
        ({"composition": {"Sb2S3": 0.04, "middlings": 0.1}}, "ore: composition names the composite "
         "'middlings'; name its minerals, and say with locked.middlings how much of Sb2S3 it holds"
         ),
        ({"remainder": "middlings"}, "ore: 'middlings' is a composite and no species; name Sb2S3, "
         "SiO2"),
    ],
)  # fmt: skip
def test_a_feed_that_makes_no_sense_is_refused(change, complaint):
    with pytest.raises(InputError, match=f"^{re.escape(complaint)}$"):
        stream(feed(**change))


@pytest.mark.parametrize(
    ("passing", "complaint"),
    [
        ({"150 um": 0.9}, "ore: passing: says nothing of 75 um, a sieve of the particles; name all "
         "of them"),
        ({"150 um": 0.9, "74 um": 0.5}, "ore: passing: 74 um is no sieve of the particles, which "
         "are 300 um, 150 um, 75 um; give what passes these"),
        ({"150 um": 0.4, "75 um": 0.5}, "SizedFeed: passing: 50.0000% passes 75 um and only "
         "40.0000% the coarser 150 um; passing is cumulative, and grows with the aperture"),
        ({"300 um": 0.9, "150 um": 0.6, "75 um": 0.5}, "ore: passing: only 90.0000% passes the top "
         "sieve 300 um, and the rest would have no size; add a coarser sieve that all of it passes"
         ),
        ({"150 um": 0.9, "75 um": 0.5, "0.075 mm": 0.4}, "SizedFeed.passing: 0.075 mm: is the same "
         "size as 75 um; keep one"),
        ({"150": 0.9}, 'SizedFeed.passing: 150: needs a unit of length, got "150"; write e.g. '
         '"75 um"'),
        ({75: 0.9}, 'SizedFeed.passing: 75: needs a unit of length, got 75; write e.g. "75 um"'),
        ({"75 um": 50}, "SizedFeed.passing: 75 um: must lie between 0 and 1, got 50; "
         'a bare number is a fraction, write "50 %"'),
        ({"75 um": "50 um"}, 'SizedFeed.passing: 75 um: needs a unit of a fraction, got "50 um"; '
         'write e.g. "0.85"'),
        ({}, "SizedFeed.passing: needs a value for each size, got {}; e.g. {\"75 um\": \"62 %\"}"),
        (0.6, "SizedFeed.passing: needs a value for each size, got 0.6; e.g. {\"75 um\": \"62 %\"}"
         ),
        ({"others": 0.6}, "SizedFeed.passing: needs a value for each size, got {'others': 0.6}; "
         "e.g. {\"75 um\": \"62 %\"}"),
    ],
)  # fmt: skip
def test_a_sieve_analysis_that_makes_no_sense_is_refused(passing, complaint):
    with pytest.raises(InputError, match=f"^{re.escape(complaint)}$"):
        stream(analysed(passing=passing))


def test_a_law_does_not_belong_to_a_sieve_analysis():
    with pytest.raises(InputError, match=r"size_modulus and size_law belong to p80; leave them"):
        analysed(size_modulus=0.8)


def test_more_locked_than_there_is():
    with pytest.raises(
        InputError,
        match=r"^ore: composites hold more SiO2 than the feed brings in the class 150 um to 300 "
        r"um; give smaller shares in 'locked', or make composites richer in their first mineral$",
    ):
        stream(feed(locked=0.5), RICH)


def test_locking_without_composites():
    with pytest.raises(
        InputError,
        match=r"^ore\.locked: the particles have no composites; add them, or drop it$",
    ):
        plant(feed(locked=0.5), FREE)


def test_a_flowsheet_without_particles_is_refused():
    with pytest.raises(
        InputError,
        match=r"^ore: a SizedFeed works on size classes, and this flowsheet has none; give it "
        r"particles=Particles\(sieves=\[\"300 um\", \.\.\.\], minerals=\[\.\.\.\]\)$",
    ):
        plant(feed(), None)
