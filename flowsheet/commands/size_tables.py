"""The tables that ``flowsheet size`` prints."""

from dataclasses import asdict

from flowsheet.sizing.sized_route import Sizing
from flowsheet.tables import Column, number, print_table

_STEPS = (
    Column("unit", "step", text=True),
    Column("kind", "unit operation", text=True),
    Column("entering_t_h", "t/h wet"),
    Column("entering_t_yr", "t/yr wet"),
    Column("solids_t_yr", "t/yr dry solids"),
    Column("antimony_t_yr", "t/yr Sb"),
)
_EQUIPMENT = (
    Column("unit", "step", text=True),
    Column("figure", "equipment", text=True),
    Column("size", "size"),
)
_DRAWN = (
    Column("unit", "step", text=True),
    Column("name", "drawn", text=True),
    Column("mainly", "mainly", text=True),
    Column("t_yr", "t/yr"),
    Column("kg_per_t", "kg per t Sb"),
)
_POWER = (
    Column("unit", "step", text=True),
    Column("kw", "kW"),
    Column("mwh_yr", "MWh/yr"),
    Column("kwh_per_t", "kWh per t Sb"),
)
_RETURNS = (
    Column("stream", "stream", text=True),
    Column("from_unit", "from", text=True),
    Column("to_unit", "back to", text=True),
    Column("antimony_t_yr", "t/yr Sb"),
    Column("of_fed_percent", "% of Sb fed"),
)
_ARSENIC = (
    Column("stream", "stream", text=True),
    Column("kind", "as", text=True),
    Column("arsenic_t_yr", "t/yr As"),
    Column("share_percent", "% of As fed"),
)
_CAPACITY = (
    Column("throughput_t_yr", "Sb to refinery t/yr"),
    Column("nameplate_t_yr", "nameplate t/yr"),
    Column("installed_t_yr", "installed t/yr"),
    Column("missing_t_yr", "missing t/yr"),
    Column("utilisation_percent", "utilisation %"),
)


def print_tables(sized: Sizing) -> None:
    """Print what enters the steps, equipment, what is drawn, power, returns, As and capacity."""
    machines = [
        {**asdict(row), "size": f"{number(row.value)} {row.in_unit}".strip()}
        for row in sized.equipment
    ]
    print_table([asdict(row) for row in sized.steps], _STEPS, "What enters every step")
    for title, rows, columns in (
        ("Equipment", machines, _EQUIPMENT),
        ("Reagents, air and water", [asdict(row) for row in sized.reagents], _DRAWN),
        ("Fuel and reductants, as carbon", [asdict(row) for row in sized.fuels], _DRAWN),
        ("Electric power", [asdict(row) for row in sized.power], _POWER),
        ("Antimony that goes round", [asdict(row) for row in sized.returns], _RETURNS),
        ("Where arsenic leaves", [asdict(row) for row in sized.arsenic], _ARSENIC),
    ):
        if rows:
            print_table(rows, columns, title)
    print_table([asdict(sized.capacity)], _CAPACITY, "Refining capacity, as Sb to refinery")
