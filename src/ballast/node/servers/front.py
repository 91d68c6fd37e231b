"""One native message in, one native message out, whatever the door.

UDP, TCP and the HTTP tunnel carry the same messages, so what a message means
is decided here once and knows nothing of sockets. The plain resolution, which
is nearly all of the traffic, is answered by ``hot`` before any object is made;
everything else comes through ``Front.answer``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ballast.node.servers.budget import Budgets
from ballast.node.servers.channel import Channel
from ballast.node.servers.counters import Counters
from ballast.node.servers.tally import Tally

if TYPE_CHECKING:
    from ballast.node.registry.store import Store
    from ballast.node.writer.client import WriterClient

__all__ = ["Front"]


class Front:
    """What answers native messages.

    Parameters
    ----------
    store
        The records, for reading.
    writer
        The way to the process that writes; it also keeps the pending challenges.
    budgets
        What each address may.
    counters
        Where requests and answers are counted.
    tally
        Where resolutions are summed by prefix.
    clock
        Epoch seconds.
    random
        Fresh random bytes.
    """

    def __init__(
        self,
        store: Store,
        writer: WriterClient,
        budgets: Budgets,
        counters: Counters,
        tally: Tally,
        *,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
    ) -> None:
        self.store = store
        self.writer = writer
        self.budgets = budgets
        self.counters = counters
        self.tally = tally
        self.clock = clock
        self.random = random

    def answer(self, data: bytes, channel: Channel) -> bytes | Awaitable[bytes]:
        """Return the answer to one whole native message, or the promise of it.

        Never raises for what the peer sent: whatever cannot be understood is answered by the
        protocol's own error.

        Parameters
        ----------
        data
            Envelope and message, complete, of any content.
        channel
            How it came in; a login changes its identity.
        """
        raise NotImplementedError
