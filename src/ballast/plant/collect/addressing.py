"""Which broker is heard, and as whom: the orders over the mapping over what is usual.

Secrets stand in files that nobody else may read, never in the mapping, which
people send each other, and never in the orders.
"""

from __future__ import annotations

import hashlib
import ssl
import stat
from pathlib import Path

from ballast.errors import Refused
from ballast.plant.collect.connection import Address
from ballast.plant.collect.orders import CollectorOrders
from ballast.plant.host.application import HostSettings
from ballast.plant.site import Broker, Site, SparkplugHost

__all__ = ["address_of", "host_settings_of", "private_text"]

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MOST_SECRET_BYTES = 4096


def private_text(path: Path) -> str:
    """Return the first line of a file that nobody else may read.

    Raises
    ------
    Refused
        If others may, or it cannot be read.
    """
    try:
        if path.stat().st_mode & _OTHERS:
            raise Refused(
                "{path}: others may read this secret; let nobody else: chmod 600 {path}", path=path
            )
        with path.open(encoding="utf-8") as file:
            return file.read(_MOST_SECRET_BYTES).partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            "{path}: the password cannot be read ({why}); it is the first line of a text in UTF-8",
            path=path, why=getattr(error, "strerror", None) or "no UTF-8",
        ) from None  # fmt: skip


def address_of(orders: CollectorOrders, site: Site | None) -> Address:
    """Return where the broker is, and who we are to it.

    Parameters
    ----------
    orders, site
        What the orders leave open the mapping says.

    Raises
    ------
    Refused
        If no broker is named, or one of the files cannot be used.
    """
    told = None if site is None else site.broker
    if told is None and not orders.broker_host:
        raise Refused("no broker is named; give its address, or a table [broker] in the mapping")
    broker = told or Broker(orders.broker_host, orders.broker_port)
    folder = Path(orders.folder) if orders.folder else Path(orders.home) / "plant"
    tls = orders.broker_tls if orders.broker_host else broker.tls
    secret = orders.password_file or broker.password_file
    return Address(
        host=orders.broker_host or broker.host,
        port=orders.broker_port or broker.port,
        version=orders.broker_version or broker.version,
        tls=_context(broker, orders.ca_file, folder) if tls else None,
        user=orders.user or broker.user,
        password=private_text(folder / secret) if secret else None,
        client_id=_client_id(orders.client_id or broker.client_id, orders.home),
        keepalive_s=broker.keepalive_s,
    )


def host_settings_of(orders: CollectorOrders, site: Site | None) -> HostSettings:
    """Return how the home appears as a Sparkplug host."""
    told = (None if site is None else site.sparkplug) or SparkplugHost()
    return HostSettings(
        host_id=orders.host_id or told.host_id,
        primary=told.primary if orders.primary is None else orders.primary,
        reorder_ms=told.reorder_ms,
        cooldown_ms=told.cooldown_ms,
    )


def _client_id(told: str, home: str) -> str:
    if told and not (told.isascii() and told.isprintable() and len(told) <= 200):
        raise Refused("{name}: a client id is up to 200 characters of ASCII", name=told[:40])
    # The same at every start, for under it the broker keeps what we have not acknowledged.
    return told or "ballast-" + hashlib.sha256(home.encode()).hexdigest()[:12]


def _context(broker: Broker, ca_file: str, folder: Path) -> ssl.SSLContext:
    path = ca_file or broker.ca_file
    try:
        context = ssl.create_default_context(cafile=str(folder / path) if path else None)
        if broker.certificate_file:
            path = broker.certificate_file
            key = broker.key_file
            context.load_cert_chain(folder / path, folder / key if key else None, password="")
    except (OSError, ssl.SSLError) as error:
        raise Refused(
            "{path}: the certificate cannot be used ({why}); it is a file in PEM",
            path=path or "", why=getattr(error, "strerror", None) or str(error),
        ) from None  # fmt: skip
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
