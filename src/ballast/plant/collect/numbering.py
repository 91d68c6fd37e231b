"""Names and numbers of tags: the mapping's name where there is one, an automatic one elsewhere.

What the mapping does not know is collected all the same, so that a shop sees
its machines before anybody has written a line; but a publisher must not be able
to make tags without end, so their number is bounded.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.host.actions import Source
from ballast.plant.site import Site, automatic_tag
from ballast.plant.spool.spool import Spool
from ballast.plant.wire.birth import BirthTable
from ballast.plant.wire.payload import BD_SEQ

__all__ = ["LEFT_OUT", "Numbering"]

#: The number of what is not collected.
LEFT_OUT = -1
_CONTROL = "Node Control/"


class Numbering:
    """The numbers of one collector.

    Parameters
    ----------
    site
        The mapping, or none.
    spool
        Whose numbers they are.
    max_unmapped
        How many tags that the mapping does not know are numbered at most.
    """

    def __init__(self, site: Site | None, spool: Spool, max_unmapped: int) -> None:
        self._site, self._spool = site, spool
        self._max_unmapped = max_unmapped
        self._unmapped: set[str] = set()
        self._mask = np.zeros(1024, np.bool_)

    def of(self, tag: str, *, mapped: bool) -> int:
        """Return the number of a tag, or `LEFT_OUT`."""
        if not mapped and tag not in self._unmapped:
            if len(self._unmapped) >= self._max_unmapped:
                return LEFT_OUT
            self._unmapped.add(tag)
        try:
            number = self._spool.number(tag)
        except Refused:  # too long, or one of too many
            return LEFT_OUT
        if number >= len(self._mask):
            longer = np.zeros(max(number + 1, 2 * len(self._mask)), np.bool_)
            longer[: len(self._mask)] = self._mask
            self._mask = longer
        self._mask[number] = not mapped
        return number

    def of_table(self, source: Source, table: BirthTable) -> tuple[npt.NDArray[np.int64], int]:
        """Return the number of each tag of a birth, and how many were left out by the bound.

        Returns
        -------
        ndarray, shape (tags,)
            `LEFT_OUT` where a metric is not collected: what only steers Sparkplug
            (bdSeq, Node Control) and what is over the bound.
        int
            How many are over the bound.
        """
        numbers = np.full(len(table.tags), LEFT_OUT, np.int64)
        over = 0
        for place, tag in enumerate(table.tags):
            if tag.name == BD_SEQ or tag.name.startswith(_CONTROL):
                continue
            found = None
            if self._site is not None:
                found = self._site.sparkplug_tag(source.group, source.node, source.device, tag.name)
            name = found.tag if found is not None else automatic_tag(
                source.group, source.node, source.device, tag.name
            )  # fmt: skip
            numbers[place] = self.of(name, mapped=found is not None)
            over += int(numbers[place] == LEFT_OUT)
        return numbers, over

    def unmapped(self, numbers: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
        """Return which numbers are of tags that the mapping does not know."""
        found: npt.NDArray[np.bool_] = self._mask[numbers]
        return found

    @property
    def unmapped_count(self) -> int:
        """How many tags that the mapping does not know are collected."""
        return len(self._unmapped)
