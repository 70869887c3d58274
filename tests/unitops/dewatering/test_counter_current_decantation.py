import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import Flowsheet, solve
from flowsheet.core.errors import InputError
from flowsheet.core.flow import Flow
from flowsheet.core.particles import Particles
from flowsheet.core.slate import Slate
from flowsheet.core.species import Species
from tests.unitops.every_species import (
    SPECIES,
    check_every_species,
    check_with_particles,
)
from tests.unitops.properties import (
    check_derivative,
    check_zero_feed,
    random_masses,
    run,
)
from unitops.dewatering.counter_current_decantation import CounterCurrentDecantation
from unitops.dewatering.thickener import Thickener
from unitops.streams.feed import Feed
from unitops.streams.splitter import Splitter

PULP = np.array([[2.0], [8.0], [8.5], [0.5], [1.0], [0.1]])  # 50 % solids
NO_WASH = np.zeros((6, 1))
WASH = np.array([[0.1], [0.0], [12.0], [0.2], [0.3], [0.05]])


def train(**given_parameters):
    return CounterCurrentDecantation(
        **{
            "feed": "leached",
            "wash_liquor": "barren",
            "wash_water": "wash_water",
            "overflow": "pregnant",
            "underflow": "washed",
            "stages": 4,
            "underflow_percent_solids": "50 %",
            "wash_ratio": 2.0,
            **given_parameters,
        }
    )


def told(unit, feed=PULP, wash=NO_WASH):
    slate = Slate(SPECIES)
    p, flows = unit.resolve(slate), {"feed": Flow(slate, feed), "wash_liquor": Flow(slate, wash)}
    flows |= unit.run(**flows, p=p)
    figures = {figure.label: (figure.value, figure.unit) for figure in unit.figures(flows, p)}
    return figures, list(unit.warnings(flows, p))


def loss(unit, feed=PULP):
    """Share of the antimony dissolved in the feed that is left in the washed solids."""
    made = run(unit, Slate(SPECIES), {"feed": feed, "wash_liquor": NO_WASH})
    return made["underflow"][3, 0] / feed[3, 0]


@given(
    feed=random_masses(6),
    wash=random_masses(6),
    stages=st.integers(1, 12),
    percent_solids=st.floats(1e-3, 1.0 - 1e-3),
    wash_ratio=st.one_of(st.just(0.0), st.floats(1e-6, 50.0)),
    mixing=st.floats(0.0, 1.0),
)
def test_any_feed_closes(*, feed, wash, stages, percent_solids, wash_ratio, mixing):
    unit = train(
        stages=stages,
        underflow_percent_solids=percent_solids,
        wash_ratio=wash_ratio,
        mixing_efficiency=mixing,
    )
    check_every_species(unit, {"feed": feed, "wash_liquor": wash})


@given(
    feed=random_masses(6),
    wash=random_masses(6),
    stages=st.integers(1, 8),
    percent_solids=st.floats(0.01, 0.99),
    mixing=st.floats(0.0, 1.0),
)
def test_the_underflow_holds_the_solids_asked_for_or_all_the_liquor(
    feed, wash, stages, percent_solids, mixing
):
    unit = train(stages=stages, underflow_percent_solids=percent_solids, mixing_efficiency=mixing)
    wash[:2] = 0.0
    made = run(unit, Slate(SPECIES), {"feed": feed, "wash_liquor": wash})
    solids, liquor = made["underflow"][:2].sum(axis=0), made["underflow"][2:5].sum(axis=0)
    held = solids * (1.0 - percent_solids) / percent_solids
    entering = (feed + wash + made["wash_water"])[2:5].sum(axis=0)
    np.testing.assert_allclose(liquor, np.minimum(held, entering), rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(made["overflow"][:2], 0.0)


def test_particles_close():
    check_with_particles(train(mixing_efficiency=0.9), ["feed", "wash_liquor"])


@pytest.mark.parametrize("stages", [1, 2, 5])
def test_zero_feed_gives_zero(stages):
    unit = train(stages=stages, unit_area="0.3 m^2/(t/d)")
    check_zero_feed(unit, SPECIES)
    _, warnings = told(unit, np.zeros((6, 1)))
    assert not warnings


@pytest.mark.parametrize("stages", [1, 2, 5])
@pytest.mark.parametrize("scale", [1.3, 0.05])
def test_derivative(stages, scale):
    """With enough liquor, and with so little that all of it stays with the solids."""
    unit = train(stages=stages, mixing_efficiency=0.9, wash_ratio=0.3)
    less = np.array([[1.0], [1.0], [scale], [scale], [scale], [1.0]])
    check_derivative(unit, SPECIES, {"feed": PULP * less, "wash_liquor": WASH * less})


@pytest.mark.parametrize("parameter", ["wash_ratio", "mixing_efficiency"])
def test_derivative_by_a_parameter(parameter):
    unit, slate, step = train(mixing_efficiency=0.9), Slate(SPECIES), 1e-6
    p, feed, none = unit.resolve(slate), Flow(slate, PULP), Flow(slate, NO_WASH)

    def made(by):
        moved = p.replaced({parameter: getattr(p, parameter) + by})
        return unit.run(feed=feed, wash_liquor=none, p=moved)["underflow"].mass

    exact = made(1e-30j).imag / 1e-30
    np.testing.assert_allclose(exact, (made(step) - made(-step)) / (2 * step), atol=1e-7)
    assert exact[3, 0] < -1e-3


# --- closed forms ---


@pytest.mark.parametrize("stages", [1, 2, 3, 4, 7, 10])
@pytest.mark.parametrize("wash_ratio", [0.5, 1.0, 1.5, 2.0, 3.0])
def test_the_classical_soluble_loss_of_a_train_with_equal_ratios(stages, wash_ratio):
    """Feed liquor like underflow liquor, pure water: 1 / (1 + w + w^2 + ... + w^N)."""
    expected = 1.0 / sum(wash_ratio**power for power in range(stages + 1))
    assert loss(train(stages=stages, wash_ratio=wash_ratio)) == pytest.approx(expected, rel=1e-12)


def test_a_dilute_feed_gives_its_surplus_to_the_overflow_at_once():
    """One stage: 40 t/h liquor and 20 of water mix, of which the underflow keeps 10."""
    feed = PULP * np.array([[1.0], [1.0], [4.0], [4.0], [4.0], [1.0]])
    assert loss(train(stages=1), feed) == pytest.approx(10.0 / 60.0, rel=1e-12)
    # Two stages by hand: x2 = x1 / 3, and 40 = 50 x1 + 10 x2.
    assert loss(train(stages=2), feed) == pytest.approx(10.0 / 3.0 / (50.0 + 10.0 / 3.0) / 1.0)


def test_one_stage_without_wash_is_a_thickener():
    slate = Slate(SPECIES)
    unit = train(stages=1, wash_ratio=0.0, underflow_percent_solids="65 %")
    made = run(unit, slate, {"feed": PULP, "wash_liquor": NO_WASH})
    tank = Thickener(feed="f", underflow="u", overflow="o", underflow_percent_solids="65 %")
    for name, mass in run(tank, slate, {"feed": PULP}).items():
        np.testing.assert_allclose(made[name], mass, rtol=1e-12)


@pytest.mark.parametrize("stages", [1, 2, 6])
def test_without_mixing_nothing_is_washed(stages):
    unit = train(stages=stages, mixing_efficiency=0.0)
    assert loss(unit) == pytest.approx(1.0, rel=1e-12)


@given(
    stages=st.integers(1, 10),
    mixing=st.floats(0.01, 1.0),
    wash_ratio=st.floats(0.0, 5.0),
    dilution=st.floats(0.3, 8.0),
    barren=st.floats(0.0, 30.0),
    solids_in_wash=st.floats(0.0, 0.5),
)
def test_the_stage_balances_solved_together(
    *, stages, mixing, wash_ratio, dilution, barren, solids_in_wash
):
    """The same train as one dense linear system, stage by stage as it stands on a drawing."""
    feed = PULP * np.array([[1.0], [1.0], [dilution], [dilution], [dilution], [1.0]])
    wash = np.array([[solids_in_wash], [0.0], [barren], [0.1 * barren], [0.0], [0.0]])
    unit = train(stages=stages, mixing_efficiency=mixing, wash_ratio=wash_ratio)
    made = run(unit, Slate(SPECIES), {"feed": feed, "wash_liquor": wash})
    entering = wash + made["wash_water"]
    fed, washing = feed[2:5].sum(), entering[2:5].sum()
    clear = washing - min(solids_in_wash, washing)
    held = min(10.0, fed + clear)  # at 50 % solids
    under = np.full(stages + 1, held)
    under[0], under[-1] = fed, held + (washing - clear)
    over = np.full(stages + 2, clear)
    over[1], over[-1] = fed + clear - held, washing
    # Unknown per stage: composition of what is mixed, and of the underflow.
    matrix, right = np.zeros((2 * stages, 2 * stages)), np.zeros((2 * stages, 6))
    share_fed, share_washing = (
        np.where(SELECT_LIQUID, flow[:, 0], 0.0) / (total or 1.0)
        for flow, total in ((feed, fed), (entering, washing))
    )
    for stage in range(1, stages + 1):
        mixed, left = 2 * stage - 2, 2 * stage - 1
        unmixed = (1.0 - mixing) * min(under[stage - 1], under[stage])
        matrix[mixed, mixed] = over[stage] + under[stage] - unmixed
        matrix[left, left], matrix[left, mixed] = under[stage], -(under[stage] - unmixed)
        for row, carried in ((mixed, under[stage - 1] - unmixed), (left, unmixed)):
            if stage == 1:
                right[row] += carried * share_fed
            else:
                matrix[row, left - 2] -= carried
        if stage == stages:
            right[mixed] += over[stage + 1] * share_washing
        else:
            matrix[mixed, mixed + 2] -= over[stage + 1]
    compositions = np.linalg.lstsq(matrix, right, rcond=None)[0]
    expected = under[-1] * compositions[-1]
    found = np.where(SELECT_LIQUID, made["underflow"][:, 0], 0.0)
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8)


SELECT_LIQUID = np.array([False, False, True, True, True, False])


def test_a_cyanide_plant_of_five_thickeners():
    """Counselman (1950), Transactions AIME 187: 100 t/d of ore at 10 $/t, all pulps at 1:1.

    Half of the gold dissolves in the mill, before thickener V, and half in the agitators behind it;
    thickeners W, X, Y, Z wash. Solution: 400 t of V are precipitated to 0.02 $/t and return to Y,
    100 t of water enter Z, W sends 500 t to the mill and 100 to the agitators. The article's
    equations V = W + 1, W = X + 1.2, X = Y + 0.24, 550 Y = 100 X + 8 and Z = Y / 2 are solved
    here by hand: Y = 32 / 450.
    """
    value = 1e-12  # tonnes of a tracer that stand for one dollar

    def dissolved(name, dollars, water=0.0):
        tonnes = dollars * value + water
        composition = {"Au(aq)": dollars * value / tonnes, "H2O": water / tonnes}
        return Feed(outlet=name, flow=f"{tonnes} t/d", composition=composition)

    def washing(stages, wash_ratio, **streams):
        return CounterCurrentDecantation(
            **streams, stages=stages, underflow_percent_solids=0.5, wash_ratio=wash_ratio
        )

    plant = Flowsheet(
        species=["SiO2", "H2O", Species("Au(aq)", formula="Au", phase="liquid")],
        units={
            "ore": Feed(outlet="ore", flow="100 t/d", composition={"SiO2": 1.0}),
            "mill": dissolved("dissolved_in_mill", 500.0),
            "agitators": dissolved("dissolved_in_agitators", 500.0),
            "precipitation": dissolved("barren", 8.0, 400.0),
            "V": Thickener(
                feed=["ore", "dissolved_in_mill", "to_mill"],
                underflow="V_underflow",
                overflow="pregnant",
                underflow_percent_solids=0.5,
            ),
            "W_and_X": washing(
                2,
                0.0,
                feed=["V_underflow", "dissolved_in_agitators", "to_agitators"],
                wash_liquor="Y_overflow",
                wash_water="no_water",
                overflow="W_overflow",
                underflow="X_underflow",
            ),
            "to_mill": Splitter(
                feed="W_overflow", product="to_mill", remainder="to_agitators", fraction=5.0 / 6.0
            ),
            "Y": washing(
                1,
                0.0,
                feed="X_underflow",
                wash_liquor=["barren", "Z_overflow"],
                wash_water="no_water_either",
                overflow="Y_overflow",
                underflow="Y_underflow",
            ),
            "Z": washing(
                1,
                1.0,
                feed="Y_underflow",
                wash_water="water",
                overflow="Z_overflow",
                underflow="tailings",
            ),
        },
    )
    solution = solve(plant)

    def dollars_per_tonne(stream):
        gold = solution[stream].species("Au(aq)", "t/d").magnitude
        return gold / value / solution[stream].species("H2O", "t/d").magnitude

    expected = {
        "pregnant": 2.511111111111111,
        "W_overflow": 1.511111111111111,
        "X_underflow": 0.311111111111111,
        "Y_overflow": 0.071111111111111,
        "tailings": 0.035555555555556,
    }
    found = {name: dollars_per_tonne(name) for name in expected}
    assert found == pytest.approx(expected, rel=1e-9)
    assert solution["pregnant"].mass_flow("t/d").magnitude == pytest.approx(400.0, rel=1e-9)
    assert solution["W_overflow"].mass_flow("t/d").magnitude == pytest.approx(600.0, rel=1e-9)


# --- the wash ---


def test_wash_water_is_drawn_for_what_the_wash_liquor_does_not_bring():
    slate = Slate(SPECIES)
    for barren, fresh in ((0.0, 20.0), (12.5, 7.5), (30.0, 0.0)):
        wash = np.array([[0.0], [0.0], [barren], [0.0], [0.0], [0.0]])
        made = run(train(), slate, {"feed": PULP, "wash_liquor": wash})
        np.testing.assert_allclose(made["wash_water"][:, 0], [0, 0, fresh, 0, 0, 0], rtol=1e-12)


def test_dissolved_matter_of_the_wash_liquor_is_washed_back():
    wash = np.array([[0.0], [0.0], [19.0], [1.0], [0.0], [0.0]])
    made = run(train(stages=1), Slate(SPECIES), {"feed": PULP, "wash_liquor": wash})
    assert made["underflow"][3, 0] == pytest.approx((1.0 + 0.5) / 3.0, rel=1e-12)


def test_solids_of_the_wash_liquor_settle_in_the_last_stage():
    made = run(train(), Slate(SPECIES), {"feed": PULP, "wash_liquor": WASH})
    assert made["underflow"][0, 0] == pytest.approx(2.1, rel=1e-12)
    assert made["underflow"][2:5].sum() == pytest.approx(10.1, rel=1e-12)


def test_too_little_liquor_leaves_with_the_solids():
    feed = PULP * np.array([[1.0], [1.0], [0.5], [0.5], [0.5], [1.0]])
    made = run(train(wash_ratio=0.3), Slate(SPECIES), {"feed": feed, "wash_liquor": NO_WASH})
    np.testing.assert_array_equal(made["overflow"][:5], 0.0)
    assert made["underflow"][2:5].sum() == pytest.approx(8.0, rel=1e-12)


def test_particles_of_all_sizes_settle():
    slate = Slate(SPECIES, Particles(sieves=["150 um", "75 um"], minerals=["Sb2S3", "SiO2"]))
    mass = np.linspace(1.0, 3.0, slate.count)[:, None]
    unit = train()
    none = Flow(slate, np.zeros_like(mass))
    made = unit.run(feed=Flow(slate, mass), wash_liquor=none, p=unit.resolve(slate))
    np.testing.assert_array_equal(made["underflow"].mass[6:], mass[6:])


def test_scenarios_of_stages():
    slate, unit = Slate(SPECIES), train()
    counts = [3.0, 1.0, 6.0]
    p = unit.resolve(slate).replaced({"stages": np.array(counts)})
    none = Flow(slate, NO_WASH)
    together = unit.run(feed=Flow(slate, PULP), wash_liquor=none, p=p)["underflow"]
    alone = [loss(train(stages=int(count))) * PULP[3, 0] for count in counts]
    np.testing.assert_array_equal(together.of("Sb(aq)"), alone)


# --- figures and warnings ---


def test_figures():
    unit = train(unit_area="0.2 m^2/(t/d)")
    figures, warnings = told(unit, PULP / 3.6)
    recovered, display = figures["dissolved matter of the feed to the overflow"]
    assert (recovered[0], display) == (pytest.approx(30.0 / 31.0), "%")
    assert figures["wash water"][0][0] * 3.6 == pytest.approx(20.0)
    assert figures["wash liquor over underflow liquor"][0][0] == pytest.approx(2.0)
    assert figures["area of each thickener"][0][0] == pytest.approx(0.2 * 240.0)
    assert figures["area of all thickeners"][0][0] == pytest.approx(0.8 * 240.0)
    assert figures["solids in the underflow"][0][0] == pytest.approx(0.5)
    assert not warnings


@pytest.mark.parametrize(
    ("parameters", "wash", "message"),
    [
        ({"underflow_percent_solids": "20 %", "wash_ratio": 0.1}, NO_WASH, "too little liquor: th"),
        ({}, WASH * 2.0, "wash_liquor brings 90 t/h, more than the 72 of the wash ratio; all of"),
        ({"wash_ratio": 0.8}, NO_WASH, "wash_ratio of 0.8; below 1 more stages do not help"),
        ({"stages": 12}, NO_WASH, "12 stages; trains in use have 2 to 10"),
        ({"mixing_efficiency": 0.7}, NO_WASH, "mixing_efficiency of 0.7; practice is 0.9 to 1"),
    ],
)
def test_warnings(parameters, wash, message):
    _, warnings = told(train(**parameters), wash=wash)
    assert any(message in warning for warning in warnings)
    assert len(warnings) == (2 if "underflow_percent_solids" in parameters else 1)
    assert not any("\n" in warning for warning in warnings)


def test_a_feed_without_solids_is_told():
    _, warnings = told(train(), PULP * [[0], [0], [1], [1], [1], [1]])
    assert warnings == ["the feed brings no solids; all of it overflows"]


# --- what is refused ---


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"stages": 0}, "CounterCurrentDecantation.stages: must be 1 or more, got 0"),
        ({"stages": 2.5}, "stages: needs a whole number, got 2.5"),
        ({"underflow_percent_solids": 0}, "underflow_percent_solids of 0 % would be all water"),
        ({"underflow_percent_solids": 1}, "underflow_percent_solids of 100 % leaves no water"),
        ({"wash_ratio": -1}, "wash_ratio: must be 0 or more"),
        ({"mixing_efficiency": 1.1}, "mixing_efficiency: must lie between 0 and 1"),
    ],
)
def test_a_train_that_makes_no_sense_is_refused(parameters, message):
    with pytest.raises(InputError, match=message) as refused:
        train(**parameters)
    assert "\n" not in str(refused.value)


def test_half_a_stage_in_a_scenario_is_refused():
    slate, unit = Slate(SPECIES), train()
    p = unit.resolve(slate).replaced({"stages": np.array([2.0, 2.5])})
    with pytest.raises(InputError, match="stages must be a whole number"):
        unit.run(feed=Flow(slate, PULP), wash_liquor=Flow(slate, NO_WASH), p=p)


def test_species_it_needs():
    assert tuple(train().required_species()) == ("H2O",)
