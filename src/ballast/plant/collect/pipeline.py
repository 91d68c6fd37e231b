"""The one way in: samples of live machines and of recordings become rows of the spool here.

Were there two ways, a recording would not show what the live one does to data.
Whatever comes is numbered, marked (late, ahead, retained …), freed of what is
known already, and put into the spool; what is odd about it is counted and told
as events. ``commit`` is the moment after which a source may forget.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ballast.plant.host.actions import Action
from ballast.plant.site import Site

if TYPE_CHECKING:
    from ballast.plant.spool import Spool

__all__ = ["Pipeline", "Taken"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of some samples.

    Parameters
    ----------
    rows
        How many were new and go to the spool.
    duplicates
        How many were known already, value and all, and were dropped.
    conflicts
        How many had the time and ordinal of a known one and another value.
    """

    rows: int
    duplicates: int
    conflicts: int


class Pipeline:
    """The way of samples into a spool.

    A sample is known by (tag, source time, ordinal). The same again is a
    duplicate and dropped. Another value under the same tag and time, where the
    source gave no ordinal, gets the next ordinal and counts as a conflict:
    nothing that a machine said is thrown away.

    Parameters
    ----------
    site
        The mapping; none: every tag is named automatically.
    spool
        Open for writing.
    clock_ms
        Epoch ms UTC.
    late_after_ms, ahead_after_ms
        How far a source's clock may be behind or before ours unmarked.
    max_unmapped
        How many tags that the mapping does not know are collected at most.
    """

    def __init__(
        self,
        site: Site | None,
        spool: Spool,
        *,
        clock_ms: Callable[[], int],
        late_after_ms: int = 60_000,
        ahead_after_ms: int = 60_000,
        max_unmapped: int = 20_000,
    ) -> None:
        raise NotImplementedError

    def actions(self, actions: Sequence[Action], *, retained: bool = False) -> None:
        """Take what a Sparkplug host tells: births, samples, gaps, stale marks, doubts.

        Parameters
        ----------
        actions
            In the host's order; what is to be sent (`Publish`, `Connect` …) is passed over.
        retained
            Whether the message behind them was a retained one.
        """
        raise NotImplementedError

    def json(
        self, topic: str, payload: bytes, now: int, *, retained: bool = False,
        duplicate: bool = False,
    ) -> Taken:  # fmt: skip
        """Take a JSON message by the mapping; what cannot be read becomes an event.

        Parameters
        ----------
        topic
            As received.
        payload
            As received; never trusted.
        now
            Time of receipt, epoch ms.
        retained, duplicate
            The flags of the message (a redelivery carries DUP).
        """
        raise NotImplementedError

    def samples(
        self,
        tag: str,
        times: npt.NDArray[np.int64],
        values: npt.NDArray[np.float64],
        *,
        ordinals: npt.NDArray[np.int32] | None = None,
        texts: Sequence[str | None] | None = None,
        received_at: int | None = None,
        mapped: bool = True,
    ) -> Taken:
        """Take samples of one tag, as a recording holds them.

        Parameters
        ----------
        tag
            Its path.
        times
            Source times, epoch ms, shape (n,).
        values
            Shape (n,); NaN is a value that was recorded so.
        ordinals
            Shape (n,); none: the place among the equal times of this call.
        texts
            Shape (n,); the value where it is no number.
        received_at
            Epoch ms; none: now.
        mapped
            Whether the mapping knows the tag.
        """
        raise NotImplementedError

    def tick(self, now: int) -> None:
        """Let the clock pass: counted doubts become events."""
        raise NotImplementedError

    @property
    def waiting(self) -> int:
        """How many samples are not on the disk yet."""
        raise NotImplementedError

    def commit(self) -> None:
        """Bring everything taken so far to the disk; acknowledgements may go out after it.

        Raises
        ------
        StorageFailed
            Nothing of it may be acknowledged; it is kept, and may be tried again.
        """
        raise NotImplementedError
