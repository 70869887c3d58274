import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet.core.errors import InputError
from flowsheet.core.slate import Slate
from unitops.streams.feed import Feed

TONNE_PER_HOUR = 1000.0 / 3600.0
ORE = ["Sb2S3", "FeAsS", "PbS", "FeS2", "SiO2", "H2O"]
MINERALS = ["Sb2S3", "FeAsS", "PbS", "FeS2"]
ASSAY = {"Sb": "28 %", "As": "1.2 %", "Pb": "0.9 %", "Fe": "6.0 %", "S": "18.5 %"}


def feed(**given_parameters):
    return Feed(**{"outlet": "ore", "flow": "100 t/h", **given_parameters})


def assayed(**given_parameters):
    return feed(**{"assay": ASSAY, "minerals": MINERALS, "remainder": "SiO2", **given_parameters})


def made(unit, slate, **replaced):
    p = unit.resolve(slate).replaced(replaced)
    return unit.run(slate=slate, p=p)["outlet"]


def told(unit, slate):
    p = unit.resolve(slate)
    flows = unit.run(slate=slate, p=p)
    figures = {figure.label: (figure.value, figure.unit) for figure in unit.figures(flows, p)}
    return figures, list(unit.warnings(flows, p))


# --- composition ---


@given(
    flow=st.one_of(st.just(0.0), st.floats(1e-6, 1e3)),
    sulphide=st.floats(0.0, 1.0),
    solids=st.floats(0.01, 1.0),
)
def test_a_pulp_holds_the_flow_and_the_solids_asked_for(flow, sulphide, solids):
    unit = feed(
        flow=f"{flow} kg/s",
        composition={"Sb2S3": sulphide},
        remainder="SiO2",
        percent_solids=solids,
    )
    pulp = made(unit, Slate(ORE))
    assert np.all(pulp.mass >= 0.0)
    assert pulp.solids.total()[0] == pytest.approx(flow, rel=1e-12)
    assert pulp.of("Sb2S3")[0] == pytest.approx(flow * sulphide, rel=1e-12)
    assert pulp.solids.total()[0] == pytest.approx(solids * pulp.total()[0], rel=1e-12)
    assert pulp.total()[0] == pytest.approx(pulp.solids.total()[0] + pulp.of("H2O")[0], rel=1e-12)


def test_species_not_named_are_absent_and_a_dry_feed_has_no_water():
    dry = made(feed(composition={"Sb2S3": "5 %", "SiO2": "95 %"}), Slate(ORE))
    assert dry.mass.shape == (6, 1)
    assert dry.of("Sb2S3")[0] == pytest.approx(5.0 * TONNE_PER_HOUR)
    assert dry.of("FeS2", "PbS", "FeAsS", "H2O")[0] == 0.0


def test_a_gas_feed_is_what_its_composition_says():
    air = made(feed(composition={"O2": 0.233}, remainder="N2"), Slate(["O2", "N2"]))
    np.testing.assert_allclose(air.mass[:, 0] / TONNE_PER_HOUR, [23.3, 76.7], rtol=1e-12)


def test_water_in_the_composition_counts_before_water_is_added():
    unit = feed(composition={"SiO2": 0.9, "H2O": 0.1}, percent_solids=0.3)
    pulp = made(unit, Slate(ORE))
    assert pulp.of("SiO2")[0] == pytest.approx(90.0 * TONNE_PER_HOUR)
    assert pulp.total()[0] == pytest.approx(300.0 * TONNE_PER_HOUR)
    figures, _ = told(unit, Slate(ORE))
    assert figures["water added"][0] == pytest.approx(200.0 * TONNE_PER_HOUR)
    assert figures["water added"][1] == "t/h"


def test_one_column_per_scenario():
    unit = feed(composition={"Sb2S3": 0.02}, remainder="SiO2", percent_solids=0.5)
    slate = Slate(ORE)
    flows, solids = np.array([1.0, 2.0, 0.0]), np.array([0.5, 0.25, 0.4])
    together = made(unit, slate, flow=flows, percent_solids=solids)
    assert together.mass.shape == (6, 3)
    for column in range(3):
        alone = made(unit, slate, flow=flows[column], percent_solids=solids[column])
        np.testing.assert_allclose(together.mass[:, [column]], alone.mass, rtol=1e-14)


def test_a_varied_composition_moves_the_remainder():
    unit = feed(composition={"Sb2S3": 0.02}, remainder="SiO2")
    varied = np.zeros((6, 2))
    varied[0] = [0.1, 0.3]
    stream = made(unit, Slate(ORE), composition=varied)
    np.testing.assert_allclose(stream.of("SiO2") / TONNE_PER_HOUR, [90.0, 70.0], rtol=1e-12)
    varied[0, 1] = 1.1
    with pytest.raises(InputError, match=r"composition sums to 110\.0+%"):
        made(unit, Slate(ORE), composition=varied)


def test_derivatives_reach_every_parameter():
    slate, step = Slate(ORE), 1e-6
    unit = assayed(percent_solids=0.4)
    p = unit.resolve(slate)
    for direction in (
        {"flow": p.flow},
        {"percent_solids": 0.4},
        {"assay": {"Sb": 0.28, "Fe": 0.06, "As": 0.0, "Pb": 0.0, "S": 0.1}},
    ):

        def moved(by, direction=direction):
            changed = {}
            for name, along in direction.items():
                value = getattr(p, name)
                if isinstance(along, dict):
                    changed[name] = {key: value[key] + by * along[key] for key in value}
                else:
                    changed[name] = value + by * along
            return made(unit, slate, **changed).mass

        difference = (moved(step) - moved(-step)) / (2.0 * step)
        np.testing.assert_allclose(moved(1e-30j).imag / 1e-30, difference, rtol=1e-6, atol=1e-8)
        assert np.max(np.abs(difference)) > 1.0


# --- assay ---


def test_the_classical_conversion_of_a_concentrate_assay():
    unit = assayed(assay_weight={"S": 0.0})
    concentrate = made(unit, Slate(ORE))
    shares = {name: 100.0 * concentrate.of(name)[0] / concentrate.total()[0] for name in ORE}
    assert shares["Sb2S3"] == pytest.approx(39.0588, rel=1e-4)
    assert shares["FeAsS"] == pytest.approx(2.60794, rel=1e-4)
    assert shares["PbS"] == pytest.approx(1.03926, rel=1e-4)
    assert shares["FeS2"] == pytest.approx(10.96763, rel=1e-4)
    assert 100.0 * (concentrate.element("S") / concentrate.total())[0] == pytest.approx(
        17.573635, rel=1e-4
    )
    figures, warnings = told(unit, Slate(ORE))
    assert 100.0 * figures["assayed S not in minerals"][0][0] == pytest.approx(0.926365, rel=3e-3)
    assert figures["assayed Sb not in minerals"][0][0] == pytest.approx(0.0, abs=1e-12)
    assert figures["Sb2S3 by fit"][0][0] == pytest.approx(0.390588, rel=1e-4)
    assert figures["SiO2 by fit"][1] == "%"
    assert warnings == [
        "the minerals bring 17.57 % S, the assay says 18.5 %; "
        "check the assay, or the minerals that carry S"
    ]


@given(
    shares=st.lists(st.one_of(st.just(0.0), st.floats(1e-4, 0.2)), min_size=4, max_size=4),
    gangue=st.sampled_from(["SiO2", "FeS"]),
)
def test_the_assay_of_a_known_mixture_gives_the_mixture_back(shares, gangue):
    slate = Slate([*MINERALS, gangue])
    mixture = np.array([*shares, 1.0 - sum(shares)])
    contents = slate.element_fractions @ mixture
    assay = {
        symbol: float(contents[slate.elements.index(symbol)])
        for symbol in ("Sb", "As", "Pb", "Fe", "S")
    }
    unit = assayed(assay=assay, remainder=gangue)
    found = made(unit, slate).mass[:, 0] / (100.0 * TONNE_PER_HOUR)
    np.testing.assert_allclose(found, mixture, atol=1e-9)
    assert told(unit, slate)[1] == []


@given(
    noise=st.lists(st.floats(0.7, 1.3), min_size=5, max_size=5),
    weight=st.floats(0.0, 10.0),
    direction=st.lists(st.floats(-1.0, 1.0), min_size=4, max_size=4),
    size=st.sampled_from([1e-2, 1e-3, 1e-4]),
)
def test_no_other_minerals_fit_an_overdetermined_assay_better(*, noise, weight, direction, size):
    slate = Slate(ORE)
    values = {"Sb": 0.1, "As": 0.02, "Pb": 0.01, "Fe": 0.05, "S": 0.1}
    values = {
        symbol: value * factor
        for (symbol, value), factor in zip(values.items(), noise, strict=True)
    }
    unit = assayed(assay=values, assay_weight={"S": weight})
    found = made(unit, slate).mass[:, 0] / (100.0 * TONNE_PER_HOUR)

    def misfit(fractions):
        weights = {"S": weight}
        return sum(
            weights.get(symbol, 1.0)
            * (slate.element_fractions[slate.elements.index(symbol)] @ fractions / value - 1.0) ** 2
            for symbol, value in values.items()
        )

    other = found.copy()
    other[:4] = np.maximum(found[:4] + size * np.array(direction), 0.0)
    assert np.all(found >= 0.0)
    assert misfit(found) <= misfit(other) + 1e-12


def test_a_mineral_that_would_be_negative_is_absent():
    # More arsenic than the iron of arsenopyrite allows: no pyrite can be there.
    unit = assayed(assay={**ASSAY, "As": "12 %"}, assay_weight={"S": 0.0})
    concentrate = made(unit, Slate(ORE))
    assert concentrate.of("FeS2")[0] == 0.0
    warnings = told(unit, Slate(ORE))[1]
    assert any("% As, the assay says 12 %" in line for line in warnings)
    assert any("% Fe, the assay says 6 %" in line for line in warnings)


def test_scenarios_of_an_assay_each_find_their_own_minerals():
    unit, slate = assayed(), Slate(ORE)
    named = unit.resolve(slate).assay
    arsenic = np.array([0.012, 0.12, 0.012, 0.0, 0.08])
    iron = np.array([0.06, 0.06, 0.0, 0.06, 0.001])
    together = made(unit, slate, assay={**named, "As": arsenic, "Fe": iron}).mass
    assert together.shape == (6, 5)
    for column in range(5):
        one = {**named, "As": arsenic[column], "Fe": iron[column]}
        alone = made(unit, slate, assay=one).mass
        np.testing.assert_allclose(together[:, [column]], alone, rtol=1e-9, atol=1e-12)
    assert len({tuple(column > 0.0) for column in together.T}) > 1


def many_assays(count, seed=1):
    """Assays as arrays (scenarios,): some lack minerals, some elements are absent."""
    random = np.random.default_rng(seed)
    usual = {"Sb": 0.2, "As": 0.01, "Pb": 0.01, "Fe": 0.05, "S": 0.12}
    present = {symbol: random.random(count) > 0.1 for symbol in usual}
    return {
        symbol: value * random.uniform(0.3, 1.5, count) * present[symbol]
        for symbol, value in usual.items()
    }


@pytest.mark.parametrize("solids", [None, 0.4])
def test_each_of_many_assays_is_fitted_as_it_would_be_alone(solids):
    unit, slate = assayed(percent_solids=solids), Slate(ORE)
    assays = many_assays(280)
    weights = {**unit.resolve(slate).assay_weight, "S": np.linspace(0.0, 3.0, 280)}
    together = made(unit, slate, assay=assays, assay_weight=weights).mass
    assert together.shape == (6, 280)
    for column in range(280):
        alone = made(
            unit,
            slate,
            assay={symbol: float(values[column]) for symbol, values in assays.items()},
            assay_weight={**weights, "S": float(weights["S"][column])},
        )
        np.testing.assert_allclose(together[:, [column]], alone.mass, rtol=1e-13, atol=1e-13)
    assert len({tuple(column > 0.0) for column in together.T}) > 8


@pytest.mark.parametrize(
    ("minerals", "elements"),
    [
        (MINERALS, ["Sb", "As", "Pb", "Fe", "S"]),
        (["Sb2S3", "FeAsS", "FeS2", "FeS", "Fe2O3"], ["Sb", "As", "Fe", "S", "O"]),
    ],
)
def test_the_fit_is_that_of_another_implementation(minerals, elements):
    from scipy.optimize import nnls

    random, slate = np.random.default_rng(2), Slate([*minerals, "C"])
    assays = random.uniform(0.0, 0.06, (len(elements), 1000)) ** 1.5
    unit = assayed(assay=dict.fromkeys(elements, 0.01), minerals=minerals, remainder="C")
    changed = dict(zip(elements, assays, strict=True))
    found = made(unit, slate, assay=changed).mass / (100.0 * TONNE_PER_HOUR)
    content = slate.element_fractions[[slate.elements.index(symbol) for symbol in elements]]
    for column, assay in enumerate(assays.T):
        scale = 1.0 / np.maximum(assay, 1e-6)
        expected, _ = nnls(scale[:, None] * content[:, :-1], scale * assay)
        np.testing.assert_allclose(found[:-1, column], expected, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("varied", ["Sb", "As", "Fe", "S"])
@pytest.mark.parametrize("parameter", ["assay", "assay_weight"])
def test_derivatives_of_every_scenario_by_one_element(parameter, varied):
    unit, slate, step = assayed(percent_solids=0.4), Slate(ORE), 1e-6
    assay = {"Sb": 0.28, "As": 0.012, "Pb": 0.009, "Fe": 0.06, "S": 0.185}
    arsenic = {"As": np.array([0.012, 0.12, 0.08])}  # the second and third hold no pyrite
    values = {"assay": {**assay, **arsenic}, "assay_weight": dict.fromkeys(assay, 1.0)}

    def moved(by):
        value = values[parameter][varied] * (1.0 + by * np.array([1.0, -0.5, 2.0]))
        changed = {**values, parameter: {**values[parameter], varied: value}}
        return made(unit, slate, **changed).mass

    exact = moved(1e-40j).imag / 1e-40
    difference = (moved(step) - moved(-step)) / (2.0 * step)
    np.testing.assert_allclose(exact, difference, rtol=1e-5, atol=1e-7)
    assert np.all(np.max(np.abs(exact), axis=0) > 1e-4)


def test_derivatives_by_a_composition_per_scenario():
    unit, slate = feed(composition={"Sb2S3": 0.1, "H2O": 0.05}, remainder="SiO2"), Slate(ORE)
    shares = np.zeros((6, 2))
    shares[0], shares[5] = [0.1, 0.3], [0.05, 0.0]
    moved = shares + 1e-40j * np.eye(6, 2)
    stream = made(unit, slate, composition=moved, percent_solids=0.5)
    np.testing.assert_array_equal(
        stream.mass.real, made(unit, slate, composition=shares, percent_solids=0.5).mass
    )
    tonnes = stream.mass.imag / 1e-40 / TONNE_PER_HOUR
    # In the first more stibnite for gangue; in the second more lost gangue for arsenopyrite.
    np.testing.assert_allclose(tonnes[:, 0], [100.0, 0.0, 0.0, 0.0, -100.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(tonnes[:, 1], [0.0, 100.0, 0.0, 0.0, -100.0, 0.0], atol=1e-9)


def test_another_assay_of_the_same_feed_is_fitted_anew():
    slate, unit = Slate(ORE), assayed()
    first, again = made(unit, slate), made(unit, slate)
    np.testing.assert_array_equal(first.mass, again.mass)
    richer = made(unit, slate, assay={**unit.resolve(slate).assay, "Sb": 0.3})
    assert richer.of("Sb2S3")[0] > 1.01 * first.of("Sb2S3")[0]


def test_gold_of_a_few_grams_per_tonne_is_met():
    slate = Slate([*ORE, "Au"])
    unit = assayed(assay={**ASSAY, "Au": "5.2 g/t"}, minerals=[*MINERALS, "Au"])
    ore = made(unit, slate)
    assert ore.element("Au")[0] / ore.total()[0] == pytest.approx(5.2e-6, rel=1e-9)


def test_what_the_gangue_brings_of_an_assayed_element_is_counted():
    slate = Slate(["Sb2S3", "FeS2"])
    unit = feed(assay={"Sb": "10 %", "S": "40 %"}, minerals=["Sb2S3"], remainder="FeS2")
    unit_of_antimony = unit.model_copy(update={"assay_weight": feed_weight({"S": 0.0})})
    ore = made(unit_of_antimony, slate)
    assert ore.element("Sb")[0] / ore.total()[0] == pytest.approx(0.10, rel=1e-12)
    explained = ore.element("S")[0] / ore.total()[0]
    figures, _ = told(unit_of_antimony, slate)
    left_over = figures["assayed S not in minerals"][0][0]
    assert left_over == pytest.approx(0.4 - explained, abs=1e-12)
    assert explained > 0.45


def feed_weight(weights):
    return assayed(assay_weight=weights).assay_weight


def test_species_it_needs():
    assert set(assayed(percent_solids=0.4).required_species()) == set(ORE)
    assert set(feed(composition={"PbS": 1.0}).required_species()) == {"PbS"}


@pytest.mark.parametrize("unit", [assayed(), feed(composition={"Sb2S3": 0.1}, remainder="SiO2")])
def test_a_feed_can_be_copied_with_another_flow(unit):
    larger = Feed(**{**dict(unit), "flow": "200 t/h"})
    np.testing.assert_allclose(
        made(larger, Slate(ORE)).mass, 2.0 * made(unit, Slate(ORE)).mass, rtol=1e-14
    )


def test_no_figures_and_no_warnings_without_assay_and_water():
    assert told(feed(composition={"SiO2": 1.0}), Slate(ORE)) == ({}, [])


# --- what is refused ---


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "give either composition or assay, and not both"),
        (
            {"composition": {"SiO2": 1.0}, "assay": {"Sb": 0.1}},
            "give either composition or assay, and not both",
        ),
        ({"composition": {"SiO2": "99 %"}}, r"composition sums to 99\.0+%; name a 'remainder'"),
        (
            {"composition": {"SiO2": 0.9, "Sb2S3": 0.2}},
            r"composition sums to 110\.0+%; at most 100 %",
        ),
        (
            {"composition": {"Sb2S3": 0.9, "FeS2": 0.2}, "remainder": "SiO2"},
            r"composition sums to 110\.0+%; at most 100 %",
        ),
        ({"composition": 0.2}, "composition must name species"),
        ({"composition": {"Sb2S3": 0.2, "others": 0.1}}, "composition must name species"),
        (
            {"composition": {"SiO2": 0.2}, "remainder": "SiO2"},
            "remainder 'SiO2' has a fraction in composition",
        ),
        ({"composition": {"SiO2": 1.0}, "minerals": ["PbS"]}, "belong to an assay"),
        ({"composition": {"SiO2": 1.0}, "assay_weight": {"S": 0.0}}, "belong to an assay"),
        ({"composition": {"SiO2": 1.0}, "percent_solids": 0.0}, "percent_solids of 0"),
        ({"composition": {"SiO2": 1.0}, "flow": "5 m"}, r"Feed.flow: needs a unit of mass per"),
        ({"composition": {"SiO2": 1.2}}, r"Feed.composition: SiO2: must lie between 0 and 1"),
        ({"assay": {"Sb": 0.1}, "remainder": "SiO2"}, "assay needs minerals"),
        ({"assay": {"Sb": 0.1}, "minerals": ["Sb2S3"]}, "assay needs a remainder"),
        (
            {"assay": {"Sb": 0.6, "S": 0.5}, "minerals": ["Sb2S3"], "remainder": "SiO2"},
            r"assay sums to 110\.0+%",
        ),
        ({"assay": 0.1, "minerals": ["Sb2S3"], "remainder": "SiO2"}, "assay must name elements"),
        (
            {"assay": {"Sb": 0.1}, "minerals": ["Sb2S3"], "remainder": "Sb2S3"},
            "minerals and remainder name a species twice",
        ),
        (
            {
                "assay": {"Sb": 0.1},
                "minerals": ["Sb2S3"],
                "remainder": "SiO2",
                "assay_weight": {"S": 0.0},
            },
            "assay_weight names S, which is not assayed",
        ),
    ],
)
def test_a_feed_that_makes_no_sense_is_refused(parameters, message):
    with pytest.raises(InputError, match=message) as refused:
        feed(**parameters)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"assay": {"Sb": 0.6, "Fe": 0.2}, "minerals": ["Sb2S3", "FeS2"]},
            r"minerals: what fits the assay sums to 126\.\d+% \(Sb2S3 83\.\d+%, FeS2 42\.\d+%\)",
        ),
        (
            {"assay": {"Sb": 0.1, "Pb": 0.1}, "minerals": ["Sb2S3"]},
            r"none of the minerals contains Pb; add one that does, or set assay_weight.Pb = 0",
        ),
        (
            {"assay": {"Fe": 0.1}, "minerals": ["FeS2", "FeAsS"]},
            "minerals: FeS2, FeAsS cannot be told apart by fitting Fe; assay more elements",
        ),
        (
            {"assay": {"Fe": 0.1}, "minerals": ["FeS2"], "assay_weight": 0.0},
            "cannot be told apart by fitting nothing",
        ),
        (
            {
                "assay": {"Fe": 0.1, "As": 0.1},
                "minerals": ["FeS2", "FeAsS"],
                "assay_weight": {"As": 1e-40},
            },
            "minerals: FeS2, FeAsS cannot be told apart by fitting Fe, As",
        ),
        ({"minerals": ["PbS", "FeAsS", "FeS2", "Sb2S"]}, "no species 'Sb2S'.*did you mean 'Sb2S3'"),
        ({"assay": {"Sc": 0.1}, "minerals": ["Sb2S3"]}, "assay: no element 'Sc'"),
    ],
)
def test_an_assay_that_does_not_fit_the_species_is_refused(parameters, message):
    with pytest.raises(InputError, match=message) as refused:
        made(assayed(**parameters), Slate(ORE))
    assert "\n" not in str(refused.value)


def test_an_assay_of_weight_zero_needs_no_mineral():
    unit = feed(
        assay={"Sb": 0.1, "Pb": 0.01},
        minerals=["Sb2S3"],
        remainder="SiO2",
        assay_weight={"Pb": 0.0},
    )
    figures, warnings = told(unit, Slate(ORE))
    assert figures["assayed Pb not in minerals"][0][0] == pytest.approx(0.01)
    assert len(warnings) == 1


def test_more_solids_than_the_feed_holds_are_refused():
    unit = feed(composition={"SiO2": 0.9, "H2O": 0.1}, percent_solids=0.95)
    with pytest.raises(InputError, match=r"percent_solids: the feed holds 90\.0+% solids"):
        made(unit, Slate(ORE))


def test_a_species_that_is_not_in_the_flowsheet_is_named():
    with pytest.raises(InputError, match=r"composition: no species 'Sb2S'.*did you mean 'Sb2S3'"):
        feed(composition={"Sb2S": 1.0}).resolve(Slate(ORE))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"assay": {"Sb": [0.1, 0.9], "Pb": 0.2}}, r"assay sums to 110\.0+%"),
        (
            {"assay": {"Sb": [0.1, 0.6], "Pb": 0.2}},
            r"what fits the assay sums to 106\.\d+% \(Sb2S3 83\.\d+%, PbS 23\.\d+%\)",
        ),
        (
            {"assay": {"Sb": 0.1, "Pb": 0.01}, "assay_weight": {"Sb": [1.0, 0.0], "Pb": 1.0}},
            "minerals: Sb2S3, PbS cannot be told apart by fitting Pb",
        ),
        ({"percent_solids": [0.5, 0.0]}, "percent_solids of 0 would be all water"),
    ],
)
def test_one_scenario_that_makes_no_sense_is_refused(changed, message):
    unit = assayed(assay={"Sb": 0.1, "Pb": 0.01}, minerals=["Sb2S3", "PbS"])
    values = {
        name: {key: np.array(entry) for key, entry in value.items()}
        if isinstance(value, dict)
        else np.array(value)
        for name, value in changed.items()
    }
    with pytest.raises(InputError, match=message):
        made(unit, Slate(ORE), **values)


def test_an_element_without_a_mineral_is_refused_where_it_has_a_weight():
    unit = feed(
        assay={"Sb": 0.1, "Pb": 0.01},
        minerals=["Sb2S3"],
        remainder="SiO2",
        assay_weight={"Pb": 0.0},
    )
    weights = {"Sb": 1.0, "Pb": np.array([0.0, 1.0])}
    with pytest.raises(InputError, match="none of the minerals contains Pb"):
        made(unit, Slate(ORE), assay_weight=weights)
