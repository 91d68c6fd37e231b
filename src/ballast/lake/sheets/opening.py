"""Whether a file may be read at all, and what its bytes are.

The suffix alone is not believed: statistical systems export HTML and CSV under
the name .xls, and a reader that tries "the likely one" reports an error nobody
can act on.
"""

from __future__ import annotations

import os
import stat
from enum import StrEnum
from pathlib import Path

from ballast.errors import Refused, UnreadableFile
from ballast.lake.sheets.limits import (
    MAX_TEXT_BYTES,
    MAX_WORKBOOK_BYTES,
    MIB,
)

__all__ = ["ENCRYPTED", "Content", "damaged", "locked", "open_as"]

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Excel keeps a workbook with a password ([MS-OFFCRYPTO] 2.3.4.4)."""

_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Content(StrEnum):
    """What the bytes of a file are."""

    XLSX = "xlsx"
    XLS = "xls"
    PARQUET = "parquet"
    TEXT = "text"
    HTML = "html"
    XML = "xml"
    OTHER = "other"


_BY_SUFFIX = {
    ".xlsx": Content.XLSX,
    ".xlsm": Content.XLSX,
    ".xls": Content.XLS,
    ".csv": Content.TEXT,
    ".tsv": Content.TEXT,
    ".txt": Content.TEXT,
    ".parquet": Content.PARQUET,
}
_SUFFIX_OF = {
    Content.XLSX: ".xlsx",
    Content.XLS: ".xls",
    Content.TEXT: ".csv",
    Content.PARQUET: ".parquet",
}


def open_as(path: Path) -> Content:
    """Return what a file is read as.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Content
        One of `XLSX`, `XLS`, `TEXT` and `PARQUET`; suffix and bytes agree.

    Raises
    ------
    UnreadableFile
        If there is no such file, it may not be read, is empty or too large,
        or is not what its name says.
    """
    head = _head(path)
    expected = _BY_SUFFIX.get(path.suffix.lower())
    found = _content(head)
    if expected is None:
        raise UnreadableFile(
            "{path}: files named {suffix} are not read; save it as .xlsx, .csv or .parquet",
            path=path,
            suffix=path.suffix or "–",
        )
    if found is expected:
        return found
    if found is Content.XLS and ENCRYPTED in path.read_bytes():
        raise locked(path)
    raise _wrong_kind(path, found)


def damaged(path: Path) -> Refused:
    """Return the refusal of a workbook that breaks off or does not parse."""
    return UnreadableFile(
        "{path}: the workbook is cut off or damaged; get it again, or open it in Excel and save it"
        " anew as .xlsx",
        path=path,
    )


def locked(path: Path) -> UnreadableFile:
    """Return the refusal of a workbook that asks for a password."""
    return UnreadableFile(
        "{path}: the workbook is locked by a password; open it in Excel and save it without one",
        path=path,
    )


def _head(path: Path) -> bytes:
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise UnreadableFile("{path}: is a folder; name a file in it", path=path)
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableFile("{path}: is not a file", path=path)
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise _closed(path, error) from None
    except ValueError:  # a name with a NUL in it
        raise UnreadableFile("{path}: there is no such file", path=repr(str(path))) from None
    if not head:
        raise UnreadableFile(
            "{path}: the file is empty; was it saved before it was sent?", path=path
        )
    is_book = path.suffix.lower() in (".xlsx", ".xlsm", ".xls")
    most = MAX_WORKBOOK_BYTES if is_book else MAX_TEXT_BYTES
    if found.st_size > most:
        raise UnreadableFile(
            "{path}: has {size} MB, the limit is {most} MB; split it"
            " or save a workbook as CSV or Parquet",
            path=path,
            size=-(-found.st_size // MIB),
            most=most // MIB,
        )
    return head


def _closed(path: Path, error: OSError) -> Refused:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UnreadableFile("{path}: there is no such file", path=path)
    if isinstance(error, PermissionError):
        return UnreadableFile("{path}: you have no permission to read it", path=path)
    return UnreadableFile(
        "{path}: cannot be opened: {reason}",
        path=path,
        reason=os.strerror(error.errno) if error.errno else str(error),
    )


def _content(head: bytes) -> Content:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Content.XLSX
    if head.startswith(_OLE):
        return Content.XLS
    if head.startswith(b"PAR1"):
        return Content.PARQUET
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<style")):
        return Content.HTML
    if start.startswith(b"<?xml"):
        return Content.HTML if b"<html" in start else Content.XML
    if start.startswith(
        (b"%pdf", b"rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\x89png", b"\xff\xd8\xff")
    ):
        return Content.OTHER
    return Content.TEXT


def _wrong_kind(path: Path, found: Content) -> Refused:
    if found is Content.HTML:
        return UnreadableFile(
            "{path}: is an HTML page, whatever its name; open it in Excel and save it as .xlsx",
            path=path,
        )
    if found is Content.XML:
        return UnreadableFile(
            "{path}: is an XML file, whatever its name; open it in Excel and save it as .xlsx",
            path=path,
        )
    if found is Content.TEXT and path.suffix.lower() not in (".xls", ".xlsx", ".xlsm"):
        return UnreadableFile(
            "{path}: is not a Parquet file, or is damaged; get it again", path=path
        )
    if found in _SUFFIX_OF:
        return UnreadableFile(
            "{path}: its bytes are those of a {right} file, not of {suffix}; rename it or,"
            " if it does not open then, get it again",
            path=path,
            right=_SUFFIX_OF[found],
            suffix=path.suffix,
        )
    return UnreadableFile(
        "{path}: is not a table; save it as .xlsx, .csv or .parquet",
        path=path,
    )
