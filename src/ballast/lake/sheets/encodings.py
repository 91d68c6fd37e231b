"""The encoding of a text file: one, and the same from the first line to the last.

Chinese systems write UTF-8 (with or without BOM), GB18030, and UTF-16 where
Excel says "Unicode text". Two files pasted into one carry two encodings; bytes
of UTF-8 often decode as GB18030 into other characters without an error, so a
file that is not UTF-8 is looked at line by line before it is believed.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from ballast.errors import UnreadableFile

__all__ = ["from_gb18030", "from_utf16", "is_utf8"]

_CHUNK = 16 * 1024 * 1024
_NOT_ASCII_LINES = re.compile(rb"[^\n]*[\x80-\xff][^\n]*")


def is_utf8(data: bytes) -> bool:
    """Return whether bytes are UTF-8 throughout, without keeping the text.

    Examples
    --------
    >>> is_utf8("阀门".encode()), is_utf8("阀门".encode("gb18030"))
    (True, False)
    """
    return _first_wrong(data, "utf-8") is None


def from_gb18030(data: bytes, path: Path) -> bytes:
    """Return a file that is not UTF-8 as UTF-8.

    Parameters
    ----------
    data
        The bytes of the file.
    path
        For messages.

    Raises
    ------
    UnreadableFile
        If the file mixes encodings or is in none that is known; the message
        names the first line that does not decode like the lines before it.
    """
    first = _NOT_ASCII_LINES.search(data)
    if first is None:
        return data
    if _is_really_utf8(first[0]):
        wrong = _first_wrong(data, "utf-8")
        raise _mixed(path, data, wrong or 0, "UTF-8")
    wrong = _first_wrong(data, "gb18030")
    for line in _NOT_ASCII_LINES.finditer(data):
        if wrong is not None and line.start() > wrong:
            break
        if _is_really_utf8(line[0]):
            raise _mixed(path, data, line.start(), "GB18030")
    if wrong is not None:
        raise _mixed(path, data, wrong, "GB18030")
    return _recoded(data, "gb18030")


def from_utf16(data: bytes, path: Path) -> bytes:
    """Return a UTF-16 file with its BOM as UTF-8.

    Raises
    ------
    UnreadableFile
        If it does not decode.

    Examples
    --------
    >>> from_utf16("阀门".encode("utf-16"), Path("a.csv")).decode()
    '阀门'
    """
    try:
        return data.decode("utf-16").encode()
    except UnicodeError:
        raise UnreadableFile(
            "{path}: begins as UTF-16 and does not go on so; save it as UTF-8", path=path
        ) from None


def _first_wrong(data: bytes, encoding: str) -> int | None:
    """Return the place of the first byte that does not decode, chunk by chunk."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, max(1, len(data)), _CHUNK):
        chunk = data[start : start + _CHUNK]
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk, final=start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return max(0, start - pending + error.start)
    return None


def _recoded(data: bytes, encoding: str) -> bytes:
    decoder = codecs.getincrementaldecoder(encoding)()
    parts = [
        decoder.decode(data[start : start + _CHUNK]).encode()
        for start in range(0, len(data), _CHUNK)
    ]
    return b"".join([*parts, decoder.decode(b"", final=True).encode()])


def _is_really_utf8(line: bytes) -> bool:
    """Return whether a line is UTF-8, and not GB2312 that happens to decode as it.

    A few GB2312 words are valid UTF-8 (the best known is 联通). UTF-8 read as
    GB18030 falls outside the plain hanzi of GB2312 almost at once.
    """
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    try:
        line.decode("gb2312")
    except UnicodeDecodeError:
        return True
    return False


def _mixed(path: Path, data: bytes, place: int, encoding: str) -> UnreadableFile:
    return UnreadableFile(
        "{path}: line {line} is not {encoding} like the lines before it;"
        " save the file in one encoding, best UTF-8",
        path=path,
        line=data.count(b"\n", 0, place) + 1,
        encoding=encoding,
    )
