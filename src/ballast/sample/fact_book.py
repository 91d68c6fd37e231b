"""The facts of the sample as they are written down, key by key, into rows of one table.

Some are left out on the way, as people leave fields of a form empty. Who fills
in carefully leaves out next to nothing, the others leave out fields by their
own chance each: so missing facts stand together, as they do in a real register.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from ballast.sample.synthetic import SOURCE, Floats, typed

__all__ = ["Book"]

Flags = npt.NDArray[np.bool_]
_Share = float | Floats
_USUAL, _CAREFUL = 0.5, 0.997  # what most can know, the careful leave out only by mistake


class Book:
    """Facts as they are stated; one element of every array is an enterprise.

    Parameters
    ----------
    codes
        Of the enterprises.
    states, careful
        Who states anything, and who fills in nearly all of it.
    complete
        Index of the one that leaves nothing out.
    day
        On which facts hold that are of no year.
    rng
        Decides what is left out.
    """

    def __init__(
        self,
        codes: Sequence[str],
        states: Flags,
        careful: Flags,
        complete: int,
        day: date,
        rng: np.random.Generator,
    ) -> None:
        self._codes = pl.Series(codes)
        self._states = states
        self._complete = complete
        self._day = day
        self._rng = rng
        self._careful = careful
        self._frames: list[pl.DataFrame] = []

    def number(self, fact: str, values: Floats, year: int | None = None, *, known: _Share) -> None:
        """State amounts; NaN is not stated. ``known`` is the share of those who fill the field."""
        rounded = np.round(np.asarray(values, dtype=np.float64), 4)
        at = self._who(np.isfinite(rounded), known)
        self._add(fact, at, year, value_number=rounded[at])

    def whole(
        self, fact: str, values: npt.NDArray[np.generic], year: int | None = None, *, known: _Share
    ) -> None:
        """State counts, as `number`."""
        self.number(fact, np.asarray(values, dtype=np.float64), year, known=known)

    def flag(self, fact: str, values: Flags, *, known: _Share) -> None:
        """State yes or no, as `number`."""
        at = self._who(np.ones(len(values), dtype=np.bool_), known)
        self._add(fact, at, None, value_text=np.where(values[at], "true", "false").tolist())

    def text(self, fact: str, values: Sequence[str], *, known: _Share) -> None:
        """State choices, as `number`."""
        at = self._who(np.ones(len(values), dtype=np.bool_), known)
        self._add(fact, at, None, value_text=[values[i] for i in at.tolist()])

    def _who(self, there: Flags, known: _Share) -> npt.NDArray[np.int64]:
        """Return who states a fact: the careful almost always, where anybody knows it at all."""
        chance = np.broadcast_to(np.asarray(known, dtype=np.float64), there.shape)
        chance = np.where(self._careful & (chance >= _USUAL), np.maximum(chance, _CAREFUL), chance)
        filled = self._rng.random(len(there)) < chance
        filled[self._complete] = True
        return np.flatnonzero(filled & there & self._states)

    def _add(self, fact: str, at: npt.NDArray[np.int64], year: int | None, **cells: object) -> None:
        if len(at):
            self._frames.append(
                typed(
                    "enterprise_fact",
                    {
                        "uscc": self._codes.gather(at),
                        "fact": fact,
                        "as_of": self._day if year is None else date(year, 12, 31),
                        "year": self._day.year if year is None else year,
                        "source": SOURCE,
                        **cells,
                    },
                )
            )

    def frame(self) -> pl.DataFrame:
        """Return the table, one enterprise after the other."""
        return pl.concat(self._frames).sort("uscc", "fact", "as_of")
