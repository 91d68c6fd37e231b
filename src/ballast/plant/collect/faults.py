"""What goes wrong with the collector, said once in every place where somebody looks.

In the log for the report of next month, in the live picture for the page, and
as one line on standard error for whoever started it. A broker that is away all
night is one line, not one for each attempt.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from ballast.errors import BallastError
from ballast.plant.collect.pipeline import Pipeline
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.terms.label import Language
from ballast.words import Sentence, pack

__all__ = ["Faults"]


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201


class Faults:
    """The troubles of one collector.

    Parameters
    ----------
    pipeline
        Takes the events.
    clock_ms
        Epoch ms UTC.
    language
        Of the lines.
    write
        Takes a line for whoever started the collector.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        clock_ms: Callable[[], int],
        language: Language,
        write: Callable[[str], None] = _to_stderr,
    ) -> None:
        self._pipeline, self._clock = pipeline, clock_ms
        self._language, self._write = language, write
        self._since: dict[tuple[EventKind, str], int] = {}
        self.last: str | None = None
        self.last_at: int | None = None

    def begin(self, kind: EventKind, source: str, error: BallastError) -> None:
        """Say that a trouble began; while it lasts it is not said again."""
        if (kind, source) in self._since:
            return
        now = self._clock()
        self._since[kind, source] = now
        said = Sentence(error.template, error.values)
        self.last, self.last_at = pack([said]), now
        self._pipeline.event(CollectEvent(now, kind, source, None, now, None, 1, self.last or ""))
        self._write(said.text(self._language))

    def end(self, kind: EventKind, source: str, over: EventKind, said: Sentence) -> None:
        """Say that a trouble is over; nothing where there was none.

        Parameters
        ----------
        kind, source
            As it began.
        over
            The kind of the event that ends it.
        said
            The line.
        """
        since = self._since.pop((kind, source), None)
        if since is not None:
            now = self._clock()
            detail = pack([said]) or ""
            self._pipeline.event(CollectEvent(now, over, source, None, since, now, 1, detail))
            self._write(said.text(self._language))
