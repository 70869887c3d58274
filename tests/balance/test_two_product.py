import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flowsheet import InputError, Measured, two_product

COPPER = {"feed": "0.8 %", "concentrate": "25 %", "tailings": "0.15 %"}
LOS_JUAREZ = {
    # United States Antimony Corporation, release of 3 July 2017; oz/t are troy ounces per tonne.
    "feed": {"Sb": "0.652 %", "Ag": "3.27 troy_ounce/t", "Au": "0.035 troy_ounce/t"},
    "concentrate": {"Sb": "52 %", "Ag": "496.4 troy_ounce/t", "Au": "2.52 troy_ounce/t"},
    "tailings": {"Sb": "0.348 %", "Ag": "1.618 troy_ounce/t", "Au": "0.016 troy_ounce/t"},
}


def percent(estimate):
    return estimate.value.to("percent").magnitude


def deviation(estimate):
    return estimate.standard_deviation.to("percent").magnitude


def relative(value, share):
    return Measured(value, relative=share)


# --- one element ---


@pytest.mark.parametrize(
    ("assays", "recovery", "pull"),
    [
        # Wills and Finch (2016), ch. 1, copper; quoted from memory.
        (("0.8 %", "25 %", "0.15 %"), 81.7, 2.6),
        # processconvert.com, two-product formula, worked example.
        (("1 %", "10 %", "0.2 %"), 81.63, 8.163),
        # Average of the state-owned antimony mills of China, 1996 (sandkinstruments.com).
        (("1.78 %", "24.29 %", "0.28 %"), 85.24, 6.25),
    ],
)
def test_published_recoveries(assays, recovery, pull):
    feed, concentrate, tailings = assays
    balance = two_product(feed=feed, concentrate=concentrate, tailings=tailings)
    assert percent(balance.recovery()) == pytest.approx(recovery, rel=1e-3)
    assert percent(balance.mass_pull) == pytest.approx(pull, rel=7e-3)


def test_a_published_blend_is_taken_apart():
    # La Demajagua, Cuba: 5,560 t/a with 46.2 % Sb and 3,980 t/a with 48 % make 9,540 t/a.
    blend = (5560.0 * 0.462 + 3980.0 * 0.48) / 9540.0
    balance = two_product(feed=blend, concentrate="48 %", tailings="46.2 %")
    assert 9540.0 * balance.mass_pull.value.to("").magnitude == pytest.approx(3980.0, rel=1e-9)
    assert 100.0 * blend == pytest.approx(47.0, abs=0.06)  # as published


def test_every_figure_of_one_balance_by_hand():
    balance = two_product(**COPPER)
    assert percent(balance.mass_pull) == pytest.approx(2.6156941649899394, rel=1e-10)
    assert percent(balance.recovery()) == pytest.approx(81.74044265593561, rel=1e-10)
    ratio = balance.ratio_of_concentration.value.magnitude
    assert ratio == pytest.approx(38.23076923076923, rel=1e-10)
    assert balance.enrichment_ratio().value.magnitude == pytest.approx(31.25, rel=1e-10)
    assert balance.recovery().standard_deviation is None
    assert balance.of().imbalance.magnitude == pytest.approx(0.0, abs=1e-12)
    assert balance.of().imbalance_in_deviations is None
    assert balance.warnings() == []


@given(
    pull=st.floats(1e-4, 0.9),
    tailings=st.floats(1e-6, 0.2),
    richer=st.floats(1.05, 200.0),
    scale=st.floats(0.01, 1.0),
)
def test_what_was_mixed_is_taken_apart(pull, tailings, richer, scale):
    concentrate = tailings * richer
    assume(concentrate <= 1.0)
    feed = pull * concentrate + (1.0 - pull) * tailings
    balance = two_product(feed=feed, concentrate=concentrate, tailings=tailings)
    assert percent(balance.mass_pull) == pytest.approx(100.0 * pull, rel=1e-9)
    lost = 100.0 * (1.0 - pull) * tailings / feed
    assert 100.0 - percent(balance.recovery()) == pytest.approx(lost, rel=1e-9, abs=1e-9)
    leaner = two_product(
        feed=scale * feed, concentrate=scale * concentrate, tailings=scale * tailings
    )
    assert percent(leaner.recovery()) == pytest.approx(percent(balance.recovery()), rel=1e-9)


def test_tailings_without_any_mean_full_recovery():
    assert percent(two_product(feed="1 %", concentrate="50 %", tailings=0).recovery()) == 100.0


# --- standard deviations ---


@pytest.mark.parametrize(
    ("assays", "errors"),
    [
        ((0.008, 0.25, 0.0015), (0.03, 0.01, 0.05)),
        ((0.03, 0.6, 0.02), (0.01, 0.01, 0.01)),
        ((0.5, 0.62, 0.1), (0.005, 0.01, 0.05)),
        ((5e-6, 1e-4, 1e-6), (0.02, 0.02, 0.02)),
    ],
)
def test_standard_deviations_are_those_of_draws(assays, errors):
    random = np.random.default_rng(7)
    f, c, t = (
        value * (1.0 + error * random.standard_normal(400_000))
        for value, error in zip(assays, errors, strict=True)
    )
    measured = [relative(value, error) for value, error in zip(assays, errors, strict=True)]
    balance = two_product(feed=measured[0], concentrate=measured[1], tailings=measured[2])
    for found, drawn in (
        (balance.recovery(), 100.0 * c * (f - t) / (f * (c - t))),
        (balance.mass_pull, 100.0 * (f - t) / (c - t)),
        (balance.ratio_of_concentration, (c - t) / (f - t)),
        (balance.enrichment_ratio(), c / f),
    ):
        assert found.standard_deviation.magnitude == pytest.approx(np.std(drawn), rel=0.03)


def test_only_the_assays_that_have_an_error_add_to_it():
    balance = two_product(**{**COPPER, "tailings": Measured("0.15 %", "0.02 %")})
    random = np.random.default_rng(3)
    t = 0.0015 + 2e-4 * random.standard_normal(200_000)
    drawn = 0.25 * (0.008 - t) / (0.008 * (0.25 - t))
    assert deviation(balance.recovery()) == pytest.approx(100.0 * np.std(drawn), rel=0.01)
    assert dict(balance.recovery().shares) == {"tailings": 1.0}
    assert deviation(balance.enrichment_ratio()) == 0.0


@pytest.mark.parametrize("tailings", [0.0002, 0.0015, 0.004, 0.007])
def test_recovery_is_worst_known_where_feed_and_tailings_are_close(tailings):
    # A preprint (ChemRxiv 6571384a29a13c4d47d5b5fd, 2023) gives the relative errors of recovery
    # and mass pull, per relative error of all assays, as about sqrt(2) (1 - R) / (R - Y) and
    # sqrt(2) (1 - Y) / (R - Y).
    balance = two_product(
        feed=relative(0.008, "1 %"),
        concentrate=relative(0.25, "1 %"),
        tailings=relative(tailings, "1 %"),
    )
    recovery, pull = percent(balance.recovery()) / 100.0, percent(balance.mass_pull) / 100.0
    of_recovery = deviation(balance.recovery()) / percent(balance.recovery())
    of_pull = deviation(balance.mass_pull) / percent(balance.mass_pull)
    expected = 0.01 * 2.0**0.5 / (recovery - pull)
    assert of_recovery == pytest.approx(expected * (1.0 - recovery), rel=0.02)
    assert of_pull == pytest.approx(expected * (1.0 - pull), rel=0.15)


def test_the_share_of_each_assay_is_that_of_its_own_error():
    errors = {"feed": 0.03, "concentrate": 0.02, "tailings": 0.05}
    whole = {"feed": 0.03, "concentrate": 0.6, "tailings": 0.004}
    all_of_them = two_product(**{name: relative(whole[name], errors[name]) for name in whole})
    shares = all_of_them.recovery().shares
    assert sum(shares.values()) == pytest.approx(1.0, rel=1e-12)
    for name, value in whole.items():
        alone = two_product(**{**whole, name: relative(value, errors[name])})
        share = (deviation(alone.recovery()) / deviation(all_of_them.recovery())) ** 2
        assert shares[name] == pytest.approx(share, rel=1e-9)


# --- several elements ---

BULK = {
    "feed": {"Sb": (0.0178, 0.03), "Pb": (0.005, 0.05), "As": (0.004, 0.04)},
    "concentrate": {"Sb": (0.2429, 0.02), "Pb": (0.055, 0.03), "As": (0.011, 0.03)},
    "tailings": {"Sb": (0.0028, 0.05), "Pb": (0.002, 0.05), "As": (0.0034, 0.04)},
}


def balance_of(assays, *, errors=True, scale=1.0):
    return two_product(
        **{
            stream: {
                element: relative(value, error * scale) if errors else value
                for element, (value, error) in elements.items()
            }
            for stream, elements in assays.items()
        }
    )


def moved(assays, stream, element, by):
    value, error = assays[stream][element]
    return {**assays, stream: {**assays[stream], element: (value * (1.0 + by), error)}}


def test_elements_that_agree_give_the_mass_pull_of_each():
    pull = 0.07
    concentrate, tailings = {"Sb": 0.4, "S": 0.3, "Fe": 0.02}, {"Sb": 0.002, "S": 0.01, "Fe": 0.05}
    feed = {e: pull * concentrate[e] + (1.0 - pull) * tailings[e] for e in concentrate}
    balance = two_product(feed=feed, concentrate=concentrate, tailings=tailings)
    assert percent(balance.mass_pull) == pytest.approx(7.0, rel=1e-9)
    assert balance.implied_deviation == pytest.approx(0.0, abs=1e-9)
    for element, entering in feed.items():
        found = balance.of(element)
        assert percent(found.own_mass_pull) == pytest.approx(7.0, rel=1e-9)
        expected = 100.0 * pull * concentrate[element] / entering
        assert percent(found.recovery) == pytest.approx(expected, rel=1e-9)
        assert found.imbalance.magnitude == pytest.approx(0.0, abs=1e-9)
    assert balance.warnings() == [
        "Fe: the tailings are richer than the concentrate; right for what is rejected, "
        "else the two are exchanged"
    ]


@pytest.mark.parametrize("start", [0.02, 0.06, 0.2])
def test_the_least_squares_are_those_of_another_implementation(start):
    from scipy.optimize import minimize

    values = np.array([[value for value, _ in BULK[s].values()] for s in BULK])
    errors = np.array([[value * error for value, error in BULK[s].values()] for s in BULK])
    values[0] *= [1.0, 0.9, 1.02]  # so that the elements disagree

    def squares(unknown):
        return np.sum(((unknown[1:].reshape(3, 3) - 1.0) * values / errors) ** 2)

    def misses(unknown):
        f, c, t = unknown[1:].reshape(3, 3) * values
        return (f - unknown[0] * c - (1.0 - unknown[0]) * t) / values[0]

    expected = minimize(
        squares,
        np.array([start, *np.ones(9)]),
        method="SLSQP",
        constraints={"type": "eq", "fun": misses},
        options={"ftol": 1e-14, "maxiter": 500},
    )
    # The errors stay those of the assays before the change, as in the other implementation.
    balance = two_product(
        **{
            s: {e: Measured(values[i, j], errors[i, j]) for j, e in enumerate(BULK[s])}
            for i, s in enumerate(BULK)
        }
    )
    assert percent(balance.mass_pull) == pytest.approx(100.0 * expected.x[0], rel=1e-5)
    best = expected.x[1:].reshape(3, 3) * values
    for j, element in enumerate(BULK["feed"]):
        found = balance.of(element).adjusted
        for i, stream in enumerate(BULK):
            assert found[stream] == pytest.approx(best[i, j], rel=1e-5)
    total = sum(balance.of(element).imbalance_in_deviations ** 2 for element in BULK["feed"])
    assert total == pytest.approx(expected.fun, rel=1e-5)


def test_adjusted_assays_balance_and_give_the_recovery():
    balance = balance_of(moved(BULK, "feed", "Pb", 0.1))
    pull = percent(balance.mass_pull) / 100.0
    for element in BULK["feed"]:
        f, c, t = balance.of(element).adjusted.values()
        assert f == pytest.approx(pull * c + (1.0 - pull) * t, rel=1e-12)
        assert percent(balance.recovery(element)) == pytest.approx(100.0 * pull * c / f, rel=1e-12)


def test_standard_deviations_of_several_elements_are_those_of_draws():
    random = np.random.default_rng(11)
    drawn = []
    for _ in range(400):
        # The errors stay those of the true assays, as the propagation takes them.
        drawn.append(
            two_product(
                **{
                    stream: {
                        element: Measured(
                            value * (1.0 + error * random.standard_normal()), value * error
                        )
                        for element, (value, error) in elements.items()
                    }
                    for stream, elements in BULK.items()
                }
            )
        )
    balance = balance_of(BULK)
    for read in (lambda b: b.mass_pull, lambda b: b.recovery("Sb"), lambda b: b.recovery("As")):
        spread = np.std([percent(read(each)) for each in drawn])
        assert deviation(read(balance)) == pytest.approx(spread, rel=0.12)


def test_a_second_element_makes_the_mass_pull_better_known():
    both = balance_of(BULK)
    own = [deviation(both.of(element).own_mass_pull) for element in BULK["feed"]]
    # Independent estimates of one number, weighted by their variances.
    expected = sum(each**-2 for each in own) ** -0.5
    assert deviation(both.mass_pull) == pytest.approx(expected, rel=0.01)
    alone = two_product(**{stream: relative(*elements["Sb"]) for stream, elements in BULK.items()})
    assert own[0] == pytest.approx(deviation(alone.mass_pull), rel=1e-9)
    assert percent(both.of("Sb").own_mass_pull) == pytest.approx(percent(alone.mass_pull))


def test_derivatives_are_exact_where_elements_disagree():
    assays = moved(BULK, "feed", "Pb", 0.15)
    balance = balance_of(assays)
    step = 1e-6

    def recovery(by, stream, element):
        return percent(
            two_product(
                **{
                    s: {
                        e: Measured(v + by * v * (s == stream and e == element), v * r)
                        for e, (v, r) in elements.items()
                    }
                    for s, elements in assays.items()
                }
            ).recovery("Pb")
        )

    shares = balance.recovery("Pb").shares
    variance = deviation(balance.recovery("Pb")) ** 2
    for stream in BULK:
        for element in ("Sb", "Pb"):
            slope = recovery(step, stream, element) - recovery(-step, stream, element)
            effect = slope / (2.0 * step) * assays[stream][element][1]
            assert shares[f"{stream} {element}"] * variance == pytest.approx(
                effect**2, rel=1e-4, abs=1e-10
            )


def test_without_errors_all_assays_count_as_equally_well_known():
    even = {s: {e: (v, 0.02) for e, (v, _) in of.items()} for s, of in BULK.items()}
    plain, weighted = balance_of(even, errors=False), balance_of(even)
    assert percent(plain.mass_pull) == pytest.approx(percent(weighted.mass_pull), rel=1e-10)
    assert plain.mass_pull.standard_deviation is None
    assert weighted.implied_deviation is None
    # An element known a hundred times worse has no say.
    uneven = {
        s: {e: (v, 0.02 if e == "Sb" else 0.9) for e, (v, _) in of.items()}
        for s, of in even.items()
    }
    assert percent(balance_of(uneven).mass_pull) == pytest.approx(
        percent(balance_of(uneven).of("Sb").own_mass_pull), rel=2e-3
    )


def noisy(random, count, error):
    """Assays of many elements that agree on a mass pull of 10 % but for errors of that size."""
    tailings = random.uniform(0.0001, 0.001, count)
    concentrate = tailings * random.uniform(5.0, 30.0, count)
    values = np.array([0.1 * concentrate + 0.9 * tailings, concentrate, tailings])
    values = values * (1.0 + error * random.standard_normal(values.shape))
    return [{f"E{number}": value for number, value in enumerate(row)} for row in values]


def test_the_disagreement_of_many_elements_tells_the_error_of_assays():
    feed, concentrate, tailings = noisy(np.random.default_rng(5), 60, 0.03)
    balance = two_product(feed=feed, concentrate=concentrate, tailings=tailings)
    assert balance.implied_deviation == pytest.approx(0.03, rel=0.25)
    assert percent(balance.mass_pull) == pytest.approx(10.0, rel=0.03)
    assert balance.warnings() == []


def test_agreement_is_seldom_taken_for_disagreement():
    random, told = np.random.default_rng(9), 0
    for _ in range(150):
        streams = [
            {e: Measured(v, relative=0.03) for e, v in assays.items()}
            for assays in noisy(random, 3, 0.03)
        ]
        told += bool(
            two_product(feed=streams[0], concentrate=streams[1], tailings=streams[2]).warnings()
        )
    assert told <= 17  # one in twenty by construction: 7.5, with a deviation of 2.7


def test_a_feed_slightly_outside_of_its_products_is_weighed_beside_better_elements():
    # Iron is hardly separated; its feed assay lies above both products, by its error.
    streams = {
        "feed": {"Sb": relative(0.03, "2 %"), "Fe": relative(0.0505, "2 %")},
        "concentrate": {"Sb": relative(0.5, "2 %"), "Fe": relative(0.049, "2 %")},
        "tailings": {"Sb": relative(0.004, "2 %"), "Fe": relative(0.05, "2 %")},
    }
    balance = two_product(**streams)
    sb = two_product(**{stream: assays["Sb"] for stream, assays in streams.items()})
    assert percent(balance.mass_pull) == pytest.approx(percent(sb.mass_pull), rel=1e-2)
    assert percent(balance.recovery("Fe")) == pytest.approx(5.15, abs=0.2)
    exact = {stream: {e: a.fraction for e, a in of.items()} for stream, of in streams.items()}
    with pytest.raises(InputError, match=r"^Fe: the feed assays 5\.05 %, which does not lie betw"):
        two_product(**exact)


# --- what is told ---


def test_a_published_recovery_that_its_assays_do_not_give_is_told():
    antimony = {stream: assays["Sb"] for stream, assays in LOS_JUAREZ.items()}
    balance = two_product(**antimony, reported_recovery="31.5 %")
    assert percent(balance.recovery()) == pytest.approx(46.9, abs=0.05)
    assert balance.warnings() == [
        "the reported recovery is 31.5 %, the assays give 46.94 %; they cannot both be right"
    ]
    assert balance.warnings()[0] in balance.table()


def test_a_recovery_that_is_right_but_for_rounding_is_not_told():
    china = {"feed": "1.78 %", "concentrate": "24.29 %", "tailings": "0.28 %"}
    assert two_product(**china, reported_recovery="85.24 %").warnings() == []
    assert len(two_product(**china, reported_recovery="84.5 %").warnings()) == 1
    wide = {**china, "tailings": Measured("0.28 %", relative="10 %")}
    assert two_product(**wide, reported_recovery="84.5 %").warnings() == []
    assert two_product(**wide, reported_recovery="80 %").warnings() == [
        "the reported recovery is 80 %, the assays give 85.3 ± 1.5 %; they cannot both be right"
    ]


def test_elements_of_one_balance_that_disagree_are_told():
    balance = two_product(**LOS_JUAREZ, reported_recovery={"Au": "42.5 %"})
    assert balance.warnings() == [
        "the elements disagree on the mass pull (Sb 0.5886 %, Ag 0.3339 %, Au 0.7588 %); it would "
        "take errors of 18% of the value in every assay: check assays and samples"
    ]
    assert balance.of("Ag").imbalance.magnitude < -10.0
    assert balance.of("Au").imbalance.magnitude > 10.0
    measured = {
        stream: {e: relative(value, "5 %") for e, value in assays.items()}
        for stream, assays in LOS_JUAREZ.items()
    }
    (told,) = two_product(**measured).warnings()
    assert told.startswith("the elements disagree on the mass pull (Sb 0.589 ± 0.077 %, Ag 0.33")
    assert "; with the errors given that happens in " in told


def test_a_feed_that_can_hardly_be_told_from_the_tailings_is_told():
    balance = two_product(
        feed=Measured("0.8 %", "0.05 %"),
        concentrate="25 %",
        tailings=Measured("0.7 %", "0.05 %"),
    )
    assert balance.warnings() == [
        "feed and tailings differ by 1.4 standard deviations only, so the recovery is hardly "
        "known; assay more samples of both"
    ]


def test_products_that_may_be_exchanged_are_told():
    balance = two_product(feed="0.8 %", concentrate="0.15 %", tailings="25 %")
    assert percent(balance.recovery()) == pytest.approx(18.26, abs=0.01)
    assert balance.warnings()[0].startswith("the tailings are richer than the concentrate; ")


def test_a_balance_is_read_as_text():
    plain = two_product(**COPPER)
    assert repr(plain) == "<TwoProduct: mass pull 2.616 %, recovery 81.74 %>"
    assert str(plain) == (
        "        feed  concentrate  tailings  recovery  enrichment\n"
        "assay  0.8 %         25 %    0.15 %   81.74 %       31.25\n"
        "mass pull 2.616 %, ratio of concentration 38.23"
    )
    several = two_product(**LOS_JUAREZ)
    assert "recovery of Sb 41.38 %, recovery of Ag" in repr(several)
    header, antimony, *_ = str(several).splitlines()
    assert header.split()[-4:] == ["own", "mass", "pull", "imbalance"]
    assert antimony.split()[:3] == ["Sb", "0.652", "%"]


def test_an_element_is_asked_for_by_name():
    balance = two_product(**LOS_JUAREZ)
    assert balance.recovery("Sb") == balance.of("Sb").recovery
    for wrong in (None, "Pb"):
        with pytest.raises(InputError, match=rf"^no element {wrong!r} in this balance; known here"):
            balance.recovery(wrong)


# --- what is refused ---


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"concentrate": "125 %"}, r"^concentrate: must lie between 0 and 1, got \"125 %\"$"),
        ({"tailings": "-0.1 %"}, r"^tailings: must lie between 0 and 1, got \"-0\.1 %\"$"),
        (
            {"concentrate": 25},
            r"^concentrate: must lie between 0 and 1, got 25; a bare number is a fraction, write "
            r"\"25 %\"$",
        ),
        ({"feed": "8 t/h"}, r"^feed: needs a unit of a fraction, got \"8 t/h\""),
        ({"feed": None}, r"^feed: needs a quantity, got None"),
        (
            {"tailings": "0.9 %"},
            r"^the feed assays 0\.8 %, which does not lie between the concentrate with 25 % and "
            r"the tailings with 0\.9 %; check the assays$",
        ),
        ({"feed": "26 %"}, r"^the feed assays 26 %, which does not lie between"),
        ({"feed": "25 %"}, r"^the feed assays 25 %, which does not lie between"),
        ({"feed": "0.15 %"}, r"^the feed assays 0\.15 %, which does not lie between"),
        ({"feed": Measured("0.14 %", "0.1 %")}, r"^the feed assays 0\.14 %, which does not lie"),
        (
            {"concentrate": "0.15 %"},
            r"^concentrate and tailings both assay 0\.15 %, so nothing was separated; ",
        ),
        ({"tailings": 1e-20}, r"^tailings: 1e-20 is less than can be assayed; give 0$"),
        ({"feed": 0}, r"^the feed holds none of it, so nothing can be recovered$"),
        ({"feed": {}}, r"^feed: needs assays, e\.g\. \{\"Sb\": \"1\.8 %\"\}$"),
        ({"feed": {1: "1 %"}}, r"^feed: an element is text such as \"Sb\", got 1$"),
        ({"feed": {"Sb": "1 %"}}, r"^concentrate: has no assay of Sb, feed has; one assay wi"),
        ({"reported_recovery": "120 %"}, r"^reported_recovery: must lie between 0 and 1, got"),
        ({"reported_recovery": {"Sb": 0.5}}, r"^reported_recovery: 'Sb' is not assayed"),
    ],
)
def test_what_cannot_be_a_balance_is_refused(changed, message):
    with pytest.raises(InputError, match=message) as refused:
        two_product(**{**COPPER, **changed})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"concentrate": {"Sb": "60 %", "Pb": "50 %"}},
            r"^concentrate: assays sum to 110 %; at most 100 % is possible$",
        ),
        ({"tailings": {"Sb": "0.3 %"}}, r"^tailings: has no assay of Pb, feed has; assay the sam"),
        (
            {"feed": {"Sb": Measured("1 %", "0.1 %"), "Pb": "1 %"}},
            r"^Pb: none of its assays has a standard deviation, others have; give one, or none",
        ),
        ({"feed": {"Sb": "1 %", "Pb": "26 %"}}, r"^Pb: the feed assays 26 %, which does not lie"),
        ({"feed": {"Sb": "101 %", "Pb": "1 %"}}, r"^feed, Sb: must lie between 0 and 1, got"),
        ({"reported_recovery": "50 %"}, r"^reported_recovery: of which element\? Write e\.g\. \{"),
    ],
)
def test_several_elements_that_cannot_be_a_balance_are_refused(changed, message):
    streams = {
        "feed": {"Sb": "1 %", "Pb": "1 %"},
        "concentrate": {"Sb": "30 %", "Pb": "20 %"},
        "tailings": {"Sb": "0.3 %", "Pb": "0.5 %"},
    }
    with pytest.raises(InputError, match=message) as refused:
        two_product(**{**streams, **changed})
    assert "\n" not in str(refused.value)


@given(
    st.lists(st.tuples(*[st.floats(1e-6, 0.3)] * 3, st.floats(0.01, 0.5)), min_size=1, max_size=3),
    st.booleans(),
)
def test_any_assays_give_a_balance_or_one_line(rows, with_errors):
    def stream(place):
        return {
            f"E{number}": relative(row[place], row[3]) if with_errors else row[place]
            for number, row in enumerate(rows)
        }

    balance, refused = None, ""
    try:
        balance = two_product(feed=stream(0), concentrate=stream(1), tailings=stream(2))
    except InputError as error:
        refused = str(error)
    assert "\n" not in refused
    if balance is not None:
        assert 0.0 < percent(balance.mass_pull) < 100.0
        for element, found in balance.elements.items():
            assert 0.0 < percent(found.recovery) <= 100.0 + 1e-9
            f, c, t = found.adjusted.values()
            pull = percent(balance.mass_pull) / 100.0
            assert f == pytest.approx(pull * c + (1.0 - pull) * t, rel=1e-9, abs=1e-15), element
        assert str(balance)
