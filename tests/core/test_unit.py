"""How a unit operation is described: ports, parameters, and what is refused with which words."""

from typing import ClassVar, Literal

import numpy as np
import pytest
from pydantic import ValidationError

from flowsheet.core.errors import InputError, PlacedError
from flowsheet.core.flow import flow_of
from flowsheet.core.parameters import (
    Count,
    Fraction,
    PerElement,
    PerSize,
    PerSpecies,
    Temperature,
    Time,
    default,
)
from flowsheet.core.particles import Composite, Particles
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.quantities import Entered
from flowsheet.core.record import Record
from flowsheet.core.slate import Slate
from flowsheet.core.unit import Figure, ParticleUse, UnitOp, seen

SLATE = Slate(["Sb2S3", "FeAsS", "SiO2"])


class Leach(UnitOp):
    """A unit with every kind of port and parameter."""

    feed: Inlet
    reagent: Supply
    solution: Outlet
    cake: Outlet

    residence_time: Time
    tanks: Count = default(3)
    temperature: Temperature = default("60 degC")
    extraction: PerSpecies[Fraction]
    wash: PerSpecies[Fraction] = default("90 %")
    limit: PerElement[Fraction] = default({"As": "1 %"})
    heating: Fraction | None = None
    mode: Literal["alkaline", "acid"] = "alkaline"

    def check(self):
        if self.mode == "acid" and self.tanks > 5:
            raise InputError("acid leaching takes at most 5 tanks; use fewer, or mode = 'alkaline'")

    def run(self, feed, p):
        solution = feed * p.extraction
        return {"solution": solution, "cake": feed - solution, "reagent": feed * 0.0}


def leach(**changes):
    described = {
        "feed": ["ore", "returns"],
        "reagent": "sulphide",
        "solution": "pregnant",
        "cake": "cake",
        "residence_time": "2 h",
        "extraction": {"Sb2S3": "95 %", "others": 0.01},
    }
    return Leach(**{**described, **changes})


def test_ports_in_the_order_they_are_declared():
    assert list(Leach.ports().items()) == [
        ("feed", "inlet"),
        ("reagent", "supply"),
        ("solution", "outlet"),
        ("cake", "outlet"),
    ]


def test_streams_by_kind_of_port():
    unit = leach()
    assert unit.streams("inlet") == {"feed": ("ore", "returns")}
    assert unit.streams("supply") == {"reagent": ("sulphide",)}
    assert unit.streams("outlet") == {"solution": ("pregnant",), "cake": ("cake",)}
    assert leach(feed="ore").streams("inlet") == {"feed": ("ore",)}


def test_parameters_are_everything_but_ports():
    names = ["residence_time", "tanks", "temperature", "extraction", "wash", "limit", "heating"]
    assert list(Leach.parameters()) == [*names, "mode"]
    physical = Leach.physical_parameters()
    assert list(physical) == names
    assert physical["extraction"].dimension.word == "a fraction"
    assert physical["residence_time"].dimension.display == "min"


def test_parameters_resolve_to_si_numbers():
    p = leach().resolve(SLATE)
    assert p.residence_time == pytest.approx(7200.0)
    assert p.temperature == pytest.approx(333.15)
    assert p.tanks == 3.0
    assert p.mode == "alkaline"
    assert p.heating is None
    assert type(p.residence_time) is float
    np.testing.assert_allclose(p.extraction, [[0.95], [0.01], [0.01]])


def test_one_number_is_meant_for_all_species():
    np.testing.assert_array_equal(leach(extraction=0.5).resolve(SLATE).extraction, [[0.5]] * 3)


def test_species_that_are_not_named_take_the_default():
    np.testing.assert_allclose(
        leach(wash={"SiO2": "10 %"}).resolve(SLATE).wash, [[0.9], [0.9], [0.1]]
    )


def test_others_wins_over_the_default():
    wash = leach(wash={"SiO2": "10 %", "others": "20 %"}).resolve(SLATE).wash
    np.testing.assert_allclose(wash, [[0.2], [0.2], [0.1]])


def test_without_others_and_default_every_species_must_be_named():
    with pytest.raises(InputError, match=r"^extraction: no value for FeAsS, SiO2; name them or"):
        leach(extraction={"Sb2S3": 0.5}).resolve(SLATE)


def test_a_species_that_the_flowsheet_does_not_carry_is_refused():
    with pytest.raises(InputError, match=r"^extraction: no species 'Sb2S' .*mean 'Sb2S3'\?"):
        leach(extraction={"Sb2S": 0.5, "others": 0}).resolve(SLATE)


def test_values_per_element():
    assert leach().resolve(SLATE).limit == {"As": 0.01}
    everywhere = leach(limit={"As": 0.1, "others": 0.2}).resolve(SLATE).limit
    assert everywhere == {"As": 0.1, "Fe": 0.2, "O": 0.2, "S": 0.2, "Sb": 0.2, "Si": 0.2}
    assert leach(limit=0.3).resolve(SLATE).limit == dict.fromkeys(SLATE.elements, 0.3)


def test_an_element_that_the_flowsheet_does_not_carry_is_refused():
    with pytest.raises(InputError, match=r"^limit: no element 'Au' in this flowsheet; known here"):
        leach(limit={"Au": 0.1}).resolve(SLATE)


def test_run_sees_parameters_by_name_only():
    p = leach().resolve(SLATE)
    with pytest.raises(AttributeError, match=r"no parameter 'residence'; did you mean 'residence_"):
        p.residence  # noqa: B018


def test_replaced_parameters_leave_the_first_ones_as_they_are():
    p = leach().resolve(SLATE)
    changed = p.replaced({"tanks": 5.0})
    assert (p.tanks, changed.tanks, changed.residence_time) == (3.0, 5.0, p.residence_time)


def test_run_through_the_public_interface():
    unit = leach()
    feed = flow_of(SLATE, {"Sb2S3": 10.0, "SiO2": 100.0})
    made = unit.run(feed=feed, p=unit.resolve(SLATE))
    assert made["solution"].of("Sb2S3")[0] == pytest.approx(9.5)
    assert made["cake"].total()[0] == pytest.approx(0.5 + 99.0)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"residence_tme": "2 h"}, "Leach.residence_tme: there is no such parameter; did you mean "
                                   "'residence_time'?"),
        ({"residence_time": "8 kg"}, "Leach.residence_time: needs a unit of time, got \"8 kg\""),
        ({"residence_time": 8}, "Leach.residence_time: needs a unit of time, got 8"),
        ({"residence_time": None}, "Leach.residence_time: needs a quantity, got None"),
        ({"tanks": 2.5}, "Leach.tanks: needs a whole number, got 2.5"),
        ({"extraction": 1.1}, "Leach.extraction: must lie between 0 and 1, got 1.1"),
        ({"extraction": {"Sb2S3": 1.1}}, "Leach.extraction: Sb2S3: must lie between 0 and 1"),
        ({"limit": {"As": "1 t"}}, "Leach.limit: As: needs a unit of a fraction, got \"1 t\""),
        ({"mode": "akaline"}, "Leach.mode: must be 'alkaline' or 'acid', got 'akaline'"),
        ({"mode": "acid", "tanks": 6}, "Leach: acid leaching takes at most 5 tanks; use fewer"),
        ({"feed": ["ore", "ore"]}, "Leach.feed: names a stream twice: ore, ore"),
        ({"feed": 5}, "Leach.feed: needs stream names, got 5"),
        ({"feed": {"ore": 1}}, "Leach.feed: needs stream names, got {'ore': 1}"),
        ({"feed": ["ore", 5]}, "Leach.feed: needs the name of one stream, got 5"),
        ({"cake": ["a", "b"]}, "Leach.cake: needs the name of one stream, got ['a', 'b']"),
        ({"cake": " "}, "Leach.cake: needs the name of one stream, got ' '"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_class_and_field(changes, complaint):
    with pytest.raises(InputError) as refused:
        leach(**changes)
    assert str(refused.value).startswith(complaint)
    assert "\n" not in str(refused.value)


def test_what_is_missing_is_named():
    with pytest.raises(InputError, match=r"^Leach\.extraction: is needed but not given$"):
        Leach(feed="a", reagent="b", solution="c", cake="d", residence_time="2 h")


def test_several_mistakes_are_counted_and_a_misspelling_comes_first():
    with pytest.raises(InputError, match=r"^Leach\.tnks: .* 'tanks'\? \(and 1 more\)$"):
        leach(tnks=3, residence_time="2 kg")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"residence_time": Entered("8 kg", "plant.toml: leach.residence_time")},
         "plant.toml: leach.residence_time: needs a unit of time, got \"8 kg\""),
        ({"extraction": {"SiO2": Entered("101 %", "plant.toml: leach.extraction.SiO2")}},
         "plant.toml: leach.extraction.SiO2: must lie between 0 and 1, got \"101 %\""),
        ({"limit": {"As": Entered("1 t", "plant.toml: leach.limit.As")}},
         "plant.toml: leach.limit.As: needs a unit of a fraction"),
        ({"tnks": Entered(3, "plant.toml: leach.tnks")},
         "plant.toml: leach.tnks: there is no such parameter; did you mean 'tanks'?"),
        ({"mode": Entered("acidic", "plant.toml: leach.mode")},
         "plant.toml: leach.mode: must be 'alkaline' or 'acid', got 'acidic'"),
        ({"mode": Entered("acid", "plant.toml: leach.mode"),
          "tanks": Entered(6, "plant.toml: leach.tanks")},
         "plant.toml: leach: acid leaching takes at most 5 tanks"),
    ],
)  # fmt: skip
def test_what_comes_from_a_file_is_said_with_file_and_field(changes, complaint):
    with pytest.raises(PlacedError) as refused:
        leach(**changes)
    assert str(refused.value).startswith(complaint)


def test_values_from_a_file_count_as_if_they_were_written_in_python():
    entered = leach(
        residence_time=Entered("2 h", "plant.toml: leach.residence_time"),
        mode=Entered("acid", "plant.toml: leach.mode"),
        extraction={"Sb2S3": Entered("95 %", "plant.toml: leach.extraction.Sb2S3"), "others": 0.01},
    )
    assert entered == leach(mode="acid")


def test_a_unit_is_frozen():
    unit = leach()
    with pytest.raises(ValidationError, match="frozen"):
        unit.tanks = 4


def test_a_copy_keeps_values_that_are_converted_already():
    unit = leach(temperature="95 degC")
    copy = Leach(**{name: getattr(unit, name) for name in Leach.model_fields})
    assert copy == unit
    assert copy.resolve(SLATE).temperature == pytest.approx(368.15)


def test_a_unit_that_needs_nothing_says_nothing():
    unit = leach()
    assert (*unit.required_species(), *unit.figures({}, None), *unit.warnings({}, None)) == ()


class Entry(Record):
    """A record that is not a unit."""

    tonnage: float
    name: str = "ore"


def test_a_record_refuses_unknown_fields_and_is_frozen():
    with pytest.raises(InputError, match=r"^Entry\.tonage: .*did you mean 'tonnage'\? \(and 1"):
        Entry(tonage=3)
    with pytest.raises(InputError, match=r"^case\.toml: ore\.tonnage: Input should be a valid num"):
        Entry(tonnage=Entered("much", "case.toml: ore.tonnage"))
    with pytest.raises(ValidationError, match="frozen"):
        Entry(tonnage=3).tonnage = 4


# --- particles ---

SIEVED = Slate(
    ["Sb2S3", "SiO2", "H2O"],
    Particles(
        sieves=["300 um", "75 um"],
        minerals=["Sb2S3", "SiO2"],
        composites=[Composite(name="middlings", minerals={"Sb2S3": "20 %", "SiO2": "80 %"})],
    ),
)


class Screen(UnitOp):
    """A unit that works on size classes, with a value per species and one per size."""

    particles: ClassVar[ParticleUse] = "needed"

    feed: Inlet
    oversize: Outlet
    undersize: Outlet

    passes: PerSize[Fraction]
    sticks: PerSpecies[Fraction] = 0.0

    def run(self, feed, p):
        undersize = feed * (1.0 - p.sticks)
        return {"undersize": undersize, "oversize": feed - undersize}


def screen(**changes):
    described = {
        "feed": "ore",
        "oversize": "coarse",
        "undersize": "fine",
        "passes": {"75 um": "90 %", "0.3 mm": 0.2},
    }
    return Screen(**{**described, **changes})


def test_a_value_of_a_species_or_composite_is_that_of_all_its_sizes():
    sticks = {"SiO2": 0.1, "middlings": 0.2, "others": 0.3}
    column = screen(sticks=sticks).resolve(SIEVED).sticks[:, 0]
    # Stibnite, quartz and water without a size; then two classes each of the particles.
    np.testing.assert_array_equal(column, [0.3, 0.1, 0.3, 0.3, 0.3, 0.1, 0.1, 0.2, 0.2])


def test_a_unit_that_merges_has_values_of_species_only():
    unit = leach(extraction={"Sb2S3": 0.9, "others": 0.1}, limit=0.1)
    column = unit.resolve(SIEVED).extraction[:, 0]
    np.testing.assert_array_equal(column, [0.9, 0.1, 0.1, *[0.0] * 6])
    with pytest.raises(
        InputError, match=r"^extraction: 'middlings' is a composite and no species;"
    ):
        leach(extraction={"middlings": 0.9, "others": 0.1}, limit=0.1).resolve(SIEVED)


def test_a_composite_without_a_value_is_named_once():
    class Wash(Screen):
        sticks: PerSpecies[Fraction]

    wash = Wash(**{name: getattr(screen(), name) for name in Screen.ports()}, passes={"1 mm": 1.0},
                sticks={"Sb2S3": 0.1, "SiO2": 0.1, "H2O": 0.1})  # fmt: skip
    with pytest.raises(
        InputError, match=r"^sticks: no value for middlings; name them or give 'oth"
    ):
        wash.resolve(SIEVED)


def test_values_by_size_are_known_by_metres():
    assert screen().resolve(SIEVED).passes == pytest.approx({75e-6: 0.9, 300e-6: 0.2})
    assert Screen.entries_by("passes") == "size"
    assert Screen.physical_parameters()["passes"].dimension.word == "a fraction"
    copy = Screen(**{name: getattr(screen(), name) for name in Screen.model_fields})
    assert copy == screen()
    assert repr(screen().passes) == "{7.5e-05: 0.9, 0.0003: 0.2}"


@pytest.mark.parametrize(
    ("passes", "complaint"),
    [
        ({"75": 0.9}, r'75: needs a unit of length, got "75"; write e\.g\. "75 um"$'),
        ({75: 0.9}, r'75: needs a unit of length, got 75; write e\.g\. "75 um"$'),
        (
            {"75 um": 90},
            r"75 um: must lie between 0 and 1, got 90; a bare number is a fraction, write .90 %.$",
        ),
        ({"75 um": 0.9, "0.075 mm": 0.8}, r"0\.075 mm: is the same size as 75 um; keep one$"),
        ({}, r"needs a value for each size, got \{\}; e\.g\. \{\"75 um\": \"62 %\"\}$"),
        (0.9, r"needs a value for each size, got 0\.9; "),
        ({"75 um": 0.9, "others": 0}, r"needs a value for each size, got \{'75 um': 0\.9, 'oth"),
    ],
)
def test_values_by_size_that_make_no_sense(passes, complaint):
    with pytest.raises(InputError, match=rf"^Screen\.passes: {complaint}"):
        screen(passes=passes)


def test_values_by_size_know_where_they_were_entered():
    with pytest.raises(PlacedError, match=r"^a\.toml: s\.passes\.75 um: must lie between 0 and 1"):
        screen(passes={"75 um": Entered(90, "a.toml: s.passes.75 um")})
    with pytest.raises(
        PlacedError, match=r"^a\.toml: s\.passes: needs a value for each size, got 3"
    ):
        screen(passes=Entered(3, "a.toml: s.passes"))
    assert screen(passes=Entered({"75 um": 0.9, "300 um": "20 %"}, "set")) == screen()


def test_who_sees_what_of_particles():
    flows = {"feed": flow_of(SIEVED, {"H2O": 1.0}).with_sized(np.ones((3, 2, 1)))}
    assert seen(screen(), flows)["feed"] is flows["feed"]
    merged = seen(leach(), flows)["feed"]
    np.testing.assert_allclose(merged.mass[:, 0], [2.4, 3.6, 1.0, *[0.0] * 6])


def test_a_figure_reads_as_people_read_it():
    figure = Figure(np.array([112_800.0]), "kPa", "pressure drop")
    assert str(figure) == "pressure drop 112.8 kPa"
    assert repr(figure) == "<Figure: pressure drop 112.8 kPa>"
    assert str(Figure(np.array([2.5]), "", "imperfection")) == "imperfection 2.5"
