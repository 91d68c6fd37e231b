"""Names, moments, values and codes as the Identifiers page writes them.

Values are strangers' words: shown as text with what would hide in it written
out, linked only where the node itself would send a browser.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

import segno
from markupsafe import Markup
from segno.encoder import DataOverflowError

from ballast.errors import BallastError
from ballast.node.registry.entries import PrefixState
from ballast.node.servers.http.known_types import TYPE_LABELS
from ballast.node.servers.http.record_json import text_of
from ballast.node.servers.http.redirecting import safe_link
from ballast.node.service.lifecycle import LifeState
from ballast.node.wire.admin import Admin
from ballast.node.wire.value import Value
from ballast.portal.data_html import Content
from ballast.terms.china import CHINA
from ballast.terms.label import Label, Language
from ballast.words import say, visible
from ballast.words.marks import SYNTHETIC

__all__ = [
    "LIFE_LABELS",
    "STATE_LABELS",
    "badge",
    "code_svg",
    "day_at",
    "life_mark",
    "moment_at",
    "type_label",
    "value_content",
]

STATE_LABELS: dict[PrefixState, Label] = {
    PrefixState.HOMED: Label("本节点保存", "kept here"),
    PrefixState.DELEGATED: Label("企业节点保存", "kept by the enterprise's node"),
    PrefixState.UNHOMED: Label("暂停解析", "not answered for"),
}
LIFE_LABELS: dict[LifeState, Label] = {
    LifeState.VALID: Label("有效", "valid"),
    LifeState.EXPIRED: Label("已过期", "expired"),
    LifeState.REVOKED: Label("已吊销", "revoked"),
}
# The node and those who scan at it are in China, whose clocks show one time all year.
_MOST_TEXT = 2_000
_SHOWN_BYTES = 32


def moment_at(seconds: int) -> str:
    """Return a moment of the registry by China's clock.

    Examples
    --------
    >>> moment_at(1_750_003_200)
    '2025-06-16 00:00'
    """
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone(CHINA):%Y-%m-%d %H:%M}"


def day_at(seconds: int) -> str:
    """Return the day of a moment by China's clock.

    Examples
    --------
    >>> day_at(1_750_003_199)
    '2025-06-15'
    """
    return moment_at(seconds)[:10]


def badge(language: Language, *, synthetic: bool) -> Markup:
    """Return the mark of what is invented; nothing where it is real."""
    if not synthetic:
        return Markup()
    return Markup('<p><span class="badge">{}</span></p>').format(SYNTHETIC.text(language))


def life_mark(life: LifeState, language: Language) -> Content:
    """Return what has become of a record; set off where it is no longer valid."""
    text = LIFE_LABELS[life].text(language)
    return (
        text if life is LifeState.VALID else Markup('<span class="bd-gone">{}</span>').format(text)
    )


def type_label(kind: str, language: Language) -> str:
    """Return how a type of value is called.

    Examples
    --------
    >>> type_label("url", "zh"), type_label("COLOUR", "en")
    ('网址', 'COLOUR')
    """
    known = TYPE_LABELS.get(kind.upper())
    return visible(kind) if known is None else known.text(language)


def value_content(value: Value, language: Language) -> Content:
    """Return the data of a value as it is shown."""
    if value.type.upper() == "HS_ADMIN":
        try:
            admin = Admin.parse(value.data)
        except BallastError:
            return _bytes(value.data, language)
        return f"{admin.reference} · {admin.bit_string()}"
    text = None if value.type.upper().startswith("HS_") else text_of(value.data)
    if text is None:
        return _bytes(value.data, language)
    shown = visible(text)
    if (target := safe_link(text)) is not None:
        return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(target, shown)
    return shown if len(shown) <= _MOST_TEXT else shown[:_MOST_TEXT] + " …"


def _bytes(data: bytes, language: Language) -> str:
    more = " …" if len(data) > _SHOWN_BYTES else ""
    shown = data[:_SHOWN_BYTES].hex(" ") + more
    return say("{count} bytes: {hex}", language, count=len(data), hex=shown)


@lru_cache(512)
def code_svg(address: str) -> Markup:
    """Return an address as a QR code; nothing where it does not fit into one.

    Parameters
    ----------
    address
        Where a scan shall lead.
    """
    try:
        made = segno.make(address, error="m", micro=False)
    except DataOverflowError:
        return Markup()
    # Of segno's own making: the address is in its squares, not in its text. Dark on light in
    # either theme, or scanners do not read it.
    drawn = made.svg_inline(border=4, omitsize=True, dark="#000", light="#fff", svgclass="bd-code")
    return Markup(drawn)  # noqa: S704
