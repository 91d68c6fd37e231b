"""The process in which an .xls is read: ``python -m ballast.lake.sheets.xls_child FILE``.

Its own process because a damaged .xls can end the one that reads it (see
``workbook``). It prints the sheets as JSON, or ends with an exit code.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from ballast.lake.sheets.limits import CHILD_BYTES
from ballast.lake.sheets.workbook import xls_as_json


def main() -> None:
    """Read the file named on the command line under a bound of memory."""
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_BYTES, CHILD_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(xls_as_json(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
