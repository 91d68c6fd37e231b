"""The headers that a home was told of once and understands from then on."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ballast.lake.home import Home, storage_errors

_FILE = "headers.json"


def remembered_headers(home: Home) -> dict[str, dict[str, str]]:
    """Return the headers that earlier loads were told of, by table.

    They are a convenience: of a damaged file, what can be understood is kept.
    """
    path = home.path / _FILE
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    tables = found.items() if isinstance(found, dict) else ()
    return {
        name: {header: str(column) for header, column in headers.items()}
        for name, headers in tables
        if isinstance(headers, dict)
    }


def remember_headers(home: Home, name: str, given: Mapping[str, str]) -> None:
    """Keep the headers of a load that went well, for the next file of that kind."""
    with home.lock():
        headers = remembered_headers(home)
        headers.setdefault(name, {}).update(given)
        path = home.path / _FILE
        with storage_errors(path):
            new = path.with_suffix(".new")
            new.write_text(json.dumps(headers, ensure_ascii=False, indent=1), encoding="utf-8")
            new.rename(path)
