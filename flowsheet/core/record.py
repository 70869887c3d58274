"""The base of everything that is described by fields: frozen, unknown fields refused."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from flowsheet.core.errors import InputError, PlacedError, nearest
from flowsheet.core.quantities import Entered


class Record(BaseModel):
    """A frozen pydantic model whose errors are one plain line naming the field.

    Values may come wrapped as Entered, from a file; then errors name the file and the field in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**self.unwrapped(data))
        except ValidationError as error:
            raise _placed(type(self), data, error) from None

    @classmethod
    def unwrapped(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Return the data as the fields take it: plain values in place of Entered ones."""
        return {n: v.value if isinstance(v, Entered) else v for n, v in data.items()}

    def model_post_init(self, context: Any, /) -> None:  # noqa: ARG002 - pydantic's signature
        """Run ``check`` once all fields are valid."""
        self.check()

    def check(self) -> None:
        """Raise InputError for values that are right one by one but not together."""


def _placed(model: type[BaseModel], data: dict[str, Any], error: ValidationError) -> InputError:
    """Turn the first of pydantic's complaints into one line, and count the rest."""
    # A misspelt name also makes the right one missing: say the misspelling first.
    problems = sorted(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
    first = problems[0]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, PlacedError):
        return PlacedError(f"{cause}{more}")
    field = str(first["loc"][0]) if first["loc"] else ""
    where = f"{_place(model, data)}.{field}" if field else _place(model, data)
    message = f"{where}: {_message(model, field, first, cause)}{more}"
    return PlacedError(message) if _entered(data) else InputError(message)


def _message(model: type[BaseModel], field: str, problem: Any, cause: Any) -> str:
    if problem["type"] == "extra_forbidden":
        return f"there is no such parameter{nearest(field, model.model_fields)}"
    if problem["type"] == "missing":
        return "is needed but not given"
    if problem["type"] == "literal_error":
        return f"must be {problem['ctx']['expected']}, got {problem['input']!r}"
    if problem["type"] == "string_type":
        return f"needs text, got {problem['input']!r}; put it in quotes"
    return str(cause) if cause is not None else str(problem["msg"])


def _place(model: type[BaseModel], data: dict[str, Any]) -> str:
    """Where this record was written: its section of a file, or else the name of its class."""
    for name, entered in _entered(data):
        return entered.where.rpartition(f".{name}")[0]
    return model.__name__


def _entered(data: Mapping[str, Any]) -> list[tuple[str, Entered]]:
    """Top-level field and Entered value, also for those inside a mapping."""

    def found() -> Iterator[tuple[str, Entered]]:
        for name, value in data.items():
            if isinstance(value, Entered):
                yield name, value
            elif isinstance(value, Mapping):
                for inside in value.values():
                    if isinstance(inside, Entered):
                        yield name, inside

    return list(found())
