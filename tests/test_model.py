"""A flowsheet is checked when it is built: every refusal, with the names in its message."""

import pytest

from flowsheet import Flowsheet, InputError, Species, solve
from flowsheet.core.flow import flow_of
from flowsheet.core.parameters import MassFlow
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import UnitOp
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

SPECIES = ("Sb2S3", "SiO2")


class Blower(UnitOp):
    """Draws air from outside and passes it on with its feed."""

    feed: Inlet
    air: Supply
    mixture: Outlet

    blown: MassFlow

    def required_species(self):
        return ("N2",)

    def run(self, feed, p):
        air = flow_of(feed.slate, {"N2": p.blown})
        return {"air": air, "mixture": feed + air}


def ore(outlet="ore", **changes):
    return Feed(outlet=outlet, **{"flow": "100 t/h", "composition": FIFTY_FIFTY, **changes})


FIFTY_FIFTY = {"Sb2S3": 0.5, "SiO2": 0.5}


def splitter(feed, made, remainder, fraction=0.5):
    return Splitter(feed=feed, product=made, remainder=remainder, fraction=fraction)


def circuit(**changes):
    units = {
        "ore": ore(),
        "rougher": splitter(["ore", "cleaner_tailings"], "rougher_concentrate", "tailings"),
        "cleaner": splitter("rougher_concentrate", "concentrate", "cleaner_tailings"),
    }
    return {**units, **changes}


def build(units=None, species=SPECIES, **declared):
    return Flowsheet(species, units or circuit(), **declared)


def refused(complaint):
    return pytest.raises(InputError, match=complaint)


def test_a_misspelt_stream():
    returned = splitter(["ore", "cleaner_tials"], "rougher_concentrate", "tailings")
    with refused(
        r"^stream 'cleaner_tials' enters 'rougher' but no unit makes it; "
        r"did you mean 'cleaner_tailings'\?$"
    ):
        build(circuit(rougher=returned))


def test_a_stream_made_twice():
    with refused(
        r"^stream 'tailings' is made twice, by 'rougher' \(remainder\) and by 'cleaner' "
        r"\(product\); give one of them another name$"
    ):
        build(circuit(cleaner=splitter("rougher_concentrate", "tailings", "cleaner_tailings")))


def test_one_unit_that_makes_a_stream_twice():
    with refused(r"'x' is made twice, by 'cleaner' \(product\) and by 'cleaner' \(remainder\)"):
        build({"ore": ore(), "cleaner": splitter("ore", "x", "x")})


def test_a_stream_taken_twice():
    with refused(
        r"^stream 'tailings' is taken twice, by 'scavenger' and by 'pond'; "
        r"split it with a Splitter first$"
    ):
        build(
            circuit(scavenger=splitter("tailings", "a", "b"), pond=splitter("tailings", "c", "d"))
        )


BLOWN = {"blower": Blower(feed="tailings", air="air", mixture="froth", blown="1 t/h")}


def test_a_supply_that_another_unit_takes():
    with refused(
        r"^stream 'air' enters 'dryer' but is drawn from outside by 'blower'; use a Feed for one"
    ):
        build(circuit(**BLOWN, dryer=splitter("air", "a", "b")), (*SPECIES, "N2"))


def test_a_supply_named_as_a_stream_that_is_made():
    blower = Blower(feed="tailings", air="concentrate", mixture="froth", blown="1 t/h")
    with refused(r"'concentrate' is made twice, by 'cleaner' \(product\) and by 'blower' \(air\)"):
        build(circuit(blower=blower), (*SPECIES, "N2"))


def test_units_of_the_same_name_in_a_list_of_pairs():
    with refused(r"^two units are named 'ore'; give one of them another name$"):
        build([("ore", ore()), ("ore", ore("more_ore"))])


def test_a_list_of_pairs_says_the_same_as_a_mapping():
    pairs = build(list(circuit().items()))
    assert list(pairs.units) == ["ore", "rougher", "cleaner"]
    assert pairs.leaving == build().leaving


def test_a_unit_name_that_a_path_could_not_hold():
    with refused(r"^unit name 'cleaner\.1' holds a dot; write e\.g\. cleaner_1$"):
        build(circuit(**{"cleaner.1": splitter("tailings", "a", "b")}))


@pytest.mark.parametrize("name", [5, None, "", " "])
def test_a_unit_name_that_is_no_name(name):
    with refused(f"^a unit needs a name, got {name!r}$"):
        build(circuit(**BLOWN) | {name: splitter("tailings", "a", "b")})


def test_what_is_not_a_unit():
    with refused(r"^pond: needs a unit operation, got 'tailings'$"):
        build(circuit(pond="tailings"))


def test_a_flowsheet_without_units():
    with refused("needs at least one unit"):
        Flowsheet(SPECIES, {})


def test_a_species_that_a_unit_needs_but_the_flowsheet_does_not_carry():
    reason = "which this flowsheet does not carry; add to its species"
    with refused(f"^blower: a Blower needs species 'N2', {reason}$"):
        build(circuit(**BLOWN))
    # The name is right, so no other is offered.
    with refused(rf"^blower: a Blower needs species 'N2', {reason}$"):
        build(circuit(**BLOWN), (*SPECIES, Species("N2O", phase="gas")))


def test_a_species_that_is_not_standard():
    with refused(r"^species 'Sb2S' is not one of .*; did you mean 'Sb2S3'\?"):
        build(species=["Sb2S", "SiO2"])


def test_a_species_listed_twice():
    with refused("species 'SiO2' is listed twice; keep one"):
        build(species=["Sb2S3", "SiO2", "SiO2"])


def test_a_parameter_for_a_species_that_the_flowsheet_does_not_carry():
    sharp = splitter("rougher_concentrate", "concentrate", "cleaner_tailings", {"FeS2": 1.0})
    with refused(
        r"^cleaner\.fraction: no species 'FeS2' in this flowsheet; add it to its species, or "
        r"leave it out$"
    ):
        build(circuit(cleaner=sharp))


def test_a_parameter_that_leaves_a_species_without_a_value():
    dull = splitter("rougher_concentrate", "concentrate", "cleaner_tailings", {"Sb2S3": 0.9})
    with refused(r"^cleaner\.fraction: no value for SiO2; name them or give 'others' a value$"):
        build(circuit(cleaner=dull))


@pytest.mark.parametrize("what", ["products", "emissions"])
@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("concentrat", r"no unit makes it; did you mean 'concentrate'\?"),
        ("rougher_concentrate", "'cleaner' takes it$"),
        ("air", "no unit makes it; known here: concentrate, tailings$"),
    ],
)
def test_a_product_or_emission_that_does_not_leave(what, name, complaint):
    with refused(f"^{what}: '{name}' does not leave the plant, ({complaint})"):
        build(**{what: [name]})


def test_one_product_or_emission_may_be_named_without_brackets():
    flowsheet = build(products="concentrate", emissions="tailings")
    assert (flowsheet.products, flowsheet.emissions) == (("concentrate",), ("tailings",))


def test_a_stream_leaves_only_once():
    with refused("^products: 'concentrate' is named twice; a stream leaves once$"):
        build(products=["concentrate", "concentrate"])
    with refused("^emissions: 'tailings' is named twice; a stream leaves once$"):
        build(emissions=["tailings", "tailings"])
    with refused("^emissions: 'concentrate' is named twice; a stream leaves once$"):
        build(products=["concentrate"], emissions=["concentrate"])


def test_what_enters_and_what_leaves():
    flowsheet = build(
        circuit(**BLOWN), (*SPECIES, "N2"), products=["concentrate"], emissions=["froth"]
    )
    assert flowsheet.entering == ("ore", "air")
    assert flowsheet.leaving == ("concentrate", "froth")
    assert flowsheet.residues == ()
    assert build(products=["concentrate"]).residues == ("tailings",)
    assert build().residues == ("tailings", "concentrate")


def test_a_parameter_changed_leaves_the_first_flowsheet_as_it_is():
    first = build()
    changed = first.with_parameters({"ore.flow": "50 t/h"})
    assert solve(changed)["ore"].mass_flow().magnitude == pytest.approx(50.0)
    assert solve(first)["ore"].mass_flow().magnitude == pytest.approx(100.0)
    assert changed.units["rougher"] is first.units["rougher"]


def test_products_and_species_of_ones_own_survive_a_change():
    gangue = Species("gangue", formula="SiO2")
    feed = ore(composition={"Sb2S3": 0.5, "gangue": 0.5})
    first = build(circuit(ore=feed), ("Sb2S3", gangue), products=["concentrate"])
    changed = first.with_parameters({"cleaner.fraction": 0.9})
    assert changed.products == ("concentrate",)
    assert changed.slate.species == first.slate.species


def fraction_of(flowsheet, unit):
    p = flowsheet.units[unit].resolve(flowsheet.slate)
    return p.fraction[:, 0].tolist()


def test_one_species_changed_leaves_the_others():
    first = build()
    changed = first.with_parameters({"rougher.fraction.Sb2S3": "90 %"})
    assert fraction_of(changed, "rougher") == pytest.approx([0.9, 0.5])
    assert fraction_of(first, "rougher") == pytest.approx([0.5, 0.5])
    again = changed.with_parameters({"rougher.fraction.SiO2": 0.1, "cleaner.fraction.others": 0.25})
    assert fraction_of(again, "rougher") == pytest.approx([0.9, 0.1])
    assert fraction_of(again, "cleaner") == pytest.approx([0.25, 0.25])


def test_all_species_changed_and_then_one_of_them():
    changed = build().with_parameters({"rougher.fraction": 0.25, "rougher.fraction.SiO2": "10 %"})
    assert fraction_of(changed, "rougher") == [0.25, 0.1]


def test_changes_that_are_right_only_together():
    together = {"ore.composition.Sb2S3": 0.4, "ore.composition.SiO2": "60 %", "ore.flow": "1 t/h"}
    changed = solve(build().with_parameters(together))["ore"]
    assert changed.species("Sb2S3").magnitude == pytest.approx(0.4)
    assert changed.species("SiO2").magnitude == pytest.approx(0.6)
    with refused(r"^ore: composition sums to 110\.0+%; at most 100 % is possible, give less$"):
        build().with_parameters({**together, "ore.composition.SiO2": 0.7})


def test_a_key_may_hold_a_dot():
    wustite = Species("Fe0.947O")
    flowsheet = build(
        {"ore": ore(composition={"Fe0.947O": 1.0}), "s": splitter("ore", "a", "b")}, [wustite]
    )
    changed = flowsheet.with_parameters({"s.fraction.Fe0.947O": 0.75})
    assert fraction_of(changed, "s") == [0.75]


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("roughr.fraction", 0.5, r"^roughr\.fraction: there is no unit 'roughr'; .* 'rougher'\?$"),
        ("rougher.fractin", 0.5, r"^rougher\.fractin: 'rougher' \(Splitter\) has no parameter "
                                 r"'fractin'; did you mean 'fraction'\?$"),
        ("rougher", 0.5, r"^rougher: 'rougher' \(Splitter\) has no parameter ''"),
        ("rougher.feed", "ore", r"'rougher' \(Splitter\) has no parameter 'feed'"),
        ("ore.flow", "50 t", r"^ore\.flow: needs a unit of mass per time, got \"50 t\""),
        ("ore.flow.Sb", "50 t/h", r"^ore\.flow\.Sb: 'flow' is one value, with no entry for 'Sb'$"),
        ("rougher.fraction", 1.5, r"^rougher\.fraction: must lie between 0 and 1, got 1.5$"),
        ("rougher.fraction.Sb2S3", "4 kg", r"^rougher\.fraction\.Sb2S3: needs a unit of a frac"),
        ("rougher.fraction.Sb2S", 0.5, r"^rougher\.fraction: no species 'Sb2S' .* 'Sb2S3'\?$"),
        ("ore.composition.Sb2S3", 0.6, r"^ore: composition sums to 110\.0+%; at most 100 % is "
                                       r"possible, give less$"),
    ],
)  # fmt: skip
def test_a_change_that_makes_no_sense(path, value, complaint):
    with refused(complaint):
        build().with_parameters({path: value})


@pytest.mark.parametrize("units", [[1, 2], ["rougher"], [("rougher",)]])
def test_units_that_are_no_pairs(units):
    with refused(r"^units: needs a dict name -> unit, or such pairs, got "):
        Flowsheet(["SiO2"], units)
