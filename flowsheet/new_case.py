"""A case file of the user's own to begin with: from the template, or like a built-in route."""

import re
from importlib.resources import files
from pathlib import Path

from flowsheet.core.errors import InputError, nearest
from flowsheet.load import CASES, route_names

_TEMPLATE = "templates/deposit.toml"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TAKEN_AS_IT_IS = ("[target]", "[capacity]")
"""Sections that a case does not take over from its plant, and so must have itself."""
_ITS_OWN = ("[deposit]", "[supply]")
"""Sections that are true of that route alone: a comment with their heading."""
_LEFT_OUT = ("[route]", "[correlation")


def new_case(name: str, like: str | None = None) -> Path:
    """Write a case file ``name.toml`` that solves as it stands, and return its path.

    From the template of a deposit, or ``like`` a built-in route: then every number of that route's
    own file stands in it as a comment, to be uncommented where the new case differs.

    Raises InputError for a name that no case can have, a route that there is not, or a file that
    is there already; nothing is written then.
    """
    if not name.strip():
        raise InputError("new: a case needs a name; write e.g. my_deposit")
    path = Path(name)
    path = path if path.suffix == ".toml" else path.with_name(f"{path.name}.toml")
    _check(path, like)
    text = _from_template(path) if like is None else _like(path, like)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"{path}: is there already; choose another name") from None
    except FileNotFoundError:
        raise InputError(f"{path}: there is no folder '{path.parent}'; make it first") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be written, {error.strerror}") from None
    return path


def _check(path: Path, like: str | None) -> None:
    if not _NAME.fullmatch(path.stem):
        raise InputError(
            f"new: a case is named with letters, digits and _, got '{path.stem}'; write e.g. "
            f"my_deposit"
        )
    if path.stem in route_names():
        raise InputError(f"new: '{path.stem}' is the name of a built-in route; choose another")
    if path.with_suffix(".py").exists():
        raise InputError(
            f"{path}: {path.with_suffix('.py').name} stands beside it and would be taken for its "
            f"flowsheet; choose another name"
        )
    if like is not None and like not in route_names():
        raise InputError(f"new: there is no built-in route '{like}'{nearest(like, route_names())}")


def _title(path: Path) -> str:
    return path.stem.replace("_", " ").capitalize()


def _from_template(path: Path) -> str:
    template = files(CASES).joinpath(_TEMPLATE).read_text(encoding="utf-8")
    return template.format(title=_title(path), file=path.name)


def _stays(line: str, section: str) -> bool:
    """Whether a line is copied as it is; others become comments."""
    if not line or line.startswith("#") or section in _TAKEN_AS_IT_IS:
        return True
    return line.startswith("[") and section not in _ITS_OWN


def _like(path: Path, like: str) -> str:
    """The file of a route with its numbers as comments, under a header that takes them over."""
    lines = [
        f"# {_title(path)}: like {like}, and different where a line is uncommented and changed.",
        "",
        "[route]",
        f'title = "{_title(path)}: like {like}"',
        f'plant = "{like}"',
        "",
    ]
    section = ""
    for line in files(CASES).joinpath(f"{like}.toml").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip()
        if not section or section.startswith(_LEFT_OUT):
            continue
        lines.append(line if _stays(line, section) else f"# {line}")
    return "\n".join(lines).rstrip() + "\n"
