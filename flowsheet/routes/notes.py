"""What an engineer should know about a solved plant as a whole, beyond what its units say."""

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.constants import MOLES_PER_NORMAL_CUBIC_METRE
from flowsheet.core.flow import Flow
from flowsheet.solution import Solution

_MILLIGRAM_PER_NORMAL_CUBIC_METRE = 1e-6 / MOLES_PER_NORMAL_CUBIC_METRE  # kg per mol of gas
NOTABLE_EMISSION = 10.0
"""Sb or As in a gas to the air, mg per normal cubic metre of dry gas; above it a note is made."""
NOTABLE_SUPPLY = 0.05
"""Share of the antimony that enters with reagents; above it a note is made."""


def notes(solution: Solution) -> list[str]:
    """Return one line for each thing that is odd about the plant as a whole."""
    return [*_emissions(solution), *_antimony_of_reagents(solution)]


def _emissions(solution: Solution) -> list[str]:
    lines = []
    for name in solution.flowsheet.emissions:
        flow = Flow(solution.flowsheet.slate, solution.flows[name])
        for element in ("Sb", "As"):
            load = first(ratio(flow.element(element), flow.dry_gas()))
            load /= _MILLIGRAM_PER_NORMAL_CUBIC_METRE
            if load > NOTABLE_EMISSION:
                lines.append(
                    f"{name}: {load:,.0f} mg {element} per Nm3 of undiluted gas go to the air; "
                    f"collect more dust, or cool the gas before the last collector"
                )
    return lines


def _antimony_of_reagents(solution: Solution) -> list[str]:
    flowsheet = solution.flowsheet
    entering = solution.element_flow("Sb", flowsheet.entering)
    supplied = solution.element_flow("Sb", list(flowsheet.supplied_to))
    if supplied > NOTABLE_SUPPLY * entering:
        return [
            f"{supplied / entering:.0%} of the antimony that enters comes with reagents, not with "
            f"the feed; look for a step that loses it"
        ]
    return []
