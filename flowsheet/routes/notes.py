"""What an engineer should know about a solved plant as a whole, beyond what its units say."""

from flowsheet.core.arithmetic import first, ratio
from flowsheet.core.constants import MOLES_PER_NORMAL_CUBIC_METRE
from flowsheet.core.flow import Array, Flow
from flowsheet.solution import Solution

_MILLIGRAM_PER_NORMAL_CUBIC_METRE = 1e-6 / MOLES_PER_NORMAL_CUBIC_METRE  # kg per mol of gas
NOTABLE_EMISSION = 10.0
"""Sb or As in a gas to the air, mg per normal cubic metre of dry gas; above it a note is made."""
SULPHUR_DIOXIDE_LIMIT = 400.0
"""SO2 in a gas to the air, mg per normal cubic metre of dry gas: the limit of the Chinese emission
standard of the tin, antimony and mercury industries, GB 30770-2014, quoted from memory."""
NOTABLE_SUPPLY = 0.05
"""Share of the antimony that enters with reagents; above it a note is made."""


def notes(solution: Solution) -> list[str]:
    """Return one line for each thing that is odd about the plant as a whole."""
    return [*_emissions(solution), *_antimony_of_reagents(solution)]


def _emissions(solution: Solution) -> list[str]:
    lines = []
    for name in solution.flowsheet.emissions:
        flow = solution.flow(name)
        for element in ("Sb", "As"):
            load = _load(flow.element(element), flow)
            if load > NOTABLE_EMISSION:
                lines.append(
                    f"{name}: {load:,.0f} mg {element} per Nm3 of undiluted gas go to the air; "
                    f"collect more dust, or cool the gas before the last collector"
                )
        load = _load(flow.of("SO2"), flow)
        if load > SULPHUR_DIOXIDE_LIMIT:
            lines.append(
                f"{name}: {load:,.0f} mg SO2 per Nm3 of undiluted gas go to the air, "
                f"{SULPHUR_DIOXIDE_LIMIT:.0f} is the limit of GB 30770-2014 (quoted from memory); "
                f"take {1.0 - SULPHUR_DIOXIDE_LIMIT / load:.1%} of it out, by a higher efficiency "
                f"of the scrubber or one more stage"
            )
    return lines


def _load(carried: Array, gas: Flow) -> float:
    """What a gas carries in mg per normal cubic metre of dry gas, in the first scenario."""
    return first(ratio(carried, gas.dry_gas())) / _MILLIGRAM_PER_NORMAL_CUBIC_METRE


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
