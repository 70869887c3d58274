"""The base of everything that is described by fields: frozen, unknown fields refused."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from flowsheet.core.errors import InputError, nearest


class Record(BaseModel):
    """A frozen pydantic model whose errors are one plain line naming the field."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, use_attribute_docstrings=True
    )

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise InputError(_one_line(type(self), error)) from None

    def model_post_init(self, context: Any, /) -> None:  # noqa: ARG002 - pydantic's signature
        """Run ``check`` once all fields are valid."""
        self.check()

    def check(self) -> None:
        """Raise InputError for values that are right one by one but not together."""


def _one_line(model: type[BaseModel], error: ValidationError) -> str:
    """Turn the first of pydantic's complaints into one line, and count the rest."""
    problems = error.errors()
    first, more = problems[0], len(problems) - 1
    field = ".".join(str(part) for part in first["loc"] if not str(part).startswith("function-"))
    cause = first.get("ctx", {}).get("error")
    message = str(cause) if isinstance(cause, InputError) else first["msg"]
    if first["type"] == "extra_forbidden":
        message = f"there is no such parameter{nearest(field, model.model_fields)}"
    elif first["type"] == "missing":
        message = "is needed but not given"
    elif first["type"] == "literal_error":
        message = f"must be {first['ctx']['expected']}, got {first['input']!r}"
    elif first["type"] == "value_error":
        message = str(cause)
    where = f"{model.__name__}.{field}" if field else model.__name__
    entered_elsewhere = isinstance(cause, InputError) and str(cause).count(": ") > 0
    line = message if entered_elsewhere and ".toml" in message else f"{where}: {message}"
    return line + (f" (and {more} more)" if more else "")
