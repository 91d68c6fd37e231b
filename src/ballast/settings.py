"""The one table of settings: name, type, default, a line of help.

Only the command line reads it, once, at the door, and hands plain values
down; nothing below looks at the environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ballast.errors import WrongUsage
from ballast.terms.label import LANGUAGES, Label, Language

__all__ = ["SETTINGS", "Setting", "Settings", "read_settings"]


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


SETTINGS: dict[str, Setting] = {
    "home": Setting(
        "BALLAST_HOME",
        "ballast-home",
        Label("数据之家的目录", "directory of the home"),
    ),
    "language": Setting(
        "BALLAST_LANGUAGE",
        "auto",
        Label(
            "界面语言：zh、en；auto 则按系统区域设置",
            "language of what is shown: zh, en, or auto: that of the system's locale",
        ),
        ("auto", *LANGUAGES),
    ),
    "engine": Setting(
        "BALLAST_ENGINE",
        "duckdb",
        Label("计算引擎：duckdb 或 spark", "engine for set-shaped work: duckdb or spark"),
        ("duckdb", "spark"),
    ),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run."""

    home: Path
    language: Language
    engine: str


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings that an environment gives.

    Raises
    ------
    WrongUsage
        If a setting is none of its choices.

    Examples
    --------
    >>> read_settings({"BALLAST_LANGUAGE": "en"}).language
    'en'
    """
    found: dict[str, str] = {}
    for name, setting in SETTINGS.items():
        value = environment.get(setting.variable) or setting.default
        if setting.choices and value not in setting.choices:
            raise WrongUsage(
                "{variable} is {value}; it must be one of: {choices}",
                variable=setting.variable,
                value=value,
                choices=", ".join(setting.choices),
            )
        found[name] = value
    if found["language"] == "auto":
        locale = environment.get("LC_ALL") or environment.get("LANG") or ""
        found["language"] = "zh" if locale.lower().startswith("zh") else "en"
    language: Language = "zh" if found["language"] == "zh" else "en"
    return Settings(Path(found["home"]), language, found["engine"])
