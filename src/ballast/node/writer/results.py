"""The answers of a bulk load: one line of JSON for each line that was sent, in its order."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ballast.node.registry.entries import BulkRefusal
from ballast.node.wire.codes import ResponseCode
from ballast.node.writer.blocks import Judged
from ballast.node.writer.packing import Packed
from ballast.terms.label import Language
from ballast.words import unpack

__all__ = ["ResultLine", "ended_line", "result_lines"]


class ResultLine(msgspec.Struct, frozen=True, gc=False):
    """What became of one line.

    Parameters
    ----------
    line
        Its number in the load, from 1; 0 where the load as a whole had to end.
    handle
        Its handle, as far as it could be read.
    code
        The protocol's response code; 1 for registered.
    message
        Why not.
    """

    line: int
    handle: str
    code: int
    message: str = ""


_encode = msgspec.json.Encoder()
_DONE = int(ResponseCode.SUCCESS)


def result_lines(
    packed: Packed,
    judged: Iterable[Judged] = (),
    stored: Iterable[BulkRefusal] = (),
    language: Language = "en",
) -> bytes:
    """Return the answers to a block, in the order of its lines.

    Parameters
    ----------
    packed
        The block.
    judged
        The items that the writer did not register.
    stored
        What an earlier run of the load kept of lines it refused; counts before all else.

    language
        In which reasons are said.

    Examples
    --------
    >>> result_lines(Packed([], [], [], [1], ["88.118.8/A"], []))
    b'{"line":1,"handle":"88.118.8/A","code":1,"message":""}\\n'
    """
    lines = [
        ResultLine(number, handle, _DONE)
        for number, handle in zip(packed.numbers, packed.handles, strict=True)
    ]
    for one in judged:
        told = lines[one.item]
        said = unpack(one.message, language)
        lines[one.item] = ResultLine(told.line, told.handle, one.code, said)
    known = [(one.line, one.handle, one.code, one.message) for one in stored]
    if packed.refused or known:
        by_line = {line.line: line for line in lines}
        for number, handle, code, message in (*packed.refused, *known):
            by_line[number] = ResultLine(number, handle, code, unpack(message, language))
        lines = [by_line[number] for number in sorted(by_line)]
    return _encode.encode_lines(lines)


def ended_line(code: int, message: str, language: Language = "en") -> bytes:
    """Return the line, with number 0, that says why a load had to end before its end."""
    return _encode.encode(ResultLine(0, "", code, unpack(message, language))) + b"\n"
