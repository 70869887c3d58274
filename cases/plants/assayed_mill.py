"""Where a plant's concentrate is from: bought, or made of ore by a mill known by two assays.

What a mine's own studies say of its concentrate, grade and recovery, is all that is known of most
mills, so the mill is a separator that makes that concentrate.
"""

from flowsheet.case.data import CaseData
from flowsheet.core.unit import UnitOp
from unitops.flotation.two_product_separator import TwoProductSeparator
from unitops.streams.feed import Feed


def concentrate(data: CaseData, *, mill: bool) -> tuple[str, dict[str, UnitOp]]:
    """Return the name of the concentrate, and the units that make or bring it.

    With a mill: ground ore as pulp, and flotation with its dewatering as one separation.
    """
    if not mill:
        return "concentrate", {
            "concentrate": Feed(outlet="concentrate", **data.unit("concentrate"))
        }
    return "antimony_concentrate", {
        "ore": Feed(outlet="ore", **data.unit("ore")),
        "flotation": TwoProductSeparator(
            feed="ore",
            concentrate="antimony_concentrate",
            tailings="tailings",
            **data.unit("flotation"),
        ),
    }
