"""The mapping file of a site, read: TOML in, a frozen ``Site`` or one clear line out.

A file and not a page of forms: it is kept beside the machine drawings, sent by
mail, copied to the next shop. `ballast.plant.site.example` holds one to copy.
"""

from __future__ import annotations

import decimal
import re
import tomllib
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ballast.errors import InvalidTerm, Refused
from ballast.plant.site.entry import Entry, entries
from ballast.plant.site.reading_assets import read_assets
from ballast.plant.site.reading_shifts import read_shifts
from ballast.plant.site.reading_tags import read_tags
from ballast.plant.site.reading_tariff import read_carbon, read_tariff
from ballast.plant.site.reading_topics import read_topics
from ballast.plant.site.site import Broker, Site, SparkplugHost
from ballast.plant.site.tag import SparkplugSource
from ballast.terms.enterprise_code import parse_uscc

__all__ = ["MAX_MAPPING_BYTES", "read_site"]

MAX_MAPPING_BYTES = 8 * 2**20  # 10,000 tags written out at length take 3 MB
_PLACE = re.compile(r"^(.*) \(at line (\d+), column (\d+)\)$", re.DOTALL)
_MOST_SHIFTS, _MOST_KINDS = 50, 1_000


class _Provenance(StrEnum):
    REAL = "real"
    SYNTHETIC = "synthetic"


def read_site(text: str) -> Site:
    """Return the site that a mapping describes.

    Parameters
    ----------
    text
        The TOML of ``<home>/plant/site.toml``.

    Raises
    ------
    Refused
        Naming the table, the key and what to do.

    Examples
    --------
    >>> from ballast.plant.site.example import EXAMPLE
    >>> site = read_site(EXAMPLE)
    >>> site.assets["valve-shop/machining/lathe-1"].cycle_s
    42.0
    >>> site.sparkplug_tag("valve-shop", "machining", "lathe-1", "Spindle/Load").unit.label.en
    '%'
    """
    document = Entry("the mapping", _parsed(text))
    head = Entry("[site]", document.raw("site") or {})
    name = head.label("name", "")
    if not name.zh:
        raise head.missing("name")
    uscc = head.must_text("uscc")
    try:
        uscc = parse_uscc(uscc)
    except InvalidTerm as error:
        raise head.because("uscc", error) from error
    zone = _zone(head)
    provenance = head.choice("provenance", _Provenance, _Provenance.REAL)
    head.done()
    kinds = {}
    for kind in entries(document, "kind", _MOST_KINDS):
        called = kind.must_text("kind")
        if called in kinds:
            raise Refused(
                "{where}: {name} is there already; give each its own name",
                where=kind.where,
                name=called,
            )
        kinds[called] = kind
    assets = read_assets(document, kinds)
    topics = read_topics(document, assets, kinds)
    tags = read_tags(document, assets, kinds, topics)
    broker = _broker(document)
    sparkplug = _sparkplug(document)
    heard = any(isinstance(tag.source, SparkplugSource) for tag in tags.values())
    if sparkplug is None and heard:
        sparkplug = SparkplugHost()
    site = Site(
        uscc=uscc,
        name=name,
        zone=zone,
        provenance=_said(provenance),
        assets={key: placed.asset for key, placed in assets.items()},
        tags=tags,
        shifts=read_shifts(document, _MOST_SHIFTS),
        tariff=read_tariff(document),
        carbon=read_carbon(document),
        broker=broker,
        sparkplug=sparkplug,
        topics=topics,
    )
    for kind in kinds.values():
        kind.done()
    document.done()
    return site


def _said(provenance: _Provenance) -> Literal["real", "synthetic"]:
    return "synthetic" if provenance is _Provenance.SYNTHETIC else "real"


def _parsed(text: str) -> dict[str, object]:
    if len(text) > MAX_MAPPING_BYTES or len(text.encode("utf-8", "replace")) > MAX_MAPPING_BYTES:
        raise Refused(
            "the mapping has more than {most} MB; split the site into several homes",
            most=MAX_MAPPING_BYTES // 2**20,
        )
    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        placed = _PLACE.match(str(error))
        if placed is None:
            raise Refused("the mapping is no TOML: {why}; mend it", why=error) from error
        raise Refused(
            "the mapping is no TOML at line {line}, column {column}: {why}; mend it there",
            line=int(placed[2]),
            column=int(placed[3]),
            why=placed[1],
        ) from error
    except (ValueError, RecursionError, decimal.DecimalException) as error:
        raise Refused(
            "the mapping holds a number too long or brackets too deep to be one; mend it"
        ) from error


def _zone(head: Entry) -> ZoneInfo:
    name = head.text("zone", "Asia/Shanghai") or ""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise head.wrong("zone", 'zone = "Asia/Shanghai"') from None


def _broker(document: Entry) -> Broker | None:
    if "broker" not in document:
        return None
    table = Entry("[broker]", document.raw("broker"))
    tls = table.flag("tls", default=False)
    version = table.whole("version", 5, least=4, most=5)
    found = Broker(
        host=table.must_text("host"),
        port=table.whole("port", 8883 if tls else 1883, least=1, most=65_535),
        version=4 if version == 4 else 5,
        tls=tls,
        ca_file=table.text("ca_file"),
        certificate_file=table.text("certificate_file"),
        key_file=table.text("key_file"),
        user=table.text("user"),
        password_file=table.text("password_file"),
        client_id=table.text("client_id", "") or "",
        keepalive_s=table.whole("keepalive_s", 30, least=5, most=3_600),
    )
    if "password" in table:
        raise Refused(
            "[broker]: no password stands in the mapping; put it into a file that only you may "
            "read, and name that file in password_file"
        )
    table.done()
    if not found.tls and (found.ca_file or found.certificate_file or found.key_file):
        raise Refused("[broker]: certificates are named but tls is off; write tls = true")
    if (found.certificate_file is None) != (found.key_file is None):
        raise Refused("[broker]: certificate_file and key_file go together; give both or neither")
    if found.password_file is not None and found.user is None:
        raise Refused("[broker]: a password without a user; add user, or remove password_file")
    return found


def _sparkplug(document: Entry) -> SparkplugHost | None:
    if "sparkplug" not in document:
        return None
    table = Entry("[sparkplug]", document.raw("sparkplug"))
    usual = SparkplugHost()
    groups = []
    for group in table.listed("groups") or ():
        if not isinstance(group, str) or not group or set(group) & set("/+#\0"):
            raise table.wrong("groups", 'groups = ["valve-shop"]')
        groups.append(group)
    host_id = table.text("host_id", usual.host_id) or usual.host_id
    if set(host_id) & set("/+#"):
        raise table.wrong("host_id", 'host_id = "ballast"')
    found = SparkplugHost(
        host_id=host_id,
        groups=tuple(groups),
        primary=table.flag("primary", default=usual.primary),
        reorder_ms=table.whole("reorder_ms", usual.reorder_ms, least=0, most=600_000),
        cooldown_ms=table.whole("cooldown_ms", usual.cooldown_ms, least=1_000, most=3_600_000),
    )
    table.done()
    return found
