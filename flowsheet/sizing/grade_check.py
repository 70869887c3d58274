"""Whether the product of a solved route meets a grade, and what keeps it from it."""

from dataclasses import dataclass
from typing import Any

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Flow
from flowsheet.core.grades import ASSAYS, Breach, breaches, grades
from flowsheet.routes.route import RouteResult


@dataclass(frozen=True)
class GradeCheck:
    """A stream held against the limits of a grade."""

    stream: str
    product: str
    """What the grade is of: metal, trioxide or trisulphide."""
    grade: str
    breaches: tuple[Breach, ...]

    @property
    def met(self) -> bool:
        """Whether every limit is kept."""
        return not self.breaches

    def __str__(self) -> str:
        """As people read it: ``metal does not meet Sb99.90: As 0.05 % is above 0.01 %``."""
        name = self.grade if self.product == "metal" else f"{self.product} {self.grade}"
        if self.met:
            return f"{self.stream} meets {name}"
        return f"{self.stream} does not meet {name}: {'; '.join(map(_above, self.breaches))}"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, contents and limits in percent."""
        return {
            "stream": self.stream,
            "product": self.product,
            "grade": self.grade,
            "met": self.met,
            "breaches": [
                {
                    "substance": breach.limit.substance,
                    "content_percent": 100.0 * breach.content,
                    "limit_percent": 100.0 * _bound(breach),
                }
                for breach in self.breaches
            ],
        }


def product_of_grade(name: str) -> str:
    """What a grade is of; raise InputError with all known grades for one that is not known."""
    known = {grade: product for product in ASSAYS for grade in grades(product)}
    if name not in known:
        listed = "; ".join(f"{product}: {', '.join(grades(product))}" for product in ASSAYS)
        raise InputError(
            f"grade: there is no grade '{name}'{nearest(name, known)}; known: {listed}"
        )
    return known[name]


def check_grade(result: RouteResult, name: str) -> GradeCheck:
    """Hold the main product of a solved route against a grade; raise InputError if none flows."""
    kind, stream = product_of_grade(name), result.metrics.product
    solution = result.solution
    flow = Flow(solution.flowsheet.slate, solution.flows[stream]).merged()
    if not flow.solids.total()[0] > 0.0:
        raise InputError(f"grade: nothing of '{stream}' is solid, so it has no grade")
    return GradeCheck(stream, kind, name, breaches(flow, kind, name))


def _bound(breach: Breach) -> float:
    limit = breach.limit
    too_little = breach.content < limit.lowest
    return limit.lowest if too_little or limit.highest is None else limit.highest


def _above(breach: Breach) -> str:
    side = "below" if breach.content < breach.limit.lowest else "above"
    mostly = f" (mostly {breach.mostly})" if breach.mostly else ""
    content = f"{breach.limit.substance} {_percent(breach.content)}{mostly}"
    return f"{content} is {side} {_percent(_bound(breach))}"


def _percent(share: float) -> str:
    """A mass fraction in percent, or in ppm where that is small."""
    if 0.0 < share < 2e-5:
        return f"{1e6 * share:.3g} ppm"
    return f"{100.0 * share:.5g} %" if share > 0.5 else f"{100.0 * share:.3g} %"
