"""A route: its numbers checked against the flowsheet, its target, its changes and its result."""

import pytest

from flowsheet import InputError, SolveError
from flowsheet.core.quantities import from_base
from flowsheet.load import load_route
from tests.sieved_case import RECOVERY as SIEVED_RECOVERY
from tests.sieved_case import SIEVED_CASE, SIEVED_PLANT
from tests.small_case import (
    CAPACITY,
    CASE,
    CIRCUIT,
    HEADER,
    LOSSLESS,
    ORE,
    PLANT,
    TARGET,
    changed,
    write,
)

RECOVERY = 0.9 * 0.9 / (1 - 0.9 * 0.1)


def load(tmp_path, case=CASE):
    return load_route(str(write(tmp_path, case)))


def refused(complaint):
    return pytest.raises(InputError, match=complaint)


def antimony(result, stream):
    return result.solution[stream].element("Sb", "t/yr").magnitude


def test_a_target_is_met_by_scaling_the_feed(tmp_path):
    result = load(tmp_path, CASE + CAPACITY).solve()
    assert antimony(result, "ore") == pytest.approx(5000.0 / RECOVERY, rel=1e-9)
    found = result.metrics
    assert found.product == "concentrate"
    assert found.antimony_recovery_percent == pytest.approx(100 * RECOVERY, rel=1e-9)
    assert found.antimony_to_refinery_t_yr == pytest.approx(5000.0, rel=1e-9)
    assert found.capacity_installed_t_yr == pytest.approx(2000.0, rel=1e-9)
    assert found.capacity_missing_t_yr == pytest.approx(3000.0, rel=1e-9)
    assert found.feed_t_yr == pytest.approx(
        from_base(result.solution.varied["ore.flow"], "t/yr"), rel=1e-9
    )
    assert found.closure_max_relative < 1e-12


def test_capacity_measured_on_the_product_counts_the_antimony_that_it_takes(tmp_path):
    on_product = CAPACITY + 'measured_on = "product"\n'
    case = changed(CASE, 'refinery_feed = ["concentrate"]', 'refinery_feed = ["ore"]')
    found = load(tmp_path, case + on_product).solve().metrics
    assert found.capacity_installed_t_yr == pytest.approx(2000.0 / RECOVERY, rel=1e-9)


def test_more_capacity_than_is_needed_is_not_missing(tmp_path):
    ample = changed(CAPACITY, "2000", "9000")
    assert load(tmp_path, CASE + ample).solve().metrics.capacity_missing_t_yr == 0.0


def test_a_route_without_a_target_is_solved_at_its_feed(tmp_path):
    for route in (load(tmp_path, HEADER + ORE + CIRCUIT), load(tmp_path).without_target()):
        result = route.solve()
        assert result.solution["ore"].mass_flow("t/h").magnitude == pytest.approx(100.0)
        assert result.solution.varied == {}


def test_a_result_as_plain_numbers(tmp_path):
    plain = load(tmp_path).solve().to_dict()
    assert {"route", "status", "metrics", "closure", "streams"} <= set(plain)
    assert plain["varied"].keys() == {plain["target"]["vary"]}
    assert (plain["route"], plain["status"]) == ("mine", "solved")
    assert plain["metrics"]["product_t_yr"] > 5000.0
    assert set(plain["closure"]) == {"O", "S", "Sb", "Si"}
    stream = plain["streams"]["rougher_concentrate"]
    assert (stream["from"], stream["to"]) == ("rougher", "cleaner")
    assert plain["streams"]["concentrate"]["elements_t_yr"]["Sb"] == pytest.approx(5000.0)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("remainder =", "remaindr =", r"^mine\.toml: ore\.remaindr: there is no such parameter; "
                                      r"did you mean 'remainder'\?$"),
        ('"100 t/h"', '"100 t"', r"^mine\.toml: ore\.flow: needs a unit of mass per time, got "),
        ('"4 %"', '"4 kg"', r"^mine\.toml: ore\.composition\.Sb2S3: needs a unit of a fraction"),
        ('"4 %"', '"104 %"', r"^mine\.toml: ore\.composition\.Sb2S3: must lie between 0 and 1, got"
                             r' "104 %"$'),
        ('composition.Sb2S3 = "4 %"', 'assay.Sb = "101 %"\nminerals = ["Sb2S3"]',
         r'^mine\.toml: ore\.assay\.Sb: must lie between 0 and 1, got "101 %"$'),
        ('composition.Sb2S3 = "4 %"', 'assay.Sb = "60 %"\nassay.S = "50 %"\nminerals = ["Sb2S3"]',
         r"^mine\.toml: ore: assay sums to 110"),
        ('"4 %"', "nan", r"^mine\.toml: ore\.composition\.Sb2S3: needs a finite number, got nan$"),
        ('"4 %"', "inf", r"^mine\.toml: ore\.composition\.Sb2S3: needs a finite number, got inf$"),
        ('"4 %"', "true", r"^mine\.toml: ore\.composition\.Sb2S3: needs a quantity, got True"),
        ('"4 %"', '["4 %"]', r"^mine\.toml: ore\.composition\.Sb2S3: needs a quantity, got \['4"),
        ("composition.Sb2S3 =", "composition.Sb2S =", r"needs species 'Sb2S', which this flowsh"),
        ("fraction.Sb2S3 = 0.9\nfraction.SiO2 = 0.05", "fraction.SiO2 = 0.05",
         r"rougher\.fraction: no value for Sb2S3; name them or give 'others' a value$"),
        ('"80 t/h"', '"110 t/h"', r"^mine\.toml: ore\.flow: value 100 t/h lies outside its own "
                                  r"range, low 110 t/h, high 120 t/h$"),
        ('"120 t/h"', '"99 t/h"', r"^mine\.toml: ore\.flow: value 100 t/h lies outside its own "
                                  r"range, low 80 t/h, high 99 t/h$"),
        ('"120 t/h"', '"120 t"', r"^mine\.toml: ore\.flow\.high: needs a unit of mass per time"),
        ('"80 t/h"', '"little"', r"^mine\.toml: ore\.flow\.low: needs a number and a unit"),
        ("[units.cleaner]", "[units.claner]", r"^mine\.toml: needs a section \[units\.cleaner\]; "
                                              r"did you mean 'claner'\?$"),
        ('feed = ["ore"]', 'feed = ["ores"]', r"^mine\.toml: route\.feed: there is no stream "
                                              r"'ores'; did you mean 'ore'\?$"),
        ('product = "concentrate"', 'product = "concentrat"',
         r"^mine\.toml: route\.product: 'concentrat' is not among the products of the flowsheet; "
         r"did you mean 'concentrate'\?$"),
        ('product = "concentrate"', 'product = "tailings"',
         r"^mine\.toml: route\.product: 'tailings' is not among the products of the flowsheet; "
         r"known here: concentrate$"),
        ('refinery_feed = ["concentrate"]', 'refinery_feed = ["conzentrate"]',
         r"^mine\.toml: route\.refinery_feed: there is no stream 'conzentrate'; .* 'concentrate'"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_case_file(tmp_path, old, new, complaint):
    with refused(complaint) as caught:
        load(tmp_path, changed(CASE, old, new))
    assert "\n" not in str(caught.value)


OUTSIDE = ": value 5000 t/yr lies outside its own range"
RANGE = '{{ value = "5000 t/yr", low = "{}", high = "{}" }}'


@pytest.mark.parametrize(
    ("low", "high", "complaint"),
    [
        ("6 kt/yr", "7 kt/yr", f"{OUTSIDE}, low 6 kt/yr, high 7 kt/yr$"),
        ("3 t/yr", "4 t/yr", f"{OUTSIDE}, low 3 t/yr, high 4 t/yr$"),
        ("3 t", "9 kt/yr", r'\.low: needs a unit of mass per time, got "3 t"; write e\.g\. "25 t/'),
        ("3 t/yr", "junk", r'\.high: needs a number and a unit, got "junk"; write "25 t/h"'),
    ],
)
def test_the_range_of_a_target_and_of_a_capacity_is_checked(tmp_path, low, high, complaint):
    number = RANGE.format(low, high)
    with refused(rf"^mine\.toml: target\.flow{complaint}"):
        load(tmp_path, changed(CASE, '"5000 t/yr"', number))
    with refused(rf"^mine\.toml: capacity\.installed{complaint}"):
        load(tmp_path, CASE + changed(CAPACITY, '"2000 t/yr"', number))


def test_a_number_at_the_end_of_its_range_is_taken(tmp_path):
    for low, high in (("5000 t/yr", "5000 t/yr"), ("1 t/yr", "5 kt/yr"), ("5 kt/yr", "9 kt/yr")):
        case = changed(CASE, '"5000 t/yr"', RANGE.format(low, high))
        assert load(tmp_path, case).target.flow == "5000 t/yr"


@pytest.mark.parametrize("end", ['low = "6 kt/yr"', 'high = "4 kt/yr"'])
def test_a_range_with_one_end(tmp_path, end):
    case = changed(CASE, '"5000 t/yr"', f'{{ value = "5000 t/yr", {end} }}')
    shown = end.replace(" =", "").replace('"', "")
    with refused(rf"^mine\.toml: target\.flow{OUTSIDE}, {shown}$"):
        load(tmp_path, case)


def test_a_number_without_a_source_is_listed_but_not_refused_in_a_case_of_ones_own(tmp_path):
    route = load(tmp_path)
    assert [number.path for number in route.unsourced] == [
        "target.flow",
        "ore.composition.Sb2S3",
        "rougher.fraction.Sb2S3",
        "rougher.fraction.SiO2",
        "cleaner.fraction.Sb2S3",
        "cleaner.fraction.SiO2",
    ]


@pytest.mark.parametrize("missing", [', source = "a test"', 'basis = "design", '])
def test_a_source_without_a_basis_or_a_basis_without_a_source_is_not_enough(tmp_path, missing):
    route = load(tmp_path, changed(CASE, missing, ""))
    assert "ore.flow" in [number.path for number in route.unsourced]


def test_names_and_choices_need_no_source(tmp_path):
    assert "ore.remainder" not in [number.path for number in load(tmp_path).unsourced]


def test_another_target(tmp_path):
    route = load(tmp_path)
    halved = route.with_changes({"target.flow": "2500 t/yr"})
    assert antimony(halved.solve(), "concentrate") == pytest.approx(2500.0, rel=1e-9)
    assert antimony(route.solve(), "concentrate") == pytest.approx(5000.0, rel=1e-9)
    sulphur = route.with_changes({"target.element": "S", "target.flow": "1000 t/yr"}).solve()
    assert sulphur.solution["concentrate"].element("S", "t/yr").magnitude == pytest.approx(1000.0)


def test_another_parameter(tmp_path):
    route = load(tmp_path).with_changes({"rougher.fraction.Sb2S3": "1"})
    result = route.solve()
    assert antimony(result, "concentrate") == pytest.approx(5000.0, rel=1e-9)
    # Without a loss in the rougher all antimony ends up in the concentrate.
    assert antimony(result, "ore") == pytest.approx(5000.0, rel=1e-9)


def test_the_feed_may_be_set_when_there_is_no_target(tmp_path):
    route = load(tmp_path).without_target().with_changes({"ore.flow": "20 t/h"})
    assert route.solve().solution["ore"].mass_flow("t/h").magnitude == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"ore.flow": "20 t/h"}, r"^ore\.flow: is varied to meet the target of 5000 t/yr Sb; set "
                                 r"target\.flow, or solve without the target$"),
        ({"target.flwo": "2 t/h"}, r"^target\.flwo: a target has no 'flwo'; did you mean "
                                   r"'flow'\?$"),
        ({"target": "20 t/h"}, r"^target: a target has no ''; known here: element, flow, stream, "
                               r"vary$"),
        ({"oer.flow": "20 t/h"}, r"^oer\.flow: there is no unit 'oer'; did you mean 'ore'\?$"),
        ({"rougher.fraction.Sb2S3": "1.2"}, r"^rougher\.fraction\.Sb2S3: must lie between 0 and 1, "
                                            r'got "1\.2"$'),
    ],
)  # fmt: skip
def test_a_change_that_makes_no_sense(tmp_path, changes, complaint):
    with refused(complaint):
        load(tmp_path).with_changes(changes)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"target.flow": "8"}, r'^target\.flow of 8: needs a unit of mass per time, got "8"; '
                               r'write e\.g\. "25 t/h"$'),
        ({"target.flow": "0 t/yr"}, r"^target\.flow of 0 t/yr: target of Sb in 'concentrate': must "
                                    r"be above zero, got 0 t/yr$"),
        (
            {"target.element": "Au"},
            r"no species of this flowsheet contains 'Au'; known here: O, S, Sb, Si$",
        ),
        ({"target.vary": "oer.flow"}, r"oer\.flow: there is no unit 'oer'; did you mean 'ore'\?$"),
    ],
)  # fmt: skip
def test_a_target_changed_into_one_that_makes_no_sense(tmp_path, changes, complaint):
    with refused(complaint):
        load(tmp_path).with_changes(changes).solve()


def test_a_target_needs_to_be_there_to_be_changed(tmp_path):
    for route in (load(tmp_path, HEADER + ORE + CIRCUIT), load(tmp_path).without_target()):
        with refused(r"^target\.flow: this route is solved without a target$"):
            route.with_changes({"target.flow": "20 t/yr"})


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"ore.flow"', '"oer.flow"',
         r" of 5000 t/yr: oer\.flow: there is no unit 'oer'; did you mean 'ore'\?"),
        ('"ore.flow"', '"ore.flwo"',
         r" of 5000 t/yr: ore\.flwo: 'ore' \(Feed\) has no parameter 'flwo'; did you mean "
         r"'flow'\?"),
        ('"ore.flow"', '"ore.remainder"',
         r" of 5000 t/yr: ore\.remainder: cannot vary, it is a choice and not a number"),
        ('"ore.flow"', '"rougher.fraction"',
         r" of 5000 t/yr: rougher\.fraction: is not one number; name one of its entries"),
        ('"5000 t/yr"', '"5000 t"', r': needs a unit of mass per time, got "5000 t"; write e\.g\. '
                                    r'"25 t/h"'),
        ('"5000 t/yr"', '"0 t/yr"', r" of 0 t/yr: target of Sb in 'concentrate': must be above "
                                    r"zero, got 0 t/yr"),
        ('"5000 t/yr"', '"5000 t/yr"\nelement = "Au"',
         r" of 5000 t/yr: no species of this flowsheet contains 'Au'; known here: O, S, Sb, Si"),
    ],
)  # fmt: skip
def test_a_target_that_makes_no_sense(tmp_path, old, new, complaint):
    with refused(rf"^mine\.toml: target\.flow{complaint}$"):
        load(tmp_path, HEADER + changed(TARGET, old, new) + ORE + CIRCUIT)


def test_a_capacity_that_makes_no_sense(tmp_path):
    with refused(r"^mine\.toml: capacity\.installed: needs a unit of mass per time, got \"2 kt\""):
        load(tmp_path, CASE + changed(CAPACITY, "2000 t/yr", "2 kt"))


def test_a_plant_without_a_way_out(tmp_path):
    route = load(tmp_path, HEADER + TARGET + ORE + LOSSLESS)
    with pytest.raises(SolveError, match=r"^no way out for Sb2S3, SiO2 \(in rougher, cleaner\)"):
        route.solve()


# --- particles ---


def load_sieved(tmp_path, case=SIEVED_CASE):
    return load_route(str(write(tmp_path, case, SIEVED_PLANT)))


def test_a_route_with_particles(tmp_path):
    found = load_sieved(tmp_path).solve().metrics
    assert found.antimony_recovery_percent == pytest.approx(100 * SIEVED_RECOVERY, rel=1e-9)


def test_every_number_of_particles_needs_a_source_too(tmp_path):
    unsourced = [number.path for number in load_sieved(tmp_path).unsourced]
    assert "particles.composites.middlings.minerals.SiO2" in unsourced
    assert "particles.composites.middlings.minerals.Sb2S3" not in unsourced
    assert not {"particles.sieves", "particles.minerals"} & set(unsourced)
    bare = SIEVED_CASE.replace(', basis = "design", source = "a mill"', "")
    unsourced = [number.path for number in load_sieved(tmp_path, bare).unsourced]
    assert "particles.sieves" not in unsourced, "how finely one looks is no datum"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('value = "80 um",', 'value = "80 um", low = "70 um",', "grain_size.low"),
        ('value = "20 %",', 'value = "20 %", high = "30 %",', "minerals.Sb2S3.high"),
        (
            'value = "20 %",',
            'value = "20 %", distribution = "pert",',
            "minerals.Sb2S3.distribution",
        ),
    ],
)
def test_what_describes_particles_has_no_range(tmp_path, old, new, path):
    # low of locked.middlings is "20 %" as well, so the line that is changed is named by its start.
    place = rf"^mine\.toml: particles\.composites\.middlings\.{path}: "
    with refused(f"{place}what describes particles is not sampled; leave it out$"):
        load_sieved(tmp_path, changed(SIEVED_CASE, old, new))


@pytest.mark.parametrize(
    ("path", "value", "recovery"),
    [
        ("ore.passing.75 um", "50 %", SIEVED_RECOVERY),
        ("ore.passing.0.15 mm", "80 %", SIEVED_RECOVERY),
        ("ore.locked.middlings", "40 %", 0.6 * 0.81 / 0.91 + 0.4 * 0.2 / 0.7),
        ("ore.locked", "40 %", 0.6 * 0.81 / 0.91 + 0.4 * 0.2 / 0.7),
        ("rougher.fraction.middlings", "0", 0.7 * 0.81 / 0.91),
    ],
)
def test_changes_of_what_describes_an_ore(tmp_path, path, value, recovery):
    changed_route = load_sieved(tmp_path).with_changes({path: value})
    result = changed_route.solve()
    assert result.metrics.antimony_recovery_percent == pytest.approx(100 * recovery, rel=1e-9)
    assert "passing" not in path or result.solution["ore"].passing(
        path.removeprefix("ore.passing.")
    ).magnitude == pytest.approx(float(value.split()[0]))


def test_ranges_of_particles_are_drawn(tmp_path):
    route = load_sieved(tmp_path)
    assert set(route.uncertain()) == {
        "ore.passing.75 um",
        "ore.locked.middlings",
        "rougher.fraction.middlings",
    }
    found = route.scenarios(draws=64)
    assert not found.failed
    recovered = found.metric("antimony_recovery_percent")
    # At their ends: 40 % locked and 30 % of it floated, 20 % locked and 60 % of it floated.
    lowest = 60.0 * 0.81 / 0.91 + 40.0 * 0.12 / (1 - 0.18)
    highest = 80.0 * 0.81 / 0.91 + 20.0 * 0.24 / (1 - 0.36)
    assert lowest < recovered.min() < 100 * SIEVED_RECOVERY < recovered.max() < highest


def test_sensitivities_of_particles(tmp_path):
    sensitivities = load_sieved(tmp_path).sensitivities()
    recovery = next(m for m in sensitivities.measures if str(m) == "antimony_recovery_percent")
    found = {each.number.path: each.derivative for each in sensitivities.of(recovery)}
    # A share x of the stibnite that is locked recovers 0.2 / 0.7 in place of 0.81 / 0.91.
    assert found["ore.locked.middlings"] == pytest.approx(0.2 / 0.7 - 0.81 / 0.91, rel=1e-9)
    # d/df of f g / (1 - f (1 - g)), with g = 0.4 and f = 0.5, is g / 0.7^2.
    assert found["rougher.fraction.middlings"] == pytest.approx(0.3 * 0.4 / 0.49, rel=1e-9)
    assert found["ore.passing.75 um"] == pytest.approx(0.0, abs=1e-12)


def test_a_target_may_be_of_a_stream_that_is_no_product(tmp_path):
    case = CASE.replace("[target]\n", '[target]\nstream = "ore"\n')
    solution = load_route(str(write(tmp_path, case))).solve().solution
    assert solution["ore"].element("Sb", "t/yr").magnitude == pytest.approx(5000.0)
    with pytest.raises(InputError, match=r"there is no stream 'oar'; did you mean 'ore'\?"):
        load_route(str(write(tmp_path, case.replace('"ore"\nvary', '"oar"\nvary'))))


def test_a_product_takes_the_place_of_any_target(tmp_path):
    case = CASE.replace("[target]\n", '[target]\nstream = "ore"\n')
    for route in (
        load_route(str(write(tmp_path, case))),
        load_route(str(write(tmp_path, CASE))).without_target(),
    ):
        solution = route.with_product("900 t/yr").solve().solution
        assert solution["concentrate"].element("Sb", "t/yr").magnitude == pytest.approx(900.0)


def test_a_unit_called_supply_keeps_its_ranges(tmp_path):
    case, plant = (text.replace("rougher", "supply") for text in (CASE, PLANT))
    ranged = '{ value = 0.9, low = 0.8, high = 0.95, basis = "assumed", source = "a test" }'
    case = case.replace("fraction.Sb2S3 = 0.9", f"fraction.Sb2S3 = {ranged}", 1)
    assert "supply.fraction.Sb2S3" in load_route(str(write(tmp_path, case, plant))).uncertain()
