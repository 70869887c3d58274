"""A smelter small enough to solve by hand, and a market of round numbers, for tests of the gap.

Of the antimony in concentrate the smelter makes a given share metal, with 3 mol SO2 per 2 mol Sb of
that; the rest stays in its slag. Nothing returns.
"""

from pathlib import Path

PLANT = """\
from flowsheet import Flowsheet
from flowsheet.core.flow import flow_of
from flowsheet.core.parameters import Fraction
from flowsheet.core.ports import Inlet, Outlet, Supply
from flowsheet.core.unit import UnitOp
from unitops.streams.feed import Feed


class Smelter(UnitOp):
    feed: Inlet
    air: Supply
    metal: Outlet
    gas: Outlet
    slag: Outlet

    recovery: Fraction

    def run(self, feed, p):
        slate = feed.slate
        reacted = feed.moles("Sb2S3") * p.recovery
        molar = dict(zip(slate.names, slate.molar_mass, strict=True))
        burnt = flow_of(slate, {"Sb2S3": reacted * molar["Sb2S3"]}, reacted.size)
        metal = flow_of(slate, {"Sb": 2.0 * reacted * molar["Sb"]}, reacted.size)
        gas = flow_of(slate, {"SO2": 3.0 * reacted * molar["SO2"]}, reacted.size)
        air = flow_of(slate, {"O2": 3.0 * reacted * molar["O2"]}, reacted.size)
        return {"air": air, "metal": metal, "gas": gas, "slag": feed - burnt}


def build(data):
    return Flowsheet(
        species=["Sb2S3", "Sb2O3", "Sb", "SiO2", "SO2", "O2"],
        units={
            "concentrate": Feed(outlet="concentrate", **data.unit("concentrate")),
            "smelter": Smelter(
                feed="concentrate",
                air="air",
                metal="metal",
                gas="gas",
                slag="slag",
                **data.unit("smelter"),
            ),
        },
        products=["metal"],
        emissions=["gas"],
    )
"""
CASE = """\
[route]
title = "Smelter"
feed = ["concentrate"]
product = "metal"
refinery_feed = ["concentrate"]

[units.concentrate]
flow = "10 t/h"
composition.Sb2S3 = "80 %"
remainder = "SiO2"

[units.smelter]
recovery = { value = 0.9, low = 0.8, high = 0.95, basis = "assumed", source = "a test" }
"""
SOURCED = 'basis = "assumed", source = "a test"'
SUPPLY = """
[supply]
status = "construction"
control = "bloc"
kind = "primary"
antimony_to_refinery = { value = "10 kt/yr", low = "5 kt/yr", high = "15 kt/yr", SOURCED }
missing = "a smelter"
evidence = "a test"
""".replace("SOURCED", SOURCED)
MARKET = """\
[market]
title = "Somewhere in 2040"
year = 2040
bloc = ["Somewhere"]

[products]
metal = "99.65 % Sb"
lead = "1 to 6 % Sb"
trioxide = "99.5 % Sb2O3"

[demand.cables]
title = "Cables"
product = "lead"
antimony = { value = "20 kt/yr", low = "10 kt/yr", high = "30 kt/yr", SOURCED }

[demand.plastics]
title = "Plastics"
product = "trioxide"
antimony = { value = "40 kt/yr", low = "30 kt/yr", high = "50 kt/yr", SOURCED }
share.metal = { value = "25 %", low = "10 %", high = "40 %", SOURCED }

[secondary.scrap]
title = "Scrap"
product = "lead"
antimony = { value = "8 kt/yr", low = "6 kt/yr", high = "12 kt/yr", SOURCED }

[existing.plant]
title = "Plant"
product = "metal"
antimony = { value = "7 kt/yr", low = "4 kt/yr", high = "9 kt/yr", SOURCED }

[refining]
utilisation = { value = "80 %", low = "50 %", high = "100 %", SOURCED }
concentrate_grade = { value = "50 %", basis = "design", source = "a test" }

[reference.step_yield]
fuming = { value = "80 %", low = "50 %", high = "100 %", SOURCED }
reduction = { value = "100 %", basis = "design", source = "a test" }
refining = { value = "50 %", low = "20 %", high = "100 %", SOURCED }

[reference.sulphur_dioxide]
per_antimony = { value = 0.5, basis = "design", source = "a test" }
""".replace("SOURCED", SOURCED)


def write_route(folder: Path, name: str = "smelter", case: str = CASE + SUPPLY) -> Path:
    """Write a case with its plant; return the path of the case file."""
    path = folder / f"{name}.toml"
    path.write_text(case, encoding="utf-8")
    path.with_suffix(".py").write_text(PLANT, encoding="utf-8")
    return path


def write_market(folder: Path, text: str = MARKET) -> Path:
    """Write a market file; return its path."""
    path = folder / "somewhere.toml"
    path.write_text(text, encoding="utf-8")
    return path
