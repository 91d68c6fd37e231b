"""Secrets that we hand out: random, shown once, kept only as a digest.

A plain SHA-256 is enough for 256 random bits, unlike for a password: there is
nothing to guess, so nothing to slow down.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

_BYTES = 32


def new_token() -> str:
    """Return 256 random bits as 43 signs that need no quoting in an address or a cookie."""
    return secrets.token_urlsafe(_BYTES)


def digest(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def derived(token: str, purpose: str) -> str:
    """Return a second secret that follows from a token, so that it need not be kept at all."""
    key = token.encode("utf-8", "replace")
    return hmac.new(key, purpose.encode(), hashlib.sha256).hexdigest()
