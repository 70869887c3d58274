"""Whether a mine's plan outlives its reserve."""

from flowsheet.case.header import DepositEntry
from flowsheet.core.quantities import from_base


def reserve_notes(deposit: DepositEntry | None, life: float | None) -> list[str]:
    """Return one line where the reserve, lasting ``life`` years, ends before the plan does."""
    if deposit is None or life is None or deposit.plan is None:
        return []
    planned = from_base(deposit.plan, "year")
    if life >= planned:
        return []
    reserve = from_base(deposit.contained(), "t")
    return [
        f"the reserve of {reserve:,.0f} t Sb lasts {life:.1f} years at this throughput, and "
        f"{planned:.4g} years are planned: the last {planned - life:.1f} need ore that is no "
        f"reserve yet, or a lower rate"
    ]
