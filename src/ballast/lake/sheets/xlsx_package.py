"""What an .xlsx holds, looked at before calamine is let near it.

calamine trusts the file: it reserves memory for as many strings as the file
claims, and for every cell between the first and the last one; a stray cell at
XFD1048576 asks for 17 billion. Both end the process, not the call. So the zip
is read through once, at the speed of unpacking, and bounded first. Unpacking
also checks every CRC, which finds cut and damaged files.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from ballast.errors import UnreadableFile
from ballast.lake.sheets.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_UNZIPPED_BYTES,
    MAX_ZIP_RATIO,
    MIB,
    RATIO_FREE_BYTES,
)
from ballast.lake.sheets.opening import damaged, locked

__all__ = ["Bounds", "Package", "look_into"]

_CHUNK = 4 * MIB
_OVERLAP = 4096  # a cell's opening tag is shorter
_VALUED = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,9})(\d{1,12})["'](?:[^>]*[^/>])?>""")
# Other ways to write the attribute, each behind a byte that is rare: one byte is found fastest.
_ODD_SPELLINGS = ((b"'", b"r='"), (b"\t", b"\tr="), (b"\n", b"\nr="), (b"\r", b"\rr="))
_ODD_BLANKS = (b"r =", b'r= "')
_WIDE = [re.compile(rb' r="[A-Za-z]{%d,}' % letters) for letters in (1, 2, 3, 4)]
_COLUMNS = (0, 26, 702, MAX_COLUMNS, 10**9)  # as many as one, two, three letters can name
_CLAIMED = re.compile(rb"""<(?:\w+:)?sst\b[^>]*\buniqueCount\s*=\s*["'](\d+)["']""")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a workbook may hold: bytes of all its parts unpacked, and cells of its sheets."""

    unzipped: int = MAX_UNZIPPED_BYTES
    cells: int = MAX_CELLS


@dataclass(frozen=True, slots=True)
class Package:
    """What was seen in an .xlsx.

    Parameters
    ----------
    has_errors
        Some cell holds a formula error; calamine's cells do not show it.
    """

    has_errors: bool


def _at_least(number: int) -> bytes:
    """Return a pattern for the row numbers from ``number`` on."""
    digits = str(number)
    options = [rf"[1-9]\d{{{len(digits)},}}", rf"\d{{{len(digits) + 3},}}", digits]
    for place, digit in enumerate(digits):
        if digit != "9":
            rest = len(digits) - place - 1
            options.append(rf"{digits[:place]}[{int(digit) + 1}-9]\d{{{rest}}}")
    return rf' r="[A-Za-z]{{1,9}}(?:{"|".join(options)})"'.encode()


# A sheet whose rows stay below one of these fits, with as many columns as one more letter names.
_ROWS = (1, *(MAX_CELLS // columns for columns in (MAX_COLUMNS, 702, 26)))
_FAR = [re.compile(_at_least(rows)) for rows in _ROWS]


@dataclass(slots=True)
class _Box:
    """How far the cells of a sheet reach at most, in steps; found by a few fast searches."""

    far: int = 0
    wide: int = 0
    odd: bool = False

    @property
    def cells(self) -> int:
        if self.odd:
            return 10**18
        rows = (*_ROWS, 10**12)[self.far]
        return rows * _COLUMNS[self.wide]

    def see(self, chunk: bytes) -> None:
        while self.far < len(_FAR) and _FAR[self.far].search(chunk):
            self.far += 1
        while self.wide < len(_WIDE) and _WIDE[self.wide].search(chunk):
            self.wide += 1
        self.odd = (
            self.odd
            or any(rare in chunk and spelling in chunk for rare, spelling in _ODD_SPELLINGS)
            or any(spelling in chunk for spelling in _ODD_BLANKS)
        )


def look_into(path: Path, content: bytes | None = None, bounds: Bounds | None = None) -> Package:
    """Check an .xlsx as far as it can be without parsing it.

    Parameters
    ----------
    path
        The workbook.
    content
        Its bytes, where it is no file; then ``path`` is only what it is called.
    bounds
        Narrower ones than for a file that somebody with a right to load has named.

    Returns
    -------
    Package

    Raises
    ------
    UnreadableFile
        If it is damaged, no workbook, or would not fit into memory.
    """
    bounds = bounds or Bounds()
    try:
        with zipfile.ZipFile(path if content is None else BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
                raise UnreadableFile(
                    "{path}: is a zip file but not an Excel workbook; save it as .xlsx", path=path
                )
            _check_sizes(path, parts, bounds.unzipped)
            seen = [_scan(path, package, part) for part in parts]
            cells = sum(most for _, most in seen)
            if cells > bounds.cells:
                cells = sum(
                    _span(package, part) for part, (_, n) in zip(parts, seen, strict=True) if n
                )
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,  # a place in the file that is none
        ValueError,
        KeyError,
    ):
        raise damaged(path) from None
    except RuntimeError:  # zipfile's word for an encrypted part
        raise locked(path) from None
    if cells > bounds.cells:
        raise UnreadableFile(
            "{path}: its sheets span {cells} cells, the limit is {most}; delete stray cells far"
            " from the table, or save the sheet as CSV or Parquet",
            path=path,
            cells=f"{cells:,}",
            most=f"{bounds.cells:,}",
        )
    return Package(any(errors for errors, _ in seen))


def _check_sizes(path: Path, parts: list[zipfile.ZipInfo], most: int) -> None:
    unzipped = sum(part.file_size for part in parts)
    bomb = any(
        part.file_size > RATIO_FREE_BYTES
        and part.file_size > MAX_ZIP_RATIO * max(1, part.compress_size)
        for part in parts
    )
    if bomb or unzipped > most:
        raise UnreadableFile(
            "{path}: unpacks to {size} MB, more than a workbook may ({most} MB, {ratio} times its"
            " packed size); save the sheet as CSV or Parquet",
            path=path,
            size=unzipped // MIB,
            most=most // MIB,
            ratio=MAX_ZIP_RATIO,
        )


def _scan(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[bool, int]:
    """Return whether a part holds error cells, and how many cells its sheet spans at most."""
    if not part.filename.endswith(".xml"):
        package.open(part).close()
        return False, 0
    is_strings = part.filename.lower().endswith("sharedstrings.xml")
    box, errors, tail, read = _Box(), False, b"", 0
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not read and not chunk.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
                raise damaged(path)
            if is_strings:
                claims = _CLAIMED.findall(chunk)
                if any(int(claim) > part.file_size for claim in claims):
                    raise damaged(path)
            else:
                window = tail + chunk
                box.see(window)
                errors = errors or b't="e"' in window or b"t='e'" in window
                tail = chunk[-_OVERLAP:]
            read += len(chunk)
    return errors, box.cells


def _span(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Return how many cells lie between the first and the last cell with a value."""
    rows: set[bytes] = set()
    columns: set[bytes] = set()
    tail = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            found = _VALUED.findall(tail + chunk)
            rows.update(row for _, row in found)
            columns.update(column for column, _ in found)
            tail = chunk[-_OVERLAP:]
    if not rows:
        return 0
    numbers = [int(row) for row in rows]
    letters = [_column_number(column) for column in columns]
    return (max(numbers) - min(numbers) + 1) * (max(letters) - min(letters) + 1)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number
