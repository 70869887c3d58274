"""A case takes over flowsheet and numbers of the plant it names, and says what differs."""

import pytest

from flowsheet import InputError
from flowsheet.case.data import CaseData
from flowsheet.load import load_route, plant_names
from tests.sieved_case import PARTICLES
from tests.small_case import CASE, HEADER, write

SHORT = """\
[route]
title = "A deposit of my own"
plant = "ore_smelter"

[target]
vary = "ore.flow"
flow = "1000 t/yr"

[units.ore]
flow = "50 kt/yr"
assay.Sb = { value = "3 %", low = "2 %", high = "4 %", basis = "assumed", source = "two samples" }

[units.flotation]
concentrate_grade = "55 %"
recovery = "88 %"
"""


def load(tmp_path, case, **options):
    return load_route(str(write(tmp_path, case, plant=None)), options)


def read(tmp_path, **files):
    """Case files beside each other, where a plant is the file of that name."""
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return CaseData(tmp_path / "mine.toml", lambda name, file: tmp_path / f"{name}.toml")


def refused(complaint):
    return pytest.raises(InputError, match=complaint)


def numbers(data):
    return {number.path: number for number in data.numbers}


def test_twenty_lines_are_a_route(tmp_path):
    result = load(tmp_path, SHORT).solve()
    solution = result.solution
    assert solution["antimony_metal"].element("Sb", "t/yr").magnitude == pytest.approx(1000.0)
    assert solution["antimony_concentrate"].grade("Sb").magnitude == pytest.approx(55.0)
    caught = solution["antimony_concentrate"].element("Sb") / solution["ore"].element("Sb")
    assert caught.magnitude == pytest.approx(0.88)
    assert result.metrics.refinery_yield_percent == pytest.approx(
        100 * 1000.0 / result.metrics.antimony_to_refinery_t_yr
    )


def test_what_a_case_gives_replaces_that_entry_alone(tmp_path):
    found = numbers(load(tmp_path, SHORT).data)
    assert (found["ore.assay.Sb"].value, found["ore.assay.Sb"].file) == ("3 %", "mine.toml")
    assert found["ore.assay.As"].file == "ore_smelter.toml"
    assert found["roaster.temperature"].file == "smelter.toml"
    own = SHORT + '\n[units.roaster]\ntemperature = "980 degC"\n'
    found = numbers(load(tmp_path, own).data)
    assert (found["roaster.temperature"].value, found["roaster.temperature"].low) == (
        "980 degC",
        None,
    )
    assert found["roaster.heat_loss"].file == "smelter.toml"


def test_units_that_an_option_leaves_out_have_no_numbers(tmp_path):
    plain, pure = load(tmp_path, SHORT), load(tmp_path, SHORT, high_purity=True)
    assert "zone_refining.zone_length" not in numbers(plain.data)
    assert "zone_refining" in pure.flowsheet.units
    assert set(numbers(plain.data)) < set(numbers(pure.data))


def test_targets_capacity_deposit_and_supply_are_not_taken_over(tmp_path):
    case = '[route]\ntitle = "Mine"\nplant = "costerfield"\n'
    route = load(tmp_path, case)
    header = route.data.header
    assert route.target is None
    assert (header.capacity, header.deposit, route.data.supply) == (None, None, None)
    assert header.feed == ("ore",)
    assert header.product == "antimony_metal"
    assert (header.title, header.summary) == ("Mine", "")
    built_in = load_route("costerfield").without_target()
    assert route.solve().metrics.product_t_yr == pytest.approx(
        built_in.solve().metrics.product_t_yr, rel=1e-12
    )


def test_numbers_alone_go_under_a_flowsheet_of_ones_own(tmp_path):
    base = '[units.ore]\nremainder = "SiO2"\ncomposition.Sb2S3 = "4 %"\n'
    mine = CASE.replace('composition.Sb2S3 = "4 %"\nremainder = "SiO2"\n', "")
    data = read(tmp_path, base=base, mine=mine.replace("[route]", '[route]\nnumbers = "base"'))
    entries = data.unit("ore")
    assert entries["remainder"].where == "mine.toml: ore.remainder (from base.toml)"
    assert entries["flow"].where == "mine.toml: ore.flow"
    assert (
        entries["composition"]["Sb2S3"].where == "mine.toml: ore.composition.Sb2S3 (from base.toml)"
    )


def test_the_first_of_several_counts_before_the_others(tmp_path):
    data = read(
        tmp_path,
        one='[units.rougher]\nfraction.Sb2S3 = 0.7\n[units.cleaner]\nlike = "rougher"\n',
        two="[units.rougher]\nfraction.Sb2S3 = 0.1\nfraction.SiO2 = 0.2\n",
        mine='[route]\ntitle = "m"\nnumbers = ["one", "two"]\nfeed = "a"\n'
        'product = "b"\nrefinery_feed = "c"\n',
    )
    entries = data.unit("cleaner")["fraction"]
    assert {name: entry.value for name, entry in entries.items()} == {"Sb2S3": 0.7, "SiO2": 0.2}


def test_a_group_taken_over_keeps_the_members_that_still_have_a_range(tmp_path):
    ranged = '{ value = 0.5, low = 0.4, high = 0.6, basis = "assumed", source = "a test" }'
    base = (
        f"[units.rougher]\nfraction.Sb2S3 = {ranged}\nfraction.SiO2 = {ranged}\n"
        f"fraction.FeS2 = {ranged}\n[correlation.mill]\ncoefficient = 0.9\n"
        'members = ["rougher.fraction.Sb2S3", "rougher.fraction.SiO2", "rougher.fraction.FeS2"]\n'
    )
    head = (
        '[route]\ntitle = "m"\nnumbers = "base"\nfeed = "a"\nproduct = "b"\nrefinery_feed = "c"\n'
    )
    one_fixed = head + "[units.rougher]\nfraction.FeS2 = 0.5\n"
    two_fixed = one_fixed + "fraction.SiO2 = 0.5\n"
    groups = read(tmp_path, base=base, mine=one_fixed).correlations
    assert groups["mill"].members == ("rougher.fraction.Sb2S3", "rougher.fraction.SiO2")
    assert read(tmp_path, base=base, mine=two_fixed).correlations == {}


def test_a_mistake_in_what_is_taken_over_is_placed_in_its_file(tmp_path):
    with refused(r"^mine\.toml: ore\.flow: is needed but not given$"):
        load(tmp_path, SHORT.replace('flow = "50 kt/yr"\n', ""))
    with refused(r"^base\.toml: is not valid TOML, "):
        read(tmp_path, base="[units\n", mine=CASE.replace("[route]", '[route]\nplant = "base"'))


def test_a_plant_that_takes_over_from_itself(tmp_path):
    looped = '[route]\nnumbers = ["mine"]\n'
    with refused(
        r"^base\.toml: route: takes over its numbers from itself, by way of 'mine'; let one of "
        r"the files give its numbers$"
    ):
        read(tmp_path, base=looped, mine=CASE.replace("[route]", '[route]\nplant = "base"'))


def test_a_plant_that_there_is_not(tmp_path):
    with refused(
        r"^mine\.toml: route: there is no built-in route or plant 'ore_smelt'; did you mean "
        r"'ore_smelter'\?$"
    ):
        load(tmp_path, SHORT.replace('"ore_smelter"', '"ore_smelt"'))
    with refused(r"^mine\.toml: route\.numbers: needs a name or a list of names, got 5"):
        load(tmp_path, SHORT.replace("[route]", "[route]\nnumbers = 5"))


def test_a_misspelt_section_is_said_before_what_it_leaves_out(tmp_path):
    with refused(
        r"^mine\.toml: \[units\.flotatoin\] belongs to no unit of the plant; did you mean "
        r"'flotation'\?$"
    ):
        load(tmp_path, SHORT.replace("[units.flotation]", "[units.flotatoin]"))


def test_a_section_that_the_plant_has_no_unit_for(tmp_path):
    with refused(r"^mine\.toml: \[units\.raoster\] belongs to no unit of the flowsheet; did you "):
        load(tmp_path, SHORT + '\n[units.raoster]\ntemperature = "900 degC"\n')


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"high_puriy": True}, "this plant has no such option; did you mean 'high_purity'"),
        ({"high_purity": "yes"}, "needs true or false, got 'yes'"),
    ],
)
def test_options_that_the_plant_does_not_have(tmp_path, options, complaint):
    with refused(rf"^mine\.toml: options\.high_puri?t?y: {complaint}"):
        load(tmp_path, SHORT, **options)


def test_options_that_are_no_table_and_numbers_as_options(tmp_path):
    with refused(
        r"^mine\.toml: route\.options: needs a table, got 3; write e\.g\. \{ high_purity = true \}$"
    ):
        load(tmp_path, SHORT.replace("[route]", "[route]\noptions = 3"))
    plant = (
        "from flowsheet import Flowsheet\nfrom unitops.streams.feed import Feed\n\n\n"
        "def build(data, *, feeds=1):\n"
        '    units = {f"f{n}": Feed(outlet=f"s{n}", flow="1 t/h", composition={"Sb2S3": 1.0})'
        " for n in range(feeds)}\n"
        '    return Flowsheet(["Sb2S3"], units, products=["s0"])\n'
    )
    case = '[route]\ntitle = "m"\nfeed = "s0"\nproduct = "s0"\nrefinery_feed = "s0"\n'
    path = str(write(tmp_path, case, plant=plant))
    assert len(load_route(path, {"feeds": "3"}).flowsheet.units) == 3
    with refused(r"^mine\.toml: options\.feeds: needs a whole number, got 'many'$"):
        load_route(path, {"feeds": "many"})


def test_options_stand_in_the_case_or_on_the_command_line(tmp_path, flowsheet):
    path = write(tmp_path, SHORT.replace("[route]", "[route]\noptions.high_purity = true"), None)
    assert "zone_refining" in load_route(str(path)).flowsheet.units
    assert "zone_refining" not in load_route(str(path), {"high_purity": False}).flowsheet.units
    shown = flowsheet("show", str(path), "--set", "options.high_purity=false")
    assert "zone_refining" not in shown.out
    with refused(r"^gravity_plant\.toml: options\.mill: this plant has no options; leave it out$"):
        load_route("gravity_plant", {"mill": True})


def test_plants_are_those_that_can_be_built():
    assert "ore_smelter" in plant_names()
    assert not {"smelter", "concentrator", "purification"} & set(plant_names())


def test_a_section_may_replace_that_of_the_plant(tmp_path):
    base = '[units.ore]\nremainder = "SiO2"\nassay.Sb = "4 %"\nminerals = ["Sb2S3"]\n'
    own = CASE.replace("[route]", '[route]\nnumbers = "base"')
    assert "assay" in read(tmp_path, base=base, mine=own).unit("ore")
    own = own.replace("[units.ore]\n", "[units.ore]\nreplace = true\n")
    assert set(read(tmp_path, base=base, mine=own).unit("ore")) == {
        "flow",
        "composition",
        "remainder",
    }
    own = own.replace("replace = true", 'replace = "all"')
    with refused(r"^mine\.toml: ore\.replace: needs true, or leave it out$"):
        read(tmp_path, base=base, mine=own).unit("ore")


def test_a_group_of_units_that_the_case_does_not_have_is_left_out(tmp_path):
    ranged = '{ value = 0.5, low = 0.4, high = 0.6, basis = "assumed", source = "a test" }'
    base = (
        f"[units.kiln]\nloss = {ranged}\ngain = {ranged}\n"
        '[correlation.kiln]\nmembers = ["kiln.loss", "kiln.gain"]\ncoefficient = -0.9\n'
    )
    data = read(tmp_path, base=base, mine=CASE.replace("[route]", '[route]\nnumbers = "base"'))
    assert data.correlations == {}
    data.unit("kiln")
    assert list(data.correlations) == ["kiln"]


@pytest.mark.parametrize("option", ["trioxide", "mercury", "high_purity"])
def test_every_option_of_the_smelter_needs_no_more_numbers(tmp_path, option):
    plain, more = load(tmp_path, SHORT), load(tmp_path, SHORT, **{option: True})
    assert set(plain.flowsheet.units) < set(more.flowsheet.units)
    assert more.solve().metrics.closure_max_relative < 1e-9


def test_particles_are_taken_over(tmp_path):
    taken = read(
        tmp_path, base=PARTICLES, mine=CASE.replace("[route]", '[route]\nnumbers = "base"')
    )
    assert taken.particles() == read(tmp_path, mine=HEADER + PARTICLES).particles()
    assert numbers(taken)["particles.composites.middlings.grain_size"].file == "base.toml"


def test_particles_of_the_plant_need_not_be_used(tmp_path):
    data = read(tmp_path, base=PARTICLES, mine=CASE.replace("[route]", '[route]\nnumbers = "base"'))
    for unit in ("ore", "rougher", "cleaner"):
        data.unit(unit)
    data.check_all_used()


def test_a_number_copied_inside_the_plant_is_of_the_file_of_the_copy(tmp_path):
    base = '[units.first]\nfraction.Sb2S3 = 0.7\n[units.second]\nlike = "first"\n'
    data = read(tmp_path, base=base, mine=CASE.replace("[route]", '[route]\nnumbers = "base"'))
    copy = data.unit("second")["fraction"]["Sb2S3"]
    assert (copy.value, copy.where) == (0.7, "mine.toml: second.fraction.Sb2S3 (from base.toml)")


def test_a_list_of_plants_holds_names_alone(tmp_path):
    mine = CASE.replace("[route]", '[route]\nnumbers = ["base", 5]')
    with refused(
        r"^mine\.toml: route\.numbers: needs a name or a list of names, got \['base', 5\]; "
        r'write e\.g\. \["smelter"\]$'
    ):
        read(tmp_path, base="", mine=mine)
