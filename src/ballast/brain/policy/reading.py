"""Reads the files of the law into frozen values, and says everything that is wrong with them.

A schema alone would accept a rule that compares with a figure that is not
there, and a loader that stops at the first fault makes an official run it
twenty times. So a file is read strictly (`strict_yaml`), held against the
shapes, then against itself (`law_checking`), and every fault is named with its
file, its line and what to do, all of them at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ballast.brain.policy.law_checking import check_law, check_together
from ballast.brain.policy.law_misfits import misfits
from ballast.brain.policy.law_problem import Problem
from ballast.brain.policy.law_shape import CaseFile, Law
from ballast.brain.policy.strict_yaml import LONGEST, Lines, read_yaml
from ballast.errors import NotFound, Refused, UnreadableFile
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["LawFolder", "Laws", "laws", "open_folder", "read_laws"]

_CASES = ".cases.yaml"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Laws:
    """All laws of a folder.

    Parameters
    ----------
    by_scheme
        In the order of the ladder, what stands beside it last.
    """

    by_scheme: Mapping[str, Law]

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes, in the order of the ladder; those beside it last."""
        return tuple(self.by_scheme)

    def law(self, scheme: str) -> Law:
        """Return the law of a scheme.

        Raises
        ------
        NotFound
            If there is none; the message names those spelled alike.
        """
        found = self.by_scheme.get(scheme)
        if found is None:
            alike = difflib.get_close_matches(scheme, self.schemes, n=2, cutoff=0.5)
            alike += [
                key
                for key, law in self.by_scheme.items()
                if scheme and scheme in law.label.zh and key not in alike
            ]
            raise NotFound(
                "“{scheme}” is no scheme that is known here; there are {known}",
                scheme=scheme[:60],
                known=", ".join(alike or self.schemes),
            )
        return found


@dataclass(frozen=True, slots=True)
class LawFolder:
    """A folder of law as it could be read: what is sound, the cases, and what is wrong.

    Parameters
    ----------
    laws
        What could be read; to be used only where nothing grave is wrong.
    cases
        By scheme.
    lines
        Of each file, where everything in it stands.
    problems
        In the order of the files.
    """

    laws: Laws
    cases: Mapping[str, CaseFile]
    lines: Mapping[str, Lines] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@cache
def laws() -> Laws:
    """Return the laws that Ballast carries.

    Examples
    --------
    >>> "little_giant" in laws().schemes
    True
    """
    return _sound(files(__package__) / "law")


def read_laws(folder: Path) -> Laws:
    """Return the laws of a folder: an official's own copy.

    Raises
    ------
    Refused
        If anything grave is wrong; the message names every fault, with file, line and what to do.
    UnreadableFile
        If there is no such folder, or no law in it.
    """
    return _sound(folder)


def open_folder(folder: Traversable) -> LawFolder:
    """Return what a folder holds, and all that is wrong with it.

    Raises
    ------
    UnreadableFile
        If there is no such folder, or no law in it.
    """
    names = _names(folder)
    found: dict[str, Law] = {}
    cases: dict[str, CaseFile] = {}
    lines: dict[str, Lines] = {}
    problems: list[Problem] = []
    for name in names:
        model = CaseFile if name.endswith(_CASES) else Law
        read, faults, lines[name] = _read(folder / name, name, model)
        problems += faults
        if isinstance(read, CaseFile):
            cases[read.scheme] = read
        elif isinstance(read, Law):
            found[read.scheme] = read
            if name != f"{read.scheme}.yaml":
                problems.append(_misnamed(name, lines[name], read.scheme))
            problems += check_law(read, name, lines[name])
    in_order = sorted(found.items(), key=lambda one: (one[1].rung is None, one[1].rung, one[0]))
    known = Laws(dict(in_order))
    problems += check_together(known.by_scheme, lines)
    problems.sort(key=lambda one: (one.file, one.line or 0))
    return LawFolder(known, cases, lines, tuple(problems))


def _sound(folder: Traversable) -> Laws:
    found = open_folder(folder)
    # Cases prove a law and do not make it: what is wrong with them keeps nobody from using it.
    grave = [one for one in found.problems if one.grave and not one.file.endswith(_CASES)]
    if grave:
        raise Refused(
            "the law cannot be used as it stands, {count} faults: {faults}",
            count=len(grave),
            faults=Label(
                "；".join(problem.text("zh") for problem in grave[:_SHOWN]),
                "; ".join(problem.text("en") for problem in grave[:_SHOWN]),
            ),
        )
    return found.laws


def _names(folder: Traversable) -> list[str]:
    try:
        names = sorted(one.name for one in folder.iterdir() if one.is_file())
    except OSError as error:
        raise UnreadableFile(
            "{folder}: not a folder that can be read ({reason}); name one that holds laws",
            folder=folder,
            reason=error.strerror or "",
        ) from error
    laws_of = [name for name in names if name.endswith((".yaml", ".yml"))]
    if not any(not name.endswith(_CASES) for name in laws_of):
        raise UnreadableFile(
            "{folder}: there is no law in this folder; a law is a file such as little_giant.yaml",
            folder=folder,
        )
    return laws_of


Model = TypeVar("Model", bound=BaseModel)


def _read(
    file: Traversable, name: str, model: type[Model]
) -> tuple[Model | None, list[Problem], Lines]:
    try:
        with file.open("rb") as opened:
            content = opened.read(LONGEST * 4 + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        reason = {"reason": error.strerror or ""}
        fault = Sentence("the file cannot be read: {reason}", reason)
        return None, [Problem(name, None, fault)], {}
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        fault = Sentence("the file is not UTF-8 from here on; save it as UTF-8")
        return None, [Problem(name, line, fault)], {}
    read = read_yaml(text)
    problems = [Problem(name, line, fault) for line, fault in read.faults]
    if problems:
        return None, problems, read.lines
    try:
        return model.model_validate(read.data), problems, read.lines
    except ValidationError as error:
        return None, list(misfits(error, name, read)), read.lines


def _misnamed(name: str, lines: Lines, scheme: str) -> Problem:
    return Problem(
        name,
        lines.get(("scheme",)),
        Sentence("the law of {scheme} stands in {wanted}; rename the file or the scheme",
                 {"scheme": scheme, "wanted": f"{scheme}.yaml"}),
    )  # fmt: skip
