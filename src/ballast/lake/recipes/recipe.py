"""What a recipe is: a named way from a known kind of file to tables of the lake.

A recipe reads and returns frames; it never touches storage. The loader
checks the frames against the declarations like any other input and commits
them under one load. That is why a recipe is a value with a pure reader
rather than a loader of its own: the checks and the commit exist once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ballast.errors import WrongUsage
from ballast.lake.tables import TABLES
from ballast.terms.label import Label, Language
from ballast.words import Sentence


@dataclass(frozen=True, slots=True)
class RecipeFrames:
    """What a recipe made of its files.

    Parameters
    ----------
    frames
        By table name; columns under their declared names and in their
        declared types, without provenance. A declared column may be left out.
    sentences
        What a reader of the ledger should know of the load.
    """

    frames: Mapping[str, pl.DataFrame]
    sentences: tuple[Sentence, ...] = ()

    @property
    def note(self) -> str:
        """The sentences in English, for the ledger."""
        return self.note_in("en")

    def note_in(self, language: Language) -> str:
        """Return the sentences in one language."""
        return ("" if language == "zh" else " ").join(s.text(language) for s in self.sentences)


Reader = Callable[[Sequence[Path], Mapping[str, str]], RecipeFrames]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A known kind of file, and how it becomes tables.

    Parameters
    ----------
    name
        As written after ``--recipe``.
    label
        What the kind of file is called.
    meaning
        What it holds and what the recipe makes of it, for the reference page.
    files
        The files it reads, in the order of the page.
    options
        Option name to what it does and what it is when left out.
    tables
        The tables that it fills.
    reader
        Reads the files; called only with known options and a right number of files.
    fewest_files
        How many of ``files`` must be given; all of them when left out.
    """

    name: str
    label: Label
    meaning: Label
    files: tuple[Label, ...]
    options: Mapping[str, Label]
    tables: tuple[str, ...]
    reader: Reader
    fewest_files: int | None = None

    def __post_init__(self) -> None:
        for name in self.tables:
            if name not in TABLES:
                raise ValueError(f"{self.name}: no table {name}")

    def read(self, paths: Sequence[Path], options: Mapping[str, str]) -> RecipeFrames:
        """Return the tables that the files hold.

        Parameters
        ----------
        paths
            The files.
        options
            Option name to its text.

        Raises
        ------
        WrongUsage
            If an option is unknown or wrong, or the number of files is.
        Refused
            If a file cannot be read or breaks a rule of its kind.
        """
        for option in options:
            if option not in self.options:
                raise WrongUsage(
                    "recipe {recipe} has no option {option}; it has: {known}",
                    recipe=self.name,
                    option=option,
                    known=", ".join(self.options) or "—",
                )
        fewest = len(self.files) if self.fewest_files is None else self.fewest_files
        if not fewest <= len(paths) <= len(self.files):
            wanted = f"{fewest}–{len(self.files)}" if fewest < len(self.files) else f"{fewest}"
            raise WrongUsage(
                "recipe {recipe} reads {wanted} file(s), {given} given; it reads: {files}",
                recipe=self.name,
                wanted=wanted,
                given=len(paths),
                files="; ".join(f"{label.zh} ({label.en})" for label in self.files),
            )
        return self.reader(paths, options)
