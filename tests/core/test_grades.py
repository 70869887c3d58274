import csv
from importlib.resources import files
from itertools import pairwise

import pytest

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import flow_of
from flowsheet.core.grades import (
    ASSAYS,
    breaches,
    content,
    grade_of,
    grades,
)
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species
from unitops.streams.feed import Feed

OXIDES = [
    *("Sb2O3", "Sb2O4", "Sb", "As2O3", "FeAsO4", "PbO", "Fe2O3", "Cu2O", "Se", "SiO2"),
    *("Sb4O6(g)", "As4O6(g)", "N2", "H2O"),
]
CADMIUM = Species(name="Cd", formula="Cd")
METALS = [
    *("Sb", "As", "Fe", "S", "Cu", "Se", "Pb", "Bi", CADMIUM, "Zn"),
    *("Sb2O3", "C", "N2", "H2O"),
]


def oxide(**percent):
    """Trioxide with these impurities, a percentage each."""
    rest = 100.0 - sum(percent.values())
    return flow_of(Slate(OXIDES), {"Sb2O3": rest, **percent})


def metal(**percent):
    """Antimony with these impurities, a percentage each."""
    rest = 100.0 - sum(percent.values())
    return flow_of(Slate(METALS), {"Sb": rest, **percent})


def trisulphide(**percent):
    rest = 100.0 - sum(percent.values())
    return flow_of(
        Slate(["Sb2S3", "Sb", "As2S3", "PbS", "FeS", "S", "SiO2"]), {"Sb2S3": rest, **percent}
    )


# GB/T 1599-2014, percent at most; total last.
GB_T_1599 = {
    "Sb99.90": {
        "As": 0.010,
        "Fe": 0.015,
        "S": 0.040,
        "Cu": 0.0050,
        "Se": 0.0010,
        "Pb": 0.010,
        "Bi": 0.0010,
        "Cd": 0.0005,
        "total": 0.10,
    },
    "Sb99.70": {
        "As": 0.050,
        "Fe": 0.020,
        "S": 0.040,
        "Cu": 0.010,
        "Se": 0.0030,
        "Pb": 0.150,
        "Bi": 0.0030,
        "Cd": 0.0010,
        "total": 0.30,
    },
    "Sb99.65": {"As": 0.100, "Fe": 0.030, "S": 0.060, "Cu": 0.050, "Pb": 0.300, "total": 0.35},
    "Sb99.50": {"As": 0.150, "Fe": 0.050, "S": 0.080, "Cu": 0.080, "total": 0.50},
}


@pytest.mark.parametrize("grade", GB_T_1599)
def test_metal_at_and_above_each_limit_of_its_grade(grade):
    for name, percent in GB_T_1599[grade].items():
        element, stopped = ("Zn", "impurities") if name == "total" else (name, name)
        assert breaches(metal(**{element: percent}), "metal", grade) == ()
        (breach,) = breaches(metal(**{element: percent * 1.001}), "metal", grade)
        assert breach.limit.substance == stopped
    assert len(grades("metal")[grade].limits) == len(GB_T_1599[grade])


@pytest.mark.parametrize(
    ("impurities", "grade", "next_grade", "stopped"),
    [
        ({"As": 0.2}, "", "Sb99.50", ["As"]),
        ({"As": 0.12}, "Sb99.50", "Sb99.65", ["As"]),
        ({"Pb": 0.25}, "Sb99.65", "Sb99.70", ["Pb"]),
        ({"As": 0.02, "Pb": 0.02}, "Sb99.70", "Sb99.90", ["As", "Pb"]),
        ({"As": 0.008}, "Sb99.90", "5N", ["impurities, metals basis"]),
        ({"As": 0.0010}, "5N", "6N", ["impurities, metals basis"]),
        ({"As": 0.0011}, "Sb99.90", "5N", ["impurities, metals basis"]),
        ({"As": 0.00005, "Pb": 0.00005}, "6N", "7N", ["impurities, metals basis"]),
        ({"As": 0.00001}, "7N", "", []),
        ({"Cd": 0.0006}, "Sb99.70", "Sb99.90", ["Cd"]),
        ({}, "7N", "", []),
    ],
)
def test_grades_of_metal(impurities, grade, next_grade, stopped):
    verdict = grade_of(metal(**impurities))
    assert verdict.product == "metal"
    assert (verdict.grade, verdict.next_grade) == (grade, next_grade)
    assert [breach.limit.substance for breach in verdict.stopped_by] == stopped


def test_purity_counts_metals_and_not_gases_and_says_which():
    """1 % C, as dissolved gases, is not counted on the metals basis, but by GB/T 1599 it is."""
    nearly = metal(C=0.01, As=0.0009)
    assert content(nearly, "impurities, metals basis")[0] == pytest.approx(9e-6, rel=1e-3)
    assert grade_of(nearly).grade == "5N"
    half = content(metal(C=50.0, As=0.001), "impurities, metals basis")[0]
    assert half == pytest.approx(2e-5, rel=1e-3)
    verdict = grade_of(metal(As=0.0005, Pb=0.0003, N2=5.0, H2O=3.0))
    assert verdict.counted == ("As", "Bi", "Cd", "Cu", "Fe", "Pb", "S", "Se", "Zn")
    assert str(verdict) == (
        "5N (counted: As, Bi, Cd, Cu, Fe, Pb, S, Se, Zn); not 6N: impurities, metals basis "
        "8.7 ppm, mostly As 5.43 ppm, instead of at most 1 ppm"
    )
    assert breaches(metal(C=0.2), "metal", "Sb99.90")


@pytest.mark.parametrize(
    ("impurities", "grade", "next_grade", "stopped"),
    [
        ({}, "99.90", "", []),
        ({"As2O3": 0.03}, "99.90", "", []),
        ({"As2O3": 0.04}, "99.80", "99.90", ["As2O3"]),
        ({"As2O3": 0.055}, "99.50", "99.80", ["As2O3"]),
        ({"As2O3": 0.07}, "", "99.50", ["As2O3"]),
        ({"PbO": 0.09}, "99.50", "99.80", ["PbO"]),
        ({"PbO": 0.11}, "", "99.50", ["PbO"]),
        ({"Fe2O3": 0.007}, "", "99.50", ["Fe2O3"]),
        ({"Cu2O": 0.003}, "", "99.50", ["CuO"]),
        ({"Se": 0.006}, "", "99.50", ["Se"]),
        ({"SiO2": 0.3}, "99.50", "99.80", ["Sb2O3"]),
        ({"SiO2": 0.6, "PbO": 0.2}, "", "99.50", ["Sb2O3", "PbO"]),
        ({"Sb2O4": 1.0}, "", "99.50", ["Sb2O3"]),
    ],
)
def test_grades_of_trioxide(impurities, grade, next_grade, stopped):
    verdict = grade_of(oxide(**impurities))
    assert verdict.product == "trioxide"
    assert (verdict.grade, verdict.next_grade) == (grade, next_grade)
    assert [breach.limit.substance for breach in verdict.stopped_by] == stopped


def test_grades_of_trisulphide():
    """Pure Sb2S3 (71.68 % Sb, 28.32 % S) has more sulphur than the ore products of GB 5236-85."""
    assert grade_of(trisulphide(SiO2=1.2)).grade == "GB 5236 grade 1"
    assert grade_of(trisulphide(SiO2=0.6, Sb=1.5)).grade == "GB 5236 grade 0"
    assert grade_of(trisulphide(SiO2=3.0)).grade == "GB 5236 grade 2"
    assert grade_of(trisulphide(SiO2=6.0)).grade == ""
    assert breaches(trisulphide(SiO2=1.0), "trisulphide", "like MIL-A-159") == ()
    (lead,) = breaches(trisulphide(PbS=0.6), "trisulphide", "like MIL-A-159")
    assert lead.limit.substance == "Pb"
    assert lead.content == pytest.approx(0.6 * 207.2 / 239.26 / 100.0, rel=1e-3)
    assert str(breaches(trisulphide(SiO2=6.0), "trisulphide", "like MIL-A-159")[0]) == (
        "Sb 67.39 % instead of at least 69.5 %"
    )


def test_in_words():
    assert str(grade_of(metal(As=0.12))) == (
        "Sb99.50; not Sb99.65: As 0.12 % instead of at most 0.1 %"
    )
    assert str(grade_of(metal(Zn=0.2))) == (
        "Sb99.70; not Sb99.90: impurities 0.2 %, mostly Zn 0.2 %, instead of at most 0.1 %"
    )
    assert str(grade_of(oxide(As2O3=0.04))) == (
        "99.80; not 99.90: As2O3 0.04 % instead of at most 0.03 %"
    )
    assert str(grade_of(oxide(SiO2=1.0))) == (
        "no grade; not 99.50: Sb2O3 99 % instead of at least 99.5 %"
    )
    assert str(grade_of(oxide())) == "99.90"
    assert str(breaches(trisulphide(Sb=30.0), "trisulphide", "GB 5236 grade 2")[0]) == (
        "Sb 80.18 % instead of at most 73 %"
    )


def test_impurities_count_as_the_oxide_whatever_their_form():
    """0.1 % scorodite-like FeAsO4 (194.8 g/mol) is 0.0508 % As2O3 and 0.0410 % Fe2O3."""
    flow = oxide(FeAsO4=0.1)
    assert 100.0 * content(flow, "As2O3")[0] == pytest.approx(0.0508, abs=1e-4)
    assert 100.0 * content(flow, "Fe2O3")[0] == pytest.approx(0.0410, abs=1e-4)
    # 143.09 g of Cu2O are 159.09 g of CuO.
    assert 100.0 * content(oxide(Cu2O=1.0), "CuO")[0] == pytest.approx(1.1118, abs=1e-4)


def test_vapours_count_as_their_oxides_and_other_gas_and_water_do_not():
    flow = flow_of(Slate(OXIDES), {"Sb4O6(g)": 99.0, "As4O6(g)": 1.0, "N2": 500.0, "H2O": 20.0})
    assert content(flow, "Sb2O3")[0] == pytest.approx(0.99)
    assert content(flow, "As2O3")[0] == pytest.approx(0.01)
    assert grade_of(flow).product == "trioxide"


def test_what_is_beside_the_order_is_not_asked_for():
    assert breaches(oxide(PbO=0.04, As2O3=0.04), "trioxide", "catalyst") == ()
    (breach,) = breaches(oxide(PbO=0.06), "trioxide", "catalyst")
    assert breach.limit.substance == "PbO"
    assert breaches(oxide(PbO=0.06), "trioxide", "99.80") == ()


@pytest.mark.parametrize("product", ASSAYS)
def test_limits_tighten_with_the_grade(product):
    order = sorted((g for g in grades(product).values() if g.rank), key=lambda g: g.rank)
    assert [grade.rank for grade in order] == list(range(1, len(order) + 1))
    for lower, higher in pairwise(order):
        wide = {limit.substance: limit for limit in lower.limits}
        for tight in higher.limits:
            if loose := wide.get(tight.substance):
                assert tight.lowest >= loose.lowest
                assert (tight.highest or 1.0) <= (loose.highest or 1.0)


def test_every_limit_has_a_source():
    text = files("flowsheet.core").joinpath("grades.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    assert all(row["source"] for row in rows)
    assert {row["product"] for row in rows} == set(ASSAYS)
    assert all(row["lowest"] or row["highest"] for row in rows)
    assert all(limit.source for grade in grades("metal").values() for limit in grade.limits)


def test_a_stream_says_its_grade():
    plant = Flowsheet(
        species=["Sb", "As", "Pb", "SiO2"],
        units={
            "metal": Feed(
                outlet="metal", flow="1 t/h", composition={"As": "0.02 %"}, remainder="Sb"
            ),
            "sand": Feed(
                outlet="sand", flow="1 t/h", composition={"Sb": "0.1 %"}, remainder="SiO2"
            ),
        },
    )
    solution = solve(plant)
    assert solution["metal"].grade_of().grade == "Sb99.70"
    assert grade_of(solution["metal"]) == solution["metal"].grade_of("metal")
    assert solution["metal"].grade_of("trioxide").grade == ""
    with pytest.raises(InputError, match=r"stream 'sand': it is mostly none of antimony metal, Sb"):
        solution["sand"].grade_of()


def test_what_has_no_grade_is_refused():
    with pytest.raises(InputError, match=r"no trioxide grade '99.5'; did you mean '99.50'"):
        breaches(oxide(), "trioxide", "99.5")
    with pytest.raises(InputError, match="no product 'oxide' with grades; did you mean 'trioxide'"):
        grades("oxide")
    with pytest.raises(InputError, match="nothing flows that is solid, so it has no grade"):
        grade_of(metal() * 0.0, "metal")
    with pytest.raises(InputError, match="mostly none of antimony metal, Sb2O3 and Sb2S3"):
        grade_of(metal(Pb=60.0))
