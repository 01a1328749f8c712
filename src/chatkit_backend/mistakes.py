"""Mistakes in the settings: one line that names the variable, its value and the fix."""

import difflib
from collections.abc import Mapping
from typing import get_args

from annotated_types import Ge, Gt, Le
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from .errors import ConfigError


def refuse_misspelt_names(names: Mapping[str, object], fields: Mapping[str, FieldInfo]) -> None:
    """Stop on a name in `.env` that is nearly a setting's: `DATABSE_URL`.

    Names that resemble no setting belong to somebody else and are left alone.

    Raises:
        ConfigError: With the name that was meant.
    """
    known = [name.upper() for name in fields]
    for name in names:
        if name.upper() in known:
            continue
        meant = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.88)
        if meant:
            raise ConfigError(f"{name} in .env is not a setting; did you mean {meant[0]}?")


def told(
    exc: ValidationError,
    fields: Mapping[str, FieldInfo],
    overrides: Mapping[str, object],
    in_file: Mapping[str, str | None],
) -> str:
    """The first mistake: what is wrong with which value, and where it was given.

    `overrides` were given by the program, `in_file` is what `.env` says; secrets are not shown.
    """
    error = exc.errors()[0]
    name = str(error["loc"][0])
    field = fields[name]
    value = error["input"]
    shown = "a secret" if "SecretStr" in str(field.annotation) else repr(value)[:80]
    problem = _accepted(field) or error["msg"].removeprefix("Value error, ")
    if error["type"] == "too_short" and "SecretStr" in str(field.annotation):
        problem = f"it takes {error['ctx']['min_length']} characters or more"  # not "items"
    # `serve` has put the file's variables into the environment, too.
    file_values = {key.upper(): given for key, given in in_file.items()}
    if name in overrides:
        place = ""
    elif file_values.get(name.upper()) == value:
        place = " in .env"
    else:
        place = " in the environment"
    fix = f"Fix {name.upper()}{place} ({field.description})"
    return f"{name.upper()}={shown} is not usable: {problem}. {fix}"


def _accepted(field: FieldInfo) -> str | None:
    """Which numbers a setting takes; None if it is no number."""
    kinds = {field.annotation, *get_args(field.annotation)}
    if not kinds & {int, float}:
        return None
    bounds: list[str] = []
    for constraint in field.metadata:
        match constraint:
            case Ge(ge=least):
                bounds.append(f"from {least}")
            case Gt(gt=below):
                bounds.append(f"above {below}")
            case Le(le=most):
                bounds.append(f"up to {most}")
            case _:
                pass
    return " ".join(["it takes a whole number" if int in kinds else "it takes a number", *bounds])
