"""Whether the product of a solved route meets a grade, and what keeps it from it."""

from dataclasses import dataclass
from typing import Any

from flowsheet.core.errors import InputError, nearest
from flowsheet.core.flow import Flow
from flowsheet.core.grades import (
    ASSAYS,
    Breach,
    breaches,
    counted_elements,
    form_of_antimony,
    grades,
    limited_elements,
)
from flowsheet.routes.route import RouteResult


@dataclass(frozen=True)
class GradeCheck:
    """A stream held against the limits of a grade."""

    stream: str
    product: str
    """What the grade is of: metal, trioxide or trisulphide."""
    grade: str
    breaches: tuple[Breach, ...]
    not_judged: tuple[str, ...]
    """Elements that the grade limits and nothing that enters the plant brings."""
    counted: tuple[str, ...]
    """Where the grade limits a sum on the metals basis: the elements that were summed up."""

    @property
    def met(self) -> bool:
        """Whether every limit is kept."""
        return not self.breaches

    def __str__(self) -> str:
        """As people read it: ``metal does not meet Sb99.90: As 0.05 % is above 0.01 %``."""
        name = self.grade if self.product == "metal" else f"{self.product} {self.grade}"
        if self.met:
            return f"{self.stream} meets {name}{self._as_far_as()}"
        return f"{self.stream} does not meet {name}: {'; '.join(map(_above, self.breaches))}"

    def _as_far_as(self) -> str:
        """What the verdict does not say."""
        words = ""
        if self.counted:
            words += f" (counted: {', '.join(self.counted)})"
        if self.not_judged:
            are = "are" if len(self.not_judged) > 1 else "is"
            words += f"; {', '.join(self.not_judged)} {are} not carried here and so not judged"
        return words

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
            "not_judged": list(self.not_judged),
            "counted": list(self.counted),
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
    """Hold the main product of a solved route against a grade.

    Raises InputError where nothing of it flows, or where its antimony is not in the form that the
    grade is of.
    """
    kind, stream = product_of_grade(name), result.metrics.product
    solution = result.solution
    flow = solution.flow(stream).merged()
    if not flow.solids.total()[0] > 0.0:
        raise InputError(f"grade: nothing of '{stream}' is solid, so it has no grade")
    _refuse_other_form(flow, stream, kind, name)
    brought = [
        symbol
        for symbol in flow.slate.elements
        if solution.element_flow(symbol, solution.flowsheet.entering) > 0.0
    ]
    return GradeCheck(
        stream,
        kind,
        name,
        breaches(flow, kind, name),
        tuple(symbol for symbol in limited_elements(kind, name) if symbol not in brought),
        counted_elements(flow) if grades(kind)[name].on_metals_basis else (),
    )


def _refuse_other_form(flow: Flow, stream: str, kind: str, name: str) -> None:
    """Refuse a grade of metal for trioxide, and so on."""
    form = form_of_antimony(flow)
    if form == kind:
        return
    if not form:
        raise InputError(
            f"grade: {name} is a grade of {kind}, and the antimony of '{stream}' is mostly in none "
            f"of the forms that have grades ({', '.join(ASSAYS)}); leave the grade out"
        )
    known = grades(form)
    raise InputError(
        f"grade: {name} is a grade of {kind}, and the antimony of '{stream}' is mostly {form} "
        f"({ASSAYS[form][0]}); grades of {form} are {', '.join(known)}"
    )


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
