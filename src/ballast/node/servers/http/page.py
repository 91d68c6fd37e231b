"""The page of a record: what a person sees who scanned a code and was not sent on.

Drawn on the server without a script, in one answer: a phone in a workshop has a
slow line and an old browser. The policy of its content allows nothing but its
own style (by digest), so that whatever a value holds can only ever be read. The
words are ours, the values are strangers': they are shown as text, with what
would hide in them written out.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import quote

import jinja2
import segno
from markupsafe import Markup
from segno.encoder import DataOverflowError

from ballast.errors import MalformedMessage
from ballast.node.registry.entries import PrefixEntry
from ballast.node.servers.http.known_types import NAME_TYPES, TECHNICAL, TYPE_LABELS
from ballast.node.servers.http.record_json import text_of
from ballast.node.servers.http.redirecting import safe_link, url_of
from ballast.node.wire.admin import Admin
from ballast.node.wire.value import Value
from ballast.node.wire.vlist import vlist_from_wire
from ballast.terms.china import CHINA
from ballast.terms.label import Language
from ballast.words import say, visible

__all__ = ["Shown", "record_page"]

_MAX_TEXT = 4000
_MAX_ROWS = 500
_MAX_NAME = 120
# The node and those who scan at it are in China, whose clocks show one time all year.
_REVOKED, _EXPIRED, _VALID = "revoked", "expired", "valid"
_MISSING, _ELSEWHERE = "missing", "elsewhere"


@dataclass(frozen=True, slots=True)
class Row:
    """One value, ready to be shown."""

    label: str
    kind: str
    text: str
    mono: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known about a record besides its values."""

    label: str
    text: str
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page is made of.

    Parameters
    ----------
    handle
        As it was asked for.
    title
        How the node is called.
    address
        Where this page is (its whole address), for the code; empty: no code.
    state
        ``valid``, ``expired``, ``revoked``; ``missing`` where there is no record, ``elsewhere``
        where another node has to be asked.
    notice
        What is to be said first, where something is.
    values
        The values that anyone may read.
    entry
        The prefix and the enterprise behind it.
    created_at, changed_at, expires_at
        Epoch seconds; 0 for unknown or never.
    """

    handle: str
    title: str
    address: str = ""
    state: str = _VALID
    notice: str = ""
    values: tuple[Value, ...] = ()
    entry: PrefixEntry | None = None
    created_at: int = 0
    changed_at: int = 0
    expires_at: int = 0
    tongues: Sequence[tuple[str, str, str]] = field(default_factory=tuple)


@cache
def _style() -> str:
    return (files(__package__) / "pages" / "record.css").read_text(encoding="utf-8").strip()


@cache
def _template() -> jinja2.Template:
    text = (files(__package__) / "pages" / "record.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(text)


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


@lru_cache(2048)
def _code(address: str) -> Markup:
    """Return a QR code as SVG; nothing where the address does not fit into one."""
    try:
        made = segno.make(address, error="m", micro=False)
    except DataOverflowError:
        return Markup("")
    # Of segno's own making: the address is in its squares, not in its text.
    return Markup(made.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None))  # noqa: S704


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _readable(text: str) -> str:
    shown = "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))
    return shown if len(shown) <= _MAX_TEXT else shown[:_MAX_TEXT] + " …"


def _administrative(value: Value, language: Language) -> str | None:
    """Return in words what the data of an administrative type say; None where they do not."""
    try:
        match value.type.upper():
            case "HS_ADMIN":
                admin = Admin.parse(value.data)
                return f"{admin.reference} · {admin.bit_string()}"
            case "HS_VLIST":
                return "\n".join(str(member) for member in vlist_from_wire(value.data))
    except MalformedMessage:
        return None
    if value.type.upper() in ("HS_PUBKEY", "HS_SITE"):
        return say("{count} bytes", language, count=len(value.data))
    return None


def _row(value: Value, language: Language) -> Row:
    known = TYPE_LABELS.get(value.type.upper())
    label = known.text(language) if known else visible(value.type)
    kind = visible(value.type) + f" · {value.index}" if known else str(value.index)
    told = _administrative(value, language)
    if told is not None:
        return Row(label, kind, _readable(told), mono=True)
    text = text_of(value.data)
    if text is None:
        shown = value.data[:64].hex(" ") + (" …" if len(value.data) > 64 else "")
        said = say("{count} bytes: {hex}", language, count=len(value.data), hex=shown)
        return Row(label, kind, said, mono=True)
    return Row(label, kind, _readable(text), link=safe_link(text) or "")


def _name(values: Sequence[Value], language: Language) -> str:
    """Return what the thing is called, if a value says so in one line."""
    for kind in NAME_TYPES[language]:
        for value in values:
            if value.type.upper() == kind:
                text = (text_of(value.data) or "").strip()
                if text and len(text) <= _MAX_NAME and "\n" not in text:
                    return visible(text)
    return ""


def _facts(shown: Shown, language: Language) -> list[Fact]:
    facts: list[Fact] = []
    entry = shown.entry
    if entry is not None:
        if entry.enterprise:
            facts.append(Fact(say("Enterprise (real name)", language), visible(entry.enterprise)))
        if entry.uscc:
            facts.append(Fact(say("Unified social credit code", language), entry.uscc, mono=True))
        facts.append(Fact(say("Prefix", language), entry.prefix, mono=True))
    moments = (
        (say("Registered", language), shown.created_at),
        (say("Last changed", language), shown.changed_at),
        (say("Valid until", language), shown.expires_at),
    )
    facts += [Fact(label, _moment(at)) for label, at in moments if at]
    return facts


def _words(shown: Shown, language: Language) -> dict[str, str]:
    states = {
        _VALID: say("Valid", language),
        _EXPIRED: say("Expired", language),
        _REVOKED: say("Revoked", language),
        _MISSING: say("Not registered", language),
        _ELSEWHERE: say("Kept by another node", language),
    }
    return {
        "service": say("identifier resolution", language),
        "tongue": say("Language", language),
        "record": say("Record", language),
        "state": states[shown.state],
        "open": say("Open the page of this item", language),
        "scan": say("Code of this identifier", language),
        "whose": say("Whose the prefix is", language)
        if shown.state in (_MISSING, _ELSEWHERE)
        else say("Whose it is", language),
        "content": say("What is registered", language),
        "technical": say("Technical values", language),
        "as_json": say("This record as JSON", language),
        "foot": say("Times are those of China (UTC+8).", language),
    }


def record_page(shown: Shown, language: Language) -> tuple[bytes, dict[str, str]]:
    """Return the page of a record, and the headers that belong to it.

    Parameters
    ----------
    shown
        What the page is made of.
    language
        ``"zh"`` or ``"en"``.
    """
    values = shown.values[:_MAX_ROWS]
    urls = [v.data for v in values if v.type.upper() == "URL"] if shown.state == _VALID else []
    link = next((target for data in urls if (target := url_of(data))), "")
    rows = [(value, _row(value, language)) for value in values]
    # The state is said above all; its value would say it again as a word for machines.
    plain = [r for v, r in rows if not v.type.upper().startswith(TECHNICAL) and v.type != "STATUS"]
    technical = [r for v, r in rows if v.type.upper().startswith(TECHNICAL)]
    if shown.state != _VALID:
        plain = [Row(r.label, r.kind, r.text, r.mono) for r in plain]
    page = {
        "language": language,
        "title": shown.title,
        "handle": visible(shown.handle),
        "name": _name(values, language),
        "state": shown.state,
        "notice": shown.notice,
        "link": link,
        "code": _code(shown.address) if shown.address else "",
        "facts": _facts(shown, language),
        "rows": plain,
        "technical": technical,
        "tongues": [
            {"code": code, "name": name, "link": target} for code, name, target in shown.tongues
        ],
        "json_link": ""
        if shown.state in (_MISSING, _ELSEWHERE)
        else "/api/handles/" + quote(shown.handle, safe="/"),
        "words": _words(shown, language),
    }
    drawn = _template().render(page=page, style=Markup(_style()))  # noqa: S704 - our own file
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-language": "zh-CN" if language == "zh" else "en",
        "content-security-policy": _policy(),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "vary": "Accept, Accept-Language, Authorization",
        "cache-control": "public, max-age=60",
    }
    return drawn.encode(), headers
