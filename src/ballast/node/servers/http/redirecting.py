"""Where a handle leads: which of its addresses a browser may be sent to.

A resolver sends browsers wherever a record says, which looks like an open
redirect and is kept from being one by this reasoning:

* The target comes from the record alone, never from the address that was asked
  for. To send somebody to a page under our name, one must be the administrator
  of a prefix, and the enterprise behind each prefix is known by its real name
  and shown on the record's page (``?noredirect``).
* Only ``http`` and ``https`` are followed or linked. ``javascript:`` and
  ``data:`` would run or show what they carry; every other scheme would start a
  program on the reader's machine.
* An address that reads one way and leads another is none: with a user name
  (``https://bank.cn@evil.cn``), a backslash, a blank or a control character, it
  is shown as text. So nothing of it can end the header line either.
* A record that is revoked or has expired is not followed: whoever scans the code
  of a recalled product sees that first.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

__all__ = ["safe_link", "url_of"]

# scheme "://" host [":" port] and the rest; no user name, no backslash, no blank, nothing unseen.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[^\s\x00-\x20\x7f/\\?#@:\[\]<>\"'`]{1,253})"
    r"(?P<port>:[0-9]{1,5})?(?P<rest>[/?#][^\s\x00-\x20\x7f\\<>\"`]*)?",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_MAX = 8192
# Direction overrides and letters without width would show one address and mean another.
_HIDDEN = re.compile(r"[\x80-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffd]")
_KEPT = "%:/?#[]@!$&'()*+,;=-._~{}|^"


@lru_cache(8192)
def safe_link(text: str) -> str | None:
    """Return an address as it may be followed, in ASCII; None where it may not.

    Parameters
    ----------
    text
        The data of a URL value.

    Examples
    --------
    >>> safe_link("https://example.cn/阀门?x=1")
    'https://example.cn/%E9%98%80%E9%97%A8?x=1'
    >>> safe_link("javascript:alert(1)"), safe_link("https://bank.cn@evil.cn/")
    (None, None)
    """
    text = text.strip(" \t\r\n")
    if len(text) > _MAX or _HIDDEN.search(text):
        return None
    found = _URL.fullmatch(text)
    if found is None:
        return None
    host = found["host"]
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
        # Full-width letters become plain ones, and "＠" or "／" what would end the name here.
        if not _NAME.fullmatch(host):
            return None
    rest = quote(found["rest"] or "", safe=_KEPT)
    return f"{found['scheme'].lower()}://{host}{found['port'] or ''}{rest}"


def url_of(data: bytes) -> str | None:
    """Return where the data of a URL value lead; None where nobody is to be sent there."""
    try:
        return safe_link(data.decode())
    except UnicodeDecodeError:
        return None
