"""Parameter types of unit operations: a float with a dimension, or one float per species.

``Time``, ``Volume`` ... are floats to the code that uses them. To whoever writes a case they take
``"8 min"`` or a pint quantity, and refuse a bare number or another dimension.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, Union, get_args

from pydantic_core import core_schema

from flowsheet.core.errors import InputError, PlacedError
from flowsheet.core.quantities import Dimension, Entered, to_base

T = TypeVar("T")


class Parameter:
    """Annotation that marks a pydantic field as a physical parameter of one dimension."""

    def __init__(self, dimension: Dimension) -> None:
        self.dimension = dimension

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.convert)

    def convert(self, value: Any) -> float:
        """Return the value in SI base units; raise InputError naming the place it was entered."""
        if isinstance(value, BaseUnits):
            return value
        if isinstance(value, Entered):
            try:
                return self.convert(value.value)
            except InputError as error:
                raise PlacedError(f"{value.where}: {error}") from error
        return BaseUnits(to_base(value, self.dimension))


class BaseUnits(float):
    """A float that has been converted to SI base units already, so that a copy is not refused."""

    __slots__ = ()


def default(value: Any) -> Any:
    """Give a default with its unit: ``temperature: Temperature = default("950 degC")``."""
    return value


def _kind(word: str, unit: str, example: str, display: str, **bounds: Any) -> Parameter:
    return Parameter(Dimension(word, unit, example, display, **bounds))


MassFlow = Annotated[float, _kind("mass per time", "kg/s", "25 t/h", "t/h", low=0.0, high=1e9)]
"""Up to 3e13 t/yr: more is a mistake, and beyond what numbers can be told apart at."""
Mass = Annotated[float, _kind("mass", "kg", "59.6 kt", "t", low=0.0)]
VolumeFlow = Annotated[float, _kind("volume per time", "m^3/s", "40 m^3/h", "m^3/h", low=0.0)]
Temperature = Annotated[float, _kind("temperature", "K", "500 degC", "degC", above=0.0)]
TemperatureDifference = Annotated[
    float, _kind("temperature", "K", "15 K", "K", low=0.0, high=100.0)
]
Pressure = Annotated[float, _kind("pressure", "Pa", "10 Pa", "Pa", low=0.0)]
Time = Annotated[float, _kind("time", "s", "8 min", "min", low=0.0)]
Length = Annotated[float, _kind("length", "m", "0.8 m", "m", above=0.0)]
ParticleSize = Annotated[float, _kind("length", "m", "75 um", "um", above=0.0)]
Area = Annotated[float, _kind("area", "m^2", "12 m^2", "m^2", low=0.0)]
Volume = Annotated[float, _kind("volume", "m^3", "50 m^3", "m^3", low=0.0)]
Velocity = Annotated[float, _kind("velocity", "m/s", "1 mm/min", "mm/min", low=0.0)]
Diffusivity = Annotated[float, _kind("area per time", "m^2/s", "5e-9 m^2/s", "m^2/s", above=0.0)]
Density = Annotated[float, _kind("mass per volume", "kg/m^3", "4630 kg/m^3", "kg/m^3", above=0.0)]
Concentration = Annotated[float, _kind("mass per volume", "kg/m^3", "8 g/L", "g/L", low=0.0)]
PerTime = Annotated[float, _kind("one per time", "1/s", "1.2 1/min", "1/min", low=0.0)]
CurrentDensity = Annotated[
    float, _kind("current per area", "A/m^2", "110 A/m^2", "A/m^2", above=0.0)
]
Voltage = Annotated[float, _kind("voltage", "V", "0.6 V", "V", low=0.0)]
SpecificEnergy = Annotated[float, _kind("energy per mass", "J/kg", "300 kWh/t", "kWh/t", low=0.0)]
MassPerEnergy = Annotated[float, _kind("mass per energy", "kg/J", "1.2 t/kWh", "t/kWh", low=0.0)]
Power = Annotated[float, _kind("power", "W", "1500 kW", "kW", low=0.0)]
MassFlux = Annotated[
    float, _kind("mass per area and time", "kg/m^2/s", "300 kg/m^2/h", "kg/m^2/h", low=0.0)
]
AreaPerMassFlow = Annotated[
    float, _kind("area per mass flow", "m^2*s/kg", "0.2 m^2*d/t", "m^2*d/t", low=0.0)
]
PowerPerVolume = Annotated[float, _kind("power per volume", "W/m^3", "1 kW/m^3", "kW/m^3", low=0.0)]
VolumePerMass = Annotated[float, _kind("volume per mass", "m^3/kg", "1.5 m^3/t", "m^3/t", low=0.0)]
AreaPerVolumeFlow = Annotated[float, _kind("area per volume flow", "s/m", "60 s/m", "s/m", low=0.0)]
GasLoading = Annotated[
    float, _kind("mass per normal volume of gas", "kg/mol", "10 mg/Nm3", "mg/Nm3", low=0.0)
]
HeatTransferCoefficient = Annotated[
    float, _kind("heat per area and kelvin", "W/m^2/K", "15 W/m^2/K", "W/m^2/K", above=0.0)
]
Viscosity = Annotated[float, _kind("viscosity", "Pa*s", "2.5e-5 Pa*s", "Pa*s", above=0.0)]

Fraction = Annotated[float, _kind("a fraction", "", "0.85", "", low=0.0, high=1.0)]
"""Between 0 and 1; ``0.85``, ``"85 %"``, ``"120 ppm"`` and ``"3 g/t"`` all work."""
Ratio = Annotated[float, _kind("a ratio", "", "1.5", "", low=0.0)]
"""Zero or more, no unit."""
PositiveRatio = Annotated[float, _kind("a ratio", "", "1.5", "", above=0.0)]
"""More than zero, no unit."""
Count = Annotated[float, _kind("a count", "", "6", "", low=1.0, whole=True)]
"""A whole number, one or more."""

if TYPE_CHECKING:
    PerSpecies = Union[T, Mapping[str, T]]  # noqa: UP007 - a generic alias needs Union
    PerElement = Union[T, Mapping[str, T]]  # noqa: UP007
    PerSize = Mapping[str, T]
else:

    class _Keyed(Generic[T]):
        """A value per species or element; what is not named takes ``others``."""

        __slots__ = ("by_name", "others")
        keyed_by = "name"

        def __init__(self, others, by_name):
            self.others = others
            self.by_name = by_name

        def __eq__(self, other):
            same_kind = type(self) is type(other)
            return same_kind and (self.others, self.by_name) == (other.others, other.by_name)

        def __hash__(self):
            return hash((self.others, tuple(sorted(self.by_name.items()))))

        def __repr__(self):
            shown = dict(self.by_name)
            if self.others is not None:
                shown["others"] = self.others
            return repr(shown)

        @classmethod
        def __get_pydantic_core_schema__(cls, source, handler):
            parameter = parameter_of(get_args(source)[0])
            return core_schema.no_info_plain_validator_function(
                lambda value: cls._convert(value, parameter)
            )

        @classmethod
        def _convert(cls, value, parameter):
            if isinstance(value, cls):
                return value
            if not isinstance(value, Mapping):
                return cls(parameter.convert(value), {})
            by_name = {}
            for name, entry in value.items():
                try:
                    by_name[str(name)] = parameter.convert(entry)
                except PlacedError:
                    raise
                except InputError as error:
                    raise InputError(f"{name}: {error}") from error
            return cls(by_name.pop("others", None), by_name)

    class PerSpecies(_Keyed[T]):
        """One value for all species, or a mapping species -> value with ``others`` for the rest."""

        __slots__ = ()
        keyed_by = "species"

    class PerElement(_Keyed[T]):
        """One value for all elements, or a mapping element -> value, ``others`` for the rest."""

        __slots__ = ()
        keyed_by = "element"

    class PerSize(_Keyed[T]):
        """A mapping size -> value, e.g. ``{"75 um": "62 %"}``; floats in m once read."""

        __slots__ = ()
        keyed_by = "size"

        @classmethod
        def _convert(cls, value, parameter):
            if isinstance(value, cls):
                return value
            if isinstance(value, Entered):
                try:
                    return cls._convert(value.value, parameter)
                except PlacedError:
                    raise
                except InputError as error:
                    raise PlacedError(f"{value.where}: {error}") from error
            if not isinstance(value, Mapping) or not value or "others" in value:
                raise InputError(
                    f'needs a value for each size, got {value!r}; e.g. {{"75 um": "62 %"}}'
                )
            by_size, written = {}, {}
            for name, entry in value.items():
                try:
                    size = size_key(name)
                    by_size[size] = parameter.convert(entry)
                except PlacedError:
                    raise
                except InputError as error:
                    raise InputError(f"{name}: {error}") from error
                if isinstance(name, str) and written.setdefault(size, name) != name:
                    raise InputError(f"{name}: is the same size as {written[size]}; keep one")
            return cls(None, by_size)


def size_key(name: Any) -> float:
    """Return a size in m, rounded so that ``"75 um"`` and ``"0.075 mm"`` are the same.

    A float is in m already: a size that has been read before.
    """
    metres = BaseUnits(name) if isinstance(name, float) else name
    return float(f"{parameter_of(ParticleSize).convert(metres):.9g}")


def parameter_of(annotation: Any) -> Parameter:
    """Return the Parameter inside an ``Annotated[float, Parameter]`` type."""
    for metadata in getattr(annotation, "__metadata__", ()):
        if isinstance(metadata, Parameter):
            return metadata
    raise TypeError(f"{annotation} is not a parameter type")
