"""What can be watched, by text: metrics, and grade, flow and recovery of what is in a stream."""

import pytest

from flowsheet import InputError
from flowsheet.load import load_route
from flowsheet.routes.metrics import metric_measures
from flowsheet.routes.watch import DEFAULT_WATCH, watched
from tests.small_case import CIRCUIT, HEADER, PLANT, write


@pytest.fixture
def plant(tmp_path):
    route = load_route(str(write(tmp_path)))
    metrics = metric_measures(route.flowsheet, route.data.header)
    return route, lambda *names: watched(names, route.flowsheet, metrics)


def test_what_is_watched_if_nothing_is_said(plant):
    headings = [each.heading for each in plant[1](*DEFAULT_WATCH)]
    assert headings == ["Sb into the refinery, t/yr", "Sb in the product, %", "Sb recovery, %"]


def test_measures_of_a_stream(plant):
    route, find = plant
    solution = route.solve().solution
    seen = find("concentrate.Sb", "concentrate.Sb.t_yr", "concentrate.Sb.recovery", "ore.SiO2.t_yr")
    assert [each.heading for each in seen] == [
        "Sb in concentrate, %",
        "Sb in concentrate, t/yr",
        "recovery of Sb to concentrate, %",
        "SiO2 in ore, t/yr",
    ]
    grade, flow, recovery, silica = (
        float(each.measure.convert(f"1 {each.measure.display}")) for each in seen
    )
    assert (grade, recovery) == (0.01, 0.01)
    assert flow == silica == pytest.approx(1000.0 / 31557600.0)
    concentrate = solution["concentrate"]
    assert concentrate.grade("Sb").magnitude > 0.0


def test_a_text_that_is_repeated_counts_once(plant):
    assert len(plant[1]("feed_t_yr", "ore.Sb", "feed_t_yr")) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "so2_emited_t_yr",
            ".recovery); did you mean 'so2_emitted_t_yr'?",
        ),
        (
            "grade",
            "(of a stream write concentrate.Sb, concentrate.Sb.t_yr or concentrate.Sb.recovery)",
        ),
        ("concentrate.", "watch concentrate.: there is no metric 'concentrate.'"),
        (
            "concentrat.Sb",
            "watch concentrat.Sb: there is no stream 'concentrat'; did you mean 'con",
        ),
        ("concentrat.Sb2S3", "watch concentrat.Sb2S3: there is no stream 'concentrat'; did you"),
        ("concentrate.Pb", "watch concentrate.Pb: no species of this flowsheet contains 'Pb'"),
        ("concentrate.Sb2S3", "'Sb2S3' is a species, not an element; write concentrate.Sb2S3.t_yr"),
        (
            "concentrate.Sb2S3.recovery",
            "'Sb2S3' is a species, not an element; write concentrate.Sb",
        ),
        (
            "concentrate.Sb.t_y",
            "'t_y' is not watched of a stream (leave it out for the grade); did you mean 't_yr'?",
        ),
        ("concentrate.Sb.t_yr.x", "there is no metric 'concentrate.Sb.t_yr.x'"),
    ],
)
def test_what_is_not_known(plant, text, message):
    with pytest.raises(InputError) as refused:
        plant[1](text)
    assert message in str(refused.value)


def test_the_example_is_of_an_element_that_there_is(tmp_path):
    """A plant for silica alone has no antimony to write an example with."""
    ore = '\n[units.ore]\nflow = "1 t/h"\ncomposition.SiO2 = 1.0\n'
    silica = HEADER + ore + CIRCUIT.replace("fraction.Sb2S3 = 0.9\n", "")
    path = write(tmp_path, silica, PLANT.replace('"Sb2S3", "SiO2"', '"SiO2"'))
    with pytest.raises(InputError) as refused:
        watched(["grade"], load_route(str(path)).flowsheet, {})
    assert "(of a stream write concentrate.O, concentrate.O.t_yr" in str(refused.value)
