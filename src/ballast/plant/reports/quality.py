"""How good the data of each tag are: what was expected, what came, and what was wrong with it.

OEE of a machine whose tag was silent half the day is a guess. The report
counts what arrived against what the mapping promises, and names each gap with
its cause; a traffic light alone would hide which tag to mend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ballast.lake.lake import Lake
from ballast.plant.reports.window import Window
from ballast.terms.label import Label
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

if TYPE_CHECKING:
    from ballast.plant.site.site import Site
    from ballast.plant.spool.live import Live

__all__ = ["Gap", "TagQuality", "data_quality"]


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which a tag said nothing although it should have.

    Parameters
    ----------
    since_ms, until_ms
        Epoch ms UTC; ``until_ms`` is ``None`` while it lasts.
    why
        What the collector recorded, or that nothing explains it.
    kind
        The kind of the recorded event; empty where it was only found by counting.
    """

    since_ms: int
    until_ms: int | None
    why: Sentence
    kind: str


@dataclass(frozen=True, slots=True)
class TagQuality:
    """The data of one tag in a window.

    Parameters
    ----------
    tag, asset, name
        Which; ``asset`` is empty for a tag that is not in the mapping.
    expected
        How many samples the mapping promises (planned time / every_s); ``None`` where it does
        not say how often: the tag reports by exception.
    received
        How many came, late ones and history included, duplicates not.
    coverage
        Share of the planned time in which the value was known, 0 to 1; ``None``: nothing planned.
    gaps, gap_count
        The longest gaps first, at most ``GAPS``; ``gap_count`` counts all.
    late, ahead, historical, duplicates, conflicts
        Samples that came after their minute was rolled up; that are of the future; sent from
        a buffer; sent twice alike; sent twice with two values (the first one stands).
    not_numbers
        Samples whose value is NaN or infinite.
    bad
        Samples that their source marks as not good.
    unreadable
        Payloads that could not be read.
    last_ms
        The newest sample; ``None``: never.
    stale_since_ms
        Since when it is stale; ``None``: it is not.
    unmapped
        Whether the mapping does not know the tag.
    clock_offset_s
        Median of received − source time; seconds. Positive: the source's clock is behind or the
        way is slow. ``None``: nothing to say.
    notes
        What a reader must know.
    """

    tag: str
    asset: str
    name: Label
    expected: int | None
    received: int
    coverage: float | None
    gaps: tuple[Gap, ...]
    gap_count: int
    late: int
    ahead: int
    historical: int
    duplicates: int
    conflicts: int
    not_numbers: int
    bad: int
    unreadable: int
    last_ms: int | None
    stale_since_ms: int | None
    unmapped: bool
    clock_offset_s: float | None
    notes: tuple[Sentence, ...] = ()


def data_quality(
    lake: Lake,
    viewer: Viewer,
    window: Window,
    now_ms: int,
    *,
    tags: Sequence[str] | None = None,
    site: Site | None = None,
    live: Live | None = None,
) -> tuple[TagQuality, ...]:
    """Return how good the data of tags are in a window, the worst coverage first.

    Parameters
    ----------
    lake
        The home's lake.
    viewer
        Who asks.
    window
        From when, until when; what lies behind ``now_ms`` is not expected yet.
    now_ms
        Epoch ms UTC.
    tags
        Which; ``None``: all of the mapping and all that sent something.
    site
        The mapping of the home; without it the table ``tag`` is asked.
    live
        What the collector says at the moment, for what is stale now.

    Raises
    ------
    NotPermitted, NotFound
        If the viewer may not read it, or there is no such tag.
    """
    raise NotImplementedError
