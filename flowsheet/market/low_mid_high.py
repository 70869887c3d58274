"""A quantity as a low, a middle and a high figure, with which sums are done figure by figure."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import reduce


@dataclass(frozen=True)
class LowMidHigh:
    """Three figures of one quantity: the low, the middle and the high one."""

    low: float
    mid: float
    high: float

    def __add__(self, other: "LowMidHigh") -> "LowMidHigh":
        return LowMidHigh(self.low + other.low, self.mid + other.mid, self.high + other.high)

    def __sub__(self, other: "LowMidHigh") -> "LowMidHigh":
        return LowMidHigh(self.low - other.low, self.mid - other.mid, self.high - other.high)

    def __mul__(self, other: "LowMidHigh") -> "LowMidHigh":
        return LowMidHigh(self.low * other.low, self.mid * other.mid, self.high * other.high)

    def __truediv__(self, other: "LowMidHigh") -> "LowMidHigh":
        return LowMidHigh(self.low / other.low, self.mid / other.mid, self.high / other.high)

    def __iter__(self) -> Iterator[float]:
        return iter((self.low, self.mid, self.high))

    def to_dict(self) -> dict[str, float]:
        """Return the figures by name."""
        return asdict(self)

    @property
    def turned(self) -> "LowMidHigh":
        """The high figure in the place of the low one: what is taken off, or divided by."""
        return LowMidHigh(self.high, self.mid, self.low)

    def at_most(self, other: "LowMidHigh") -> "LowMidHigh":
        """The smaller of the two, figure by figure."""
        return LowMidHigh(*map(min, self, other))


NOTHING = LowMidHigh(0.0, 0.0, 0.0)


def alike(value: float) -> LowMidHigh:
    """One figure in all three places."""
    return LowMidHigh(value, value, value)


def total(figures: Iterable[LowMidHigh]) -> LowMidHigh:
    """The sum of several, figure by figure."""
    return reduce(LowMidHigh.__add__, figures, NOTHING)
