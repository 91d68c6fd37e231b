"""How large a file may be, in one place.

The bounds keep a reader inside the memory of an ordinary machine: a sheet of
20 million cells costs calamine about 1.5 GB while it is read. A file beyond
them is refused before it is opened, with what to do instead.
"""

from __future__ import annotations

from typing import Final

MIB: Final = 1024 * 1024

MAX_TEXT_BYTES: Final = 512 * MIB  # CSV and Parquet, on disk
MAX_WORKBOOK_BYTES: Final = 256 * MIB  # .xlsx and .xls, on disk
MAX_UNZIPPED_BYTES: Final = 2048 * MIB  # all parts of an .xlsx together
MAX_ZIP_RATIO: Final = 200  # unzipped to zipped; Excel's own files stay below 60
RATIO_FREE_BYTES: Final = 64 * MIB  # a part below this is harmless at any ratio
MAX_CELLS: Final = 20_000_000  # of the sheets of a workbook, empty ones inside the table included
MAX_PARQUET_CELLS: Final = 400_000_000
MAX_COLUMNS: Final = 16_384  # what Excel can hold
# Of the process that reads an .xls: its address space, and how long it may take.
CHILD_BYTES: Final = 1536 * MIB
CHILD_BYTES_PER_BYTE: Final = 32  # of the file
CHILD_SECONDS: Final = 300
