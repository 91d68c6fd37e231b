"""Says in plain words where a file of the law does not fit its shape.

The validator's own messages speak of discriminators, unions and tuples, in
English, and of a value with two forms it complains twice. Whoever edits a law
needs the line, the misspelt word, and what belongs there.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from operator import getitem

from pydantic import BaseModel, ValidationError

from ballast.brain.policy import law_shape, shape
from ballast.brain.policy.law_problem import Problem
from ballast.brain.policy.strict_yaml import Lines, Path, Read
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["line_of", "misfits"]

_KEYS = sorted(
    {
        key
        for module in (shape, law_shape)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, BaseModel)
        for key in kind.model_fields
    }
)
_FIGURE, _WORD = Label("一个数", "a figure"), Label("文字（代码加引号）", "text (a code in quotes)")
_DAY, _NAMES = (
    Label("YYYY-MM-DD 的日期", "a day as YYYY-MM-DD"),
    Label("名称与值", "names with values"),
)
# What belongs where the validator, by its own name for the fault, found something else.
_WANTED = {
    "decimal": _FIGURE,
    "int": Label("一个整数", "a whole number"),
    "string": _WORD,
    "bool": Label("true 或 false", "true or false"),
    "date": _DAY,
    "tuple": Label("一个列表", "a list"),
    "dict": _NAMES,
    "model": _NAMES,
}
_OTHER = Label("别的内容", "something else")
_CHOICES = ("literal_error", "enum", "union_tag_invalid", "union_tag_not_found")


def misfits(error: ValidationError, file: str, read: Read) -> Iterator[Problem]:
    """Yield one problem for every place that does not fit its shape.

    Parameters
    ----------
    error
        What the validator found.
    file
        The file's name.
    read
        What stands in it, and where.
    """
    faults = [(*_place(fault["loc"], read.data), fault) for fault in error.errors()]
    misspelt = {
        (path[:-1], alike)
        for path, _, fault in faults
        if fault["type"] == "extra_forbidden" and (alike := _alike(path))
    }
    seen: set[tuple[Path, str]] = set()
    for path, missing, fault in faults:
        kind = fault["type"]
        key = missing if kind == "missing" else ""
        # Of a value with several forms (a figure, or two ends) each form complains: once is
        # enough. And a misspelt word is not missing as well.
        if (path, key) in seen or (path, key) in misspelt:
            continue
        seen.add((path, key))
        expected = fault.get("ctx", {})
        known = str(expected.get("expected") or expected.get("expected_tags") or "")
        yield Problem(
            file, line_of(path, read.lines), _misfit(kind, path, key, fault["input"], known)
        )


def _alike(path: Path) -> str:
    """Return the name that a misspelt one was meant to be; nothing where none is alike."""
    word = str(path[-1]) if path else ""
    alike = difflib.get_close_matches(word[:60], _KEYS, n=1, cutoff=0.6)
    return alike[0] if alike and alike[0] != word else ""


def line_of(path: Path, lines: Lines) -> int | None:
    """Return the line of a place, or of the nearest one above it that has one."""
    for end in range(len(path), -1, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


def _misfit(kind: str, path: Path, key: str, value: object, known: str) -> Sentence:
    where = ".".join(str(step) for step in path)
    if kind == "missing":
        return Sentence(
            "“{key}” is missing in {where}; add it", {"key": key, "where": where or "–"}
        )
    if kind == "extra_forbidden":
        word, alike = str(path[-1])[:60] if path else "", _alike(path)
        if alike:
            return Sentence(
                "“{key}” means nothing here; write “{alike}” if that is meant",
                {"key": word, "alike": alike},
            )
        return Sentence("“{key}” means nothing here; take it out", {"key": word})
    if kind in _CHOICES:
        shown = value.get("kind", "") if isinstance(value, dict) else value
        return Sentence(
            "{where}: “{value}” is not one of {known}",
            {"where": where, "value": str(shown)[:40], "known": known or "kind"},
        )
    return Sentence(
        "{where}: “{value}” does not fit here; what belongs here is {wanted}",
        {"where": where, "value": str(value)[:40], "wanted": _wanted(kind)},
    )


def _wanted(kind: str) -> Label:
    return next((what for start, what in _WANTED.items() if kind.startswith(start)), _OTHER)


def _place(loc: tuple[int | str, ...], data: object) -> tuple[Path, str]:
    """Return the place in the file, and the last name that is not there.

    The validator puts the tags of its unions between the steps; they are no steps of the file.
    """
    path: Path = ()
    missing = ""
    for step in loc:
        inside = (isinstance(data, dict) and step in data) or (
            isinstance(data, list) and isinstance(step, int) and step < len(data)
        )
        if inside:
            data, path = getitem(data, step), (*path, step)  # type: ignore[call-overload]
        else:
            missing = str(step)
    return path, missing
