from flowsheet import Flowsheet, solve
from flowsheet.load import load_route
from flowsheet.routes.notes import notes
from unitops.gas_cleaning.stack import Stack
from unitops.refining.fire_refining import FireRefining
from unitops.streams.feed import Feed


def noted(route, **changes):
    paths = {path.replace("__", "."): value for path, value in changes.items()}
    return load_route(route).with_changes(paths).solve().warnings


def test_dust_that_goes_to_the_air_is_noted_with_its_load():
    lines = noted("us_antimony_thompson_falls", furnace_filter__collection_efficiency="50 %")
    (line,) = [each for each in lines if each.startswith("furnace_gas: ") and " Sb per " in each]
    load = float(line.split()[1].replace(",", ""))
    assert 20_000 < load < 500_000
    assert line.endswith("collect more dust, or cool the gas before the last collector")


def test_a_clean_stack_is_not_noted():
    lines = noted("stibnite_idaho", scrubber__efficiency="99.8 %")
    assert not [line for line in lines if line.startswith("stack_gas")]


def test_sulphur_dioxide_above_the_limit_is_noted():
    """Per kmol of nitrogen, 22.414 Nm3, 10 g are 446 mg/Nm3 and 8 g are 357."""

    def of(grams, vapour=0.0):
        """Notes of a stack of nitrogen with SO2, and perhaps with water vapour."""
        gas = {"SO2": grams / 1e3, "N2": 28.0134, "H2O(g)": vapour}
        total = sum(gas.values())
        composition = {name: mass / total for name, mass in gas.items()}
        units = {
            "scrubber": Feed(outlet="gas", flow="30 t/h", composition=composition),
            "stack": Stack(gas="gas", emission="stack_gas"),
        }
        return notes(solve(Flowsheet(list(gas), units, emissions=["stack_gas"])))

    expected = [
        "stack_gas: 446 mg SO2 per Nm3 of undiluted gas go to the air, 400 is the limit of GB "
        "30770-2014 (quoted from memory); take 10.3% of it out, by a higher efficiency of the "
        "scrubber or one more stage"
    ]
    assert of(10.0) == expected
    assert of(10.0, vapour=18.0) == expected  # of dry gas
    assert of(8.0) == []


def test_antimony_that_comes_with_reagents_is_noted():
    """Iron-rich crude takes as much antimony in the stibnite that removes its iron."""
    plant = Flowsheet(
        ["Sb", "Fe", "As", "Sb2S3", "FeS", "S", "Sb2O3", "Na2CO3", "Na3AsO4", "Na3SbO4",
         "Na2SO4", "CO2",         "O2", "N2"],
        {
            "crude": Feed(outlet="crude", flow="1 t/h", composition={"Sb": 0.6, "Fe": 0.4}),
            "refining": FireRefining(
                crude="crude",
                alkali="soda",
                air="air",
                sulphide="stibnite",
                phosphate="phosphate",
                metal="metal",
                slag="slag",
                dross="dross",
                phosphate_slag="phosphate_slag",
                gas="gas",
                arsenic_target="0.1 %",
                iron_removal="90 %",
                sulphur_per_iron=1.2,
            ),
        },
        products=["metal"],
    )  # fmt: skip
    (line,) = notes(solve(plant))
    # 1.2 kg S per kg Fe is 0.48 t/h S, with 2.53 kg Sb per kg S in stibnite: 1.215 of 1.815 t/h.
    assert line.startswith("67% of the antimony that enters comes with reagents")


def test_ordinary_reagents_are_not_noted():
    assert not [line for line in noted("high_purity") if "comes with reagents" in line]
