"""What a row of the table of settings is, and how a number in one is read."""

from __future__ import annotations

from dataclasses import dataclass

from ballast.errors import WrongUsage
from ballast.terms.label import Label

__all__ = ["LAST_PORT", "YES_NO", "Setting", "number"]

LAST_PORT = 65_535
YES_NO = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Parameters
    ----------
    variable
        The environment variable.
    default
        What holds where it is not set.
    help
        What it does.
    choices
        What it may be; anything where empty.
    """

    variable: str
    default: str
    help: Label
    choices: tuple[str, ...] = ()


def number(setting: Setting, value: str, least: int, most: int) -> int:
    """Return the whole number that a setting holds.

    Parameters
    ----------
    setting
        Its row.
    value
        What the environment says, or the default.
    least, most
        Its bounds, both allowed.

    Raises
    ------
    WrongUsage
        If it is none, or out of bounds.
    """
    if value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most:
        return int(value)
    raise WrongUsage(
        "{variable} is {value}; it must be a whole number from {least} to {most}",
        variable=setting.variable,
        value=value,
        least=least,
        most=most,
    )
