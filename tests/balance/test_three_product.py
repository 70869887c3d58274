import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsheet import InputError, Measured, three_product, two_product

# processconvert.com, three-product formula, worked example.
FEED = {"Pb": "3 %", "Zn": "6 %"}
PRODUCTS = {
    "lead": {"Pb": "50 %", "Zn": "8 %"},
    "zinc": {"Pb": "2 %", "Zn": "55 %"},
    "tailings": {"Pb": "0.2 %", "Zn": "0.5 %"},
}


def percent(estimate):
    return estimate.value.to("percent").magnitude


def deviation(estimate):
    return estimate.standard_deviation.to("percent").magnitude


def with_errors(assays, share):
    return {element: Measured(value, relative=share) for element, value in assays.items()}


def test_a_published_balance_of_lead_and_zinc():
    balance = three_product(feed=FEED, products=PRODUCTS)
    published = {"lead": 5.28401, "zinc": 9.36459, "tailings": 85.3514}
    for product, split in published.items():
        assert percent(balance.mass_split(product)) == pytest.approx(split, rel=1e-6)
    recoveries = {
        ("Pb", "lead"): 88.0668,
        ("Pb", "zinc"): 6.24306,
        ("Zn", "lead"): 7.04535,
        ("Zn", "zinc"): 85.842,
    }
    for (element, product), recovery in recoveries.items():
        found = balance.recovery(element, to=product)
        assert percent(found) == pytest.approx(recovery, rel=2e-6)
        assert found.standard_deviation is None
    assert balance.warnings() == []


def test_the_same_balance_to_more_digits():
    balance = three_product(feed=FEED, products=PRODUCTS)
    splits = [percent(balance.mass_split(product)) / 100.0 for product in PRODUCTS]
    expected = [0.05284010960527291, 0.0936458564763386, 0.8535140339183884]
    assert splits == pytest.approx(expected, rel=1e-9)


@given(
    st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3),
    st.lists(st.floats(1e-6, 0.02), min_size=6, max_size=6),
)
def test_what_was_mixed_is_taken_apart(masses, traces):
    # Each element is rich in one product.
    splits = np.array(masses) / sum(masses)
    assays = np.array(traces).reshape(3, 2)
    assays[0, 0], assays[1, 1] = 0.4, 0.5
    feed = splits @ assays
    names = ["gold", "antimony", "tailings"]
    balance = three_product(
        feed=dict(zip(("Au", "Sb"), feed, strict=True)),
        products={
            name: dict(zip(("Au", "Sb"), row, strict=True))
            for name, row in zip(names, assays, strict=True)
        },
    )
    for row, name in enumerate(names):
        assert percent(balance.mass_split(name)) == pytest.approx(100.0 * splits[row], rel=1e-8)
        for column, element in enumerate(("Au", "Sb")):
            recovered = 100.0 * splits[row] * assays[row, column] / feed[column]
            found = percent(balance.recovery(element, to=name))
            assert found == pytest.approx(recovered, rel=1e-8)


def test_the_order_of_products_and_elements_does_not_matter():
    reference = three_product(feed=FEED, products=PRODUCTS)
    for order in itertools.permutations(PRODUCTS):
        balance = three_product(
            feed={"Zn": FEED["Zn"], "Pb": FEED["Pb"]},
            products={name: PRODUCTS[name] for name in order},
        )
        for name in PRODUCTS:
            found = percent(balance.mass_split(name))
            assert found == pytest.approx(percent(reference.mass_split(name)), rel=1e-12)


def test_an_element_of_one_product_alone_is_recovered_as_by_two():
    # All gold is in the first product, so the other element does not matter for it.
    products = {
        "gold": {"Au": "100 g/t", "Sb": "5 %"},
        "antimony": {"Au": 0, "Sb": "60 %"},
        "tailings": {"Au": 0, "Sb": "0.1 %"},
    }
    balance = three_product(feed={"Au": "4 g/t", "Sb": "3 %"}, products=products)
    two = two_product(feed="4 g/t", concentrate="100 g/t", tailings=0)
    assert percent(balance.mass_split("gold")) == pytest.approx(percent(two.mass_pull), rel=1e-12)
    assert percent(balance.recovery("Au", to="gold")) == pytest.approx(100.0, rel=1e-12)
    assert percent(balance.recovery("Au", to="tailings")) == 0.0


def test_standard_deviations_are_those_of_draws():
    random = np.random.default_rng(13)
    values = {"feed": (0.03, 0.06), "lead": (0.5, 0.08), "zinc": (0.02, 0.55), "tail": (2e-3, 5e-3)}
    errors = {"feed": 0.02, "lead": 0.01, "zinc": 0.01, "tail": 0.06}
    (f, g), (c1, d1), (c2, d2), (t, u) = (
        [value * (1.0 + errors[name] * random.standard_normal(300_000)) for value in pair]
        for name, pair in values.items()
    )
    # The closed form that is published, in place of a system of equations.
    below = (c1 - t) * (d2 - u) - (d1 - u) * (c2 - t)
    lead = ((f - t) * (d2 - u) - (g - u) * (c2 - t)) / below
    zinc = ((g - u) * (c1 - t) - (f - t) * (d1 - u)) / below
    measured = {
        name: with_errors(dict(zip(("Pb", "Zn"), pair, strict=True)), errors[name])
        for name, pair in values.items()
    }
    feed = measured.pop("feed")
    balance = three_product(feed=feed, products=measured)
    for found, drawn in (
        (balance.mass_split("lead"), lead),
        (balance.mass_split("zinc"), zinc),
        (balance.mass_split("tail"), 1.0 - lead - zinc),
        (balance.recovery("Pb", to="lead"), lead * c1 / f),
        (balance.recovery("Zn", to="lead"), lead * d1 / g),
        (balance.recovery("Zn", to="zinc"), zinc * d2 / g),
        (balance.recovery("Pb", to="tail"), (1.0 - lead - zinc) * t / f),
    ):
        assert deviation(found) == pytest.approx(100.0 * np.std(drawn), rel=0.02)
        assert sum(found.shares.values()) == pytest.approx(1.0, rel=1e-12)
    assert (
        max(
            balance.recovery("Pb", to="tail").shares,
            key=lambda name: balance.recovery("Pb", to="tail").shares[name],
        )
        == "tail Pb"
    )


def test_elements_that_nearly_go_together_are_told_and_make_splits_uncertain():
    alike = {
        "lead": {"Pb": "50 %", "Zn": "40 %"},
        "zinc": {"Pb": "30 %", "Zn": "25 %"},
        "tailings": {"Pb": "0.2 %", "Zn": "0.5 %"},
    }
    feed = {"Pb": 0.1 * 0.5 + 0.1 * 0.3 + 0.8 * 0.002, "Zn": 0.1 * 0.4 + 0.1 * 0.25 + 0.8 * 0.005}
    balance = three_product(feed=feed, products=alike)
    (told,) = balance.warnings()
    assert told.startswith("Pb and Zn change almost in proportion from product to product (sine of")
    assert told in balance.table()
    measured = three_product(
        feed=with_errors(feed, "1 %"),
        products={name: with_errors(assays, "1 %") for name, assays in alike.items()},
    )
    usual = three_product(
        feed=with_errors(FEED, "1 %"),
        products={name: with_errors(assays, "1 %") for name, assays in PRODUCTS.items()},
    )
    assert deviation(measured.mass_split("zinc")) > 20.0 * deviation(usual.mass_split("zinc"))


def test_a_balance_is_read_as_text():
    balance = three_product(feed=FEED, products=PRODUCTS)
    assert repr(balance) == "<ThreeProduct: lead 5.284 %, zinc 9.365 %, tailings 85.35 %>"
    assert str(balance) == (
        "             mass     Pb     Zn  Pb recovery  Zn recovery\n"
        "feed        100 %    3 %    6 %\n"
        "lead      5.284 %   50 %    8 %      88.07 %      7.045 %\n"
        "zinc      9.365 %    2 %   55 %      6.243 %      85.84 %\n"
        "tailings  85.35 %  0.2 %  0.5 %       5.69 %      7.113 %"
    )


def test_products_and_elements_are_asked_for_by_name():
    balance = three_product(feed=FEED, products=PRODUCTS)
    with pytest.raises(InputError, match=r"^there is no product 'zink'; did you mean 'zinc'\?$"):
        balance.mass_split("zink")
    with pytest.raises(InputError, match=r"^no element 'Ag' in this balance; known here: Pb, Zn$"):
        balance.recovery("Ag", to="zinc")
    with pytest.raises(InputError, match=r"^there is no product 'lede'"):
        balance.recovery("Pb", to="lede")


@pytest.mark.parametrize(
    ("feed", "products", "message"),
    [
        ({"Pb": 3, "Zn": 6}, PRODUCTS, r"^feed, Pb: must lie between 0 and 1, got 3; a bare numb"),
        ({"Pb": "-3 %", "Zn": "6 %"}, PRODUCTS, r"^feed, Pb: must lie between 0 and 1, got \"-3 "),
        ({"Pb": "60 %", "Zn": "50 %"}, PRODUCTS, r"^feed: assays sum to 110 %; at most 100 % is"),
        ("3 %", PRODUCTS, r"^feed: has no assay of Zn, lead has; one assay without a name is the"),
        ({"Pb": "3 %"}, PRODUCTS, r"^feed: has no assay of Zn, lead has; assay the same elements"),
        ({"Pb": 0, "Zn": "6 %"}, PRODUCTS, r"^feed, Pb: the feed holds none of it; assay another"),
        (FEED, {"a": FEED, "b": FEED}, r"^products: needs three, name -> assays, got a, b$"),
        (FEED, {}, r"^products: needs three, name -> assays, got none$"),
        (FEED, None, r"^products: needs three, name -> assays, got None$"),
        (FEED, {**PRODUCTS, "more": FEED}, r"^products: needs three, name -> assays, got lead, z"),
        (
            FEED,
            {"feed": FEED, "b": FEED, "c": FEED},
            r"^products: a name is text such as \"tailings\", got 'feed'$",
        ),
        (
            {"Pb": "3 %"},
            {name: {"Pb": assays["Pb"]} for name, assays in PRODUCTS.items()},
            r"^three products need the assays of two elements, got Pb; choose the two that are",
        ),
        (
            FEED,
            {**PRODUCTS, "zinc": PRODUCTS["tailings"]},
            r"^zinc and tailings have the same assays; take them as one product$",
        ),
        (
            FEED,
            {**PRODUCTS, "lead": PRODUCTS["tailings"]},
            r"^tailings and lead have the same assays; take them as one product$",
        ),
        (
            FEED,
            {
                "lead": {"Pb": "50 %", "Zn": "20 %"},
                "zinc": {"Pb": "5 %", "Zn": "2 %"},
                "tailings": {"Pb": "0.5 %", "Zn": "0.2 %"},
            },
            r"^Pb and Zn change in proportion from product to product, so they count as one ele",
        ),
        (
            {"Pb": "60 %", "Zn": "6 %"},
            PRODUCTS,
            r"^the feed does not lie between the three products: they would take lead 120 %, zinc "
            r"-6\.47 %, tailings -13\.8 % of it; check the assays$",
        ),
    ],
)
def test_what_cannot_be_a_balance_is_refused(feed, products, message):
    with pytest.raises(InputError, match=message) as refused:
        three_product(feed=feed, products=products)
    assert "\n" not in str(refused.value)


@given(st.lists(st.floats(0.0, 0.5), min_size=8, max_size=8))
def test_any_assays_give_a_balance_or_one_line(values):
    rows = [dict(zip(("Pb", "Zn"), values[i : i + 2], strict=True)) for i in range(0, 8, 2)]
    balance, refused = None, ""
    try:
        balance = three_product(
            feed=rows[0], products=dict(zip(("a", "b", "c"), rows[1:], strict=True))
        )
    except InputError as error:
        refused = str(error)
    assert "\n" not in refused
    if balance is not None:
        splits = [percent(split) for split in balance.splits.values()]
        assert min(splits) > 0.0
        assert sum(splits) == pytest.approx(100.0, rel=1e-6)
        for recoveries in balance.recoveries.values():
            total = sum(percent(recovery) for recovery in recoveries.values())
            assert total == pytest.approx(100.0, rel=1e-6)
