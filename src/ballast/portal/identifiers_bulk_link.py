"""A load that may name what is under some prefixes only, whatever stands in its lines.

The node is asked as its operator, so the rights of whoever loads must be
judged before. A filter in front would have to read each line as the node will,
and one JSON read in two ways is a hole. So the lines are packed once, by the
node's own packer, and what was packed is judged here, on its way to the
writer: items under other prefixes become refused lines of the block, which the
node keeps with the load and answers again when it is sent again.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Mapping
from itertools import chain, repeat

import msgspec

from ballast.node.registry.entries import BulkRefusal
from ballast.node.service.answers import turned_down
from ballast.node.service.caller import Caller
from ballast.node.wire.codes import ResponseCode
from ballast.node.writer.blocks import Block, Judged, Outcome
from ballast.node.writer.bodies import Lease
from ballast.node.writer.bulk import Link, load_lines
from ballast.terms.label import Language

__all__ = ["OwnPrefixes", "load_own"]

_CODE = int(ResponseCode.INSUFFICIENT_PERMISSIONS)


class OwnPrefixes:
    """A way to the writer that lets pass what is registered under some prefixes (a ``Link``).

    Parameters
    ----------
    link
        The way behind it.
    allowed
        Whether something may be registered under a prefix, given folded; asked for each block.
    """

    def __init__(self, link: Link, allowed: Callable[[bytes], bool]) -> None:
        self._link, self._allowed = link, allowed

    async def lease(self, load: bytes) -> Lease:
        """Take a key for this load alone."""
        return await self._link.lease(load)

    async def release(self, load: bytes) -> None:
        """Give a key back."""
        await self._link.release(load)

    async def refusals(self, load: bytes, after: int, last: int) -> list[BulkRefusal]:
        """Return the refused lines of a load above one number, up to another."""
        return await self._link.refusals(load, after, last)

    async def block(self, block: Block, caller: Caller) -> Outcome:
        """Return what became of a block, with the items that were held back among the refused."""
        verdicts = {prefix: self._allowed(prefix) for prefix, _ in block.prefixes}
        if all(verdicts.values()):
            return await self._link.block(block, caller)
        passed, held = _parted(block, verdicts)
        outcome = await self._link.block(_reduced(block, verdicts, passed, held), caller)
        judged = [Judged(passed[one.item], one.code, one.message) for one in outcome.refused] + held
        judged.sort(key=lambda one: one.item)
        return msgspec.structs.replace(outcome, refused=judged)


def _parted(block: Block, verdicts: Mapping[bytes, bool]) -> tuple[list[int], list[Judged]]:
    """Return the places of the items that may pass, and why the others may not."""
    prefixes = chain.from_iterable(repeat(name, count) for name, count in block.prefixes)
    passed: list[int] = []
    held: list[Judged] = []
    for place, prefix in enumerate(prefixes):
        if verdicts[prefix]:
            passed.append(place)
        else:
            said = turned_down(
                ResponseCode.INSUFFICIENT_PERMISSIONS,
                "{prefix}: your account may not register identifiers under this prefix",
                prefix=prefix,
            )
            held.append(Judged(place, _CODE, said.sentence))
    return passed, held


def _reduced(
    block: Block, verdicts: Mapping[bytes, bool], passed: list[int], held: list[Judged]
) -> Block:
    numbers = block.numbers or range(block.first_line, block.first_line + len(block.items))
    refused = [
        *block.refused,
        *(
            (numbers[one.item], block.handles[one.item].decode(), one.code, one.message)
            for one in held
        ),
    ]
    return msgspec.structs.replace(
        block,
        prefixes=[(name, count) for name, count in block.prefixes if verdicts[name]],
        items=[block.items[place] for place in passed],
        handles=[block.handles[place] for place in passed],
        refused=sorted(refused),
        numbers=[numbers[place] for place in passed],
    )


def load_own(
    link: Link,
    chunks: AsyncIterable[bytes],
    caller: Caller,
    clock: Callable[[], float],
    allowed: Callable[[bytes], bool],
    *,
    key: str | None,
    overwrite: bool = False,
    language: Language,
) -> AsyncGenerator[bytes, None]:
    """Load NDJSON under one's own prefixes; yield result lines as pieces, in order.

    Parameters
    ----------
    link, chunks, caller, clock, key, overwrite, language
        As for ``node.writer.bulk.load_lines``, also for what is raised.
    allowed
        Whether something may be registered under a prefix, given folded.
    """
    return load_lines(
        OwnPrefixes(link, allowed),
        chunks,
        caller,
        clock,
        key=key,
        overwrite=overwrite,
        language=language,
    )
