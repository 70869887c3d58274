"""Measures: what they are on circuits known by hand, how they combine, and what is refused."""

import numpy as np
import pytest

from flowsheet import (
    Flowsheet,
    InputError,
    SolveError,
    Vary,
    grade,
    parameter,
    product,
    recovery,
    scenarios,
    solve,
)
from flowsheet.core.flow import Flow
from flowsheet.core.parameters import Fraction, PerElement, Temperature
from flowsheet.core.ports import Inlet, Outlet
from flowsheet.core.unit import Outlets, Parameters, UnitOp
from unitops.flotation.flotation_bank import FlotationBank
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter


class Furnace(UnitOp):
    """Passes on all it gets; has a number of every kind."""

    feed: Inlet
    product: Outlet
    temperature: Temperature
    loss: PerElement[Fraction] = 0.0

    def run(self, feed: Flow, p: Parameters) -> Outlets:
        return {"product": feed}


def plant():
    """10 t/h of half antimony, half quartz in as much water; 80 % and 10 % go to the product."""
    return Flowsheet(
        ["Sb", "SiO2", "H2O"],
        {
            "ore": Feed(
                outlet="ore",
                flow="10 t/h",
                composition={"Sb": 0.5, "SiO2": 0.5},
                percent_solids=0.5,
            ),
            "table": Splitter(
                feed=["ore", "back"],
                product="metal",
                remainder="rest",
                fraction={"Sb": 0.8, "others": 0.1},
            ),
            "bleed": Splitter(feed="rest", product="back", remainder="tailings", fraction=0.5),
            "furnace": Furnace(
                feed="metal", product="melt", temperature="700 degC", loss={"Sb": 0.25}
            ),
            "dry": Splitter(feed="melt", product="nothing", remainder="sold", fraction=0.0),
        },
        products=["sold"],
    )


SB = 5.0 * 0.8 / (1.0 - 0.2 * 0.5)
"""Antimony to the metal, t/h: what the table takes of what enters and comes back."""
QUARTZ = 5.0 * 0.1 / (1.0 - 0.9 * 0.5)
WATER = 10.0 * 0.1 / (1.0 - 0.9 * 0.5)
YEAR = 8766.0


@pytest.fixture(scope="module")
def read():
    """Value of a measure, in the unit in which people read it or in another one."""
    found = scenarios(plant(), {"ore.flow": ["10 t/h", "20 t/h"]})

    def value(measure, unit=None):
        values = found.values(measure, unit)
        assert values.shape == (2,)
        return values.tolist()

    return value


def test_flows(read):
    whole = SB + QUARTZ + WATER
    assert read(product("metal"), "t/h") == pytest.approx([whole, 2 * whole], rel=1e-12)
    assert read(product("metal")) == pytest.approx([whole * YEAR, 2 * whole * YEAR], rel=1e-12)
    assert read(product("metal", "Sb"), "kg/s") == pytest.approx([SB / 3.6, SB / 1.8], rel=1e-12)
    assert read(product("metal", "SiO2"), "t/h")[0] == pytest.approx(QUARTZ, rel=1e-12)
    # An element wins over a species of the same name; hydrogen is only in water.
    hydrogen = 2 * 1.008 / (2 * 1.008 + 15.999)
    assert read(product("metal", "H"), "t/h")[0] == pytest.approx(WATER * hydrogen, rel=1e-4)
    assert read(product("nothing")) == [0.0, 0.0]


def test_grade_counts_dry_solids_only(read):
    expected = 100.0 * SB / (SB + QUARTZ)
    assert read(grade("metal", "Sb")) == pytest.approx([expected, expected], rel=1e-12)
    assert read(grade("metal", "Sb"), "")[0] == pytest.approx(expected / 100.0, rel=1e-12)
    assert np.isnan(read(grade("nothing", "Sb"))).all()


def test_recovery(read):
    expected = 100.0 * SB / 5.0
    assert read(recovery("Sb", to="metal")) == pytest.approx([expected, expected], rel=1e-12)
    assert read(recovery("Sb", to="nothing")) == [0.0, 0.0]


def test_recovery_of_what_does_not_enter():
    found = scenarios(plant(), {"ore.flow": ["0 t/h", "1 t/h"]})
    assert np.isnan(found.values(recovery("Sb", to="metal"))).tolist() == [True, False]


def test_parameters(read):
    flowsheet = plant()
    assert read(parameter("ore.flow", flowsheet)) == pytest.approx([10.0, 20.0])
    assert read(parameter("ore.flow", flowsheet), "kg/s")[1] == pytest.approx(20.0 / 3.6)
    assert read(parameter("table.fraction.Sb", flowsheet)) == [0.8, 0.8]
    assert read(parameter("table.fraction.H2O", flowsheet)) == [0.1, 0.1]
    assert read(parameter("table.fraction.others", flowsheet)) == [0.1, 0.1]
    assert read(parameter("bleed.fraction", flowsheet)) == [0.5, 0.5]
    assert read(parameter("furnace.loss.Sb", flowsheet)) == [0.25, 0.25]
    assert read(parameter("furnace.loss.Si", flowsheet)) == [0.0, 0.0]
    assert read(parameter("furnace.temperature", flowsheet)) == pytest.approx([700.0, 700.0])
    assert read(parameter("furnace.temperature", flowsheet), "K")[0] == pytest.approx(973.15)


def test_a_parameter_that_varies_and_one_that_meets_a_target():
    flowsheet = plant()
    spec = Vary("table.fraction.Sb").until(recovery("Sb", to="metal") == "50 %")
    found = scenarios(flowsheet, {"bleed.fraction": [0.0, 0.5]}, specs=spec)
    # r = p / (1 - (1 - p) b) = 1/2.
    shares = [0.5, 1.0 / 3.0]
    assert found.values(parameter("table.fraction.Sb", flowsheet)) == pytest.approx(shares)
    assert found.values(parameter("bleed.fraction", flowsheet)) == pytest.approx([0.0, 0.5])


def test_arithmetic(read):
    sb, quartz = product("metal", "Sb"), product("metal", "SiO2")
    cases = [
        (sb + quartz, "t/h", SB + QUARTZ),
        (sb - 0.2 * quartz, "t/h", SB - 0.2 * QUARTZ),
        (quartz * 3 - sb / 2, "t/h", 3 * QUARTZ - SB / 2),
        (sum([sb, quartz]), "t/h", SB + QUARTZ),
        (0 - sb, "t/h", -SB),
        (0.0 + sb, "t/h", SB),
        (sb - 0, "t/h", SB),
        (sb / quartz, "", SB / QUARTZ),
        (1 - sb / product("ore", "Sb"), "", 1 - SB / 5.0),
        (sb / product("ore", "Sb") - 1, "", SB / 5.0 - 1),
        (1 / recovery("Sb", to="metal"), "", 5.0 / SB),
        (2 * recovery("Sb", to="metal"), "percent", 200.0 * SB / 5.0),
        (recovery("Sb", to="metal") / 2, "percent", 50.0 * SB / 5.0),
        (recovery("Sb", to="metal") * grade("metal", "Sb"), "", SB / 5.0 * SB / (SB + QUARTZ)),
        (recovery("Sb", to="metal") + 0.05, "percent", 100.0 * SB / 5.0 + 5.0),
        (recovery("Sb", to="metal") * product("ore", "Sb"), "t/h", SB),
        (sb / recovery("Sb", to="metal"), "t/h", 5.0),
        (3.6 / sb, "s/kg", 3.6 / (SB / 3.6)),
        (sb * quartz, "(t/h)^2", SB * QUARTZ),
        (sb * np.float64(2.0) + np.int64(3) * sb, "t/h", 5 * SB),
        (sb / product("nothing"), "", 0.0),  # as everywhere where nothing flows
    ]
    for measure, unit, expected in cases:
        assert read(measure, unit)[0] == pytest.approx(expected, rel=1e-12), str(measure)


def test_a_combination_is_read_in_the_unit_of_its_parts(read):
    sb = product("metal", "Sb")
    assert read(2 * sb - sb / 4)[0] == pytest.approx(1.75 * SB * YEAR)
    assert read(grade("metal", "Sb") * product("metal"))[0] == pytest.approx(
        SB / (SB + QUARTZ) * (SB + QUARTZ + WATER) * YEAR
    )
    assert read(2 * grade("metal", "Sb"))[0] == pytest.approx(200.0 * SB / (SB + QUARTZ))
    assert read(sb / product("metal", "SiO2"))[0] == pytest.approx(SB / QUARTZ)


def test_how_measures_are_written():
    sb = product("metal", "Sb")
    assert str(product("metal")) == "'metal'"
    assert str(grade("metal", "Sb")) == "grade of Sb in 'metal'"
    assert str(recovery("Sb", to="metal")) == "recovery of Sb to 'metal'"
    assert str(parameter("ore.flow", plant())) == "ore.flow"
    assert str(sb - 0.2 * product("metal")) == "(Sb in 'metal' - (0.2 * 'metal'))"
    assert str(sb / 2 + 1.5 * sb) == "((Sb in 'metal' / 2) + (1.5 * Sb in 'metal'))"


@pytest.mark.parametrize(
    ("target", "value"),
    [
        (lambda: product("metal") == "3.6 t/h", 1.0),
        (lambda: "3.6 t/h" == product("metal"), 1.0),  # noqa: SIM300
        (lambda: grade("metal", "Sb") == "99 %", 0.99),
        (lambda: grade("metal", "Sb") == 0.99, 0.99),
        (lambda: recovery("Sb", to="metal").equals("250 ppm"), 250e-6),
        (lambda: product("metal", "Sb") / product("metal", "SiO2") == 8.5, 8.5),
        (lambda: product("metal", "Sb") / product("metal", "SiO2") == "850 %", 8.5),
        (lambda: 1 / product("metal") == "2 s/kg", 2.0),
        (lambda: grade("metal", "Sb") * product("metal") == "3.6 t/h", 1.0),
        (lambda: parameter("furnace.temperature", plant()) == "700 degC", 973.15),
    ],
)
def test_targets(target, value):
    assert target().value == pytest.approx(value, rel=1e-12)


def test_limits():
    least, most = product("metal") >= "3.6 t/h", grade("metal", "Sb") <= "99 %"
    assert (least.value, least.sign) == (pytest.approx(1.0), 1.0)
    assert (most.value, most.sign) == (pytest.approx(0.99), -1.0)
    assert str(least) == "'metal' >= 3.156e+04 t/yr"
    assert str(most) == "grade of Sb in 'metal' <= 99 percent"
    turned = "3.6 t/h" <= product("metal")  # noqa: SIM300
    assert (turned.value, turned.sign) == (least.value, least.sign)
    # A limit may be nothing at all, a target may not.
    assert (product("metal", "SiO2") <= "0 t/h").value == 0.0


def test_measures_are_compared_as_such():
    assert product("metal", "Sb") == product("metal", "Sb")
    assert not product("metal", "Sb") == product("metal")  # noqa: SIM201
    assert not grade("metal", "Sb") == product("metal", "Sb")  # noqa: SIM201
    kept = {product("metal"): 1, grade("metal", "Sb"): 2}
    assert kept[product("metal")] == 1
    assert kept[grade("metal", "Sb")] == 2


@pytest.mark.parametrize(
    ("made", "complaint"),
    [
        (lambda: product("metal") == "0 t/h", "target of 'metal': must be above zero, got 0 t/h"),
        (lambda: grade("metal", "Sb") == 0, "target of grade of Sb in 'metal': must be above "),
        (lambda: product("metal") == "5 t", r'needs a unit of mass per time, got "5 t"; write e'),
        (lambda: product("metal") == 5.0, r"needs a unit of mass per time, got 5\.0; write e"),
        (lambda: product("metal") == None, "needs a quantity, got None; write e"),  # noqa: E711
        (lambda: product("metal") >= "-1 t/h", r'must be 0 t/h or more, got "-1 t/h"$'),
        (lambda: product("metal") <= "5 t", r'needs a unit of mass per time, got "5 t"; write e'),
        (lambda: grade("metal", "Sb") == "99 t/h", r'needs a unit of a fraction, got "99 t/h"; w'),
        (lambda: grade("metal", "Sb") >= "101 %", r'must lie between 0 and 1, got "101 %"$'),
        (
            lambda: recovery("Sb", to="metal") == 90,
            "must lie between 0 and 1, got 90; a bare number is a fraction, write .90 %.$",
        ),
        (lambda: recovery("Sb", to="metal").equals(np.nan), "needs a finite number, got nan"),
        (lambda: product("metal") / product("ore") == "3 t/h", "needs a unit of a number, got "),
        (lambda: 1 / product("metal") == 3.0, r"needs a unit of 1/\(kg/s\), got 3\.0; write e"),
        (lambda: product("metal") + 1, r"\('metal' \+ 1\): 'metal' is in kg/s, 1 in no unit; mult"),
        (lambda: 1 - product("metal"), r"\(1 - 'metal'\): 1 is in no unit, 'metal' in kg/s; mult"),
        (lambda: product("metal") - grade("metal", "Sb"),
         r"\('metal' - grade of Sb in 'metal'\): 'metal' is in kg/s, grade of Sb in 'metal' in no"),
        (lambda: product("metal") + "1 t/h", "a measure can be combined with measures and plain "
                                             "numbers, got '1 t/h'$"),
        (lambda: product("metal") * True, "a measure can be combined .*, got True$"),
        (lambda: [] / product("metal"), r"a measure can be combined .*, got \[\]$"),
        (lambda: parameter("or.flow", plant()), r"or\.flow: there is no unit 'or'; did you mean "),
        (lambda: parameter("ore.flaw", plant()), r"ore\.flaw: 'ore' \(Feed\) has no parameter 'f"),
        (lambda: parameter("ore.remainder", plant()), r"ore\.remainder: cannot vary, it is a cho"),
        (lambda: parameter("ore.assay.Sb", plant()), r"ore\.assay\.Sb: 'assay' is not given, so "),
        (lambda: parameter("table.fraction", plant()), r"table\.fraction: is not one number; nam"),
        (lambda: parameter("table.fraction.Zn", plant()), r"table\.fraction\.Zn: no species 'Zn'"),
        (lambda: parameter("furnace.loss.Zn", plant()), r"furnace\.loss\.Zn: no element 'Zn' in "),
        (lambda: parameter("ore.flow.Sb", plant()), r"ore\.flow\.Sb: 'flow' is one value, with n"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(made, complaint):
    with pytest.raises(InputError, match=f"^{complaint}"):
        made()


def test_a_parameter_that_is_not_given():
    bank = FlotationBank(
        feed="ore", concentrate="c", tailings="t", cells=3, cell_volume="1 m^3",
        rate_constant="1 1/min",
    )  # fmt: skip
    units = {
        "ore": Feed(outlet="ore", flow="1 t/h", composition={"SiO2": 1.0}, percent_solids=0.3),
        "bank": bank,
    }
    with pytest.raises(InputError, match=r"^bank\.residence_time: is not given, so there is noth"):
        parameter("bank.residence_time", Flowsheet(["SiO2", "H2O"], units))


@pytest.mark.parametrize(
    ("measure", "complaint"),
    [
        (product("metl"), "there is no stream 'metl'; did you mean 'metal'"),
        (product("metal", "Zn"), "no species of this flowsheet contains 'Zn'; known here"),
        (grade("metl", "Sb"), "there is no stream 'metl'; did you mean 'metal'"),
        (grade("metal", "SiO2"), "no species of this flowsheet contains 'SiO2'"),
        (recovery("Sb", to="metl"), "there is no stream 'metl'; did you mean 'metal'"),
        (recovery("Zn", to="metal"), "no species of this flowsheet contains 'Zn'; known here"),
        (2 * product("metal") - product("metl"), "there is no stream 'metl'; did you mean"),
    ],
)
def test_names_that_the_plant_does_not_have(measure, complaint):
    flowsheet = plant()
    with pytest.raises(InputError, match=f"^{complaint}"):
        scenarios(flowsheet, {"ore.flow": ["1 t/h"]}).values(measure)
    with pytest.raises(InputError, match=f"^{complaint}"):
        solve(
            flowsheet,
            specs=Vary("ore.flow").until(measure.equals("1 t/h" if measure.unit else 0.5)),
        )


def test_a_measure_in_a_unit_that_does_not_measure_it(read):
    for measure, unit, kind in (
        (product("metal"), "t", "kg/s"),
        (grade("metal", "Sb"), "K", "no unit"),
    ):
        with pytest.raises(InputError, match=f'^"{unit}" does not measure what is in {kind}$'):
            read(measure, unit)


def test_a_target_of_a_combination_is_met():
    flowsheet = plant()
    ratio = product("metal", "Sb") / product("metal", "SiO2")
    spec = Vary("table.fraction.Sb").until(ratio == 2.0)
    solution = solve(flowsheet, specs=spec)
    wanted = 2.0 * QUARTZ / 5.0
    # r = p / (1 - (1 - p) / 2), so p = r / (2 - r).
    assert solution.varied["table.fraction.Sb"] == pytest.approx(wanted / (2.0 - wanted), rel=1e-9)
    waste = product("ore") - product("metal")
    spec = Vary("ore.flow").until(waste == "100 t/h")
    solution = solve(flowsheet, specs=spec)
    lost = solution["ore"].mass_flow("t/h") - solution["metal"].mass_flow("t/h")
    assert lost.magnitude == pytest.approx(100.0, rel=1e-9)


def test_a_target_that_is_negative_as_written_cannot_be_met():
    less = product("metal") - product("ore")
    with pytest.raises(SolveError, match=r"^target of \('metal' - 'ore'\) cannot be met"):
        solve(plant(), specs=Vary("ore.flow").until(less == "1 t/h"))
