"""What ``plant serve``, ``up`` and ``demo`` share: from settings and a mapping to a collector.

The settings go over the mapping file, and an address on the command line over
both; files that a setting names are read against where the command is run,
those of the mapping against its folder.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from ballast.cli.context import language, settings, tell
from ballast.cli.plant_opening import site_path, site_text
from ballast.errors import WrongUsage
from ballast.plant.collect.addressing import address_of, host_settings_of
from ballast.plant.collect.connection import Address
from ballast.plant.collect.orders import CollectorOrders
from ballast.plant.site import Site, read_site
from ballast.serve.plant_parts import PlantWanted, plant_parts, try_broker
from ballast.serve.push_orders import PushOrders
from ballast.serve.supervisor import Part

__all__ = ["BrokerUrl", "PlantRun", "hearing", "parse_broker", "plant_run"]

_PORTS = {"mqtt": 1883, "mqtts": 8883}
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class BrokerUrl:
    """An address of a broker as people write it."""

    host: str
    port: int
    tls: bool
    user: str


@dataclass(frozen=True, slots=True)
class PlantRun:
    """A plant that is about to be heard.

    Parameters
    ----------
    wanted
        Its processes, told.
    address
        The broker, and who we are to it.
    site
        The mapping; none: every tag is named by its metric.
    """

    wanted: PlantWanted
    address: Address
    site: Site | None

    def parts(self, *, shipper: bool = True) -> tuple[Part, ...]:
        """Return the processes; without the shipper where the home's node brings it."""
        return tuple(plant_parts(self.wanted, shipper=shipper))

    def ask(self) -> None:
        """Ask the broker whether it lets us in.

        Raises
        ------
        Refused
            If it does not, or is not there.
        """
        asyncio.run(try_broker(self.address))

    def greet(self) -> None:
        """Say in one line what is heard, and where."""
        host = host_settings_of(self.wanted.orders, self.site)
        site = self.site
        tell(
            "hearing {broker} as the Sparkplug host {host}; tags of the mapping: {tags}, JSON "
            "topics: {topics}; what the mapping does not know is kept under the name of its metric",
            broker=self.address,
            host=host.host_id,
            tags=0 if site is None else len(site.tags),
            topics=0 if site is None else len(site.json_topics),
        )


def parse_broker(url: str) -> BrokerUrl:
    """Return what the address of a broker says.

    Raises
    ------
    WrongUsage
        If it is none, or carries a password, which every user of the machine
        would read in its list of processes.

    Examples
    --------
    >>> parse_broker("mqtts://shop@10.0.0.5")
    BrokerUrl(host='10.0.0.5', port=8883, tls=True, user='shop')
    """
    try:
        parts = urlsplit(url if "://" in url else f"mqtt://{url}")
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.password is not None:
        raise WrongUsage(
            "a password in the broker's address can be read by everybody on this machine; put it "
            "into a file and name that in BALLAST_PLANT_PASSWORD_FILE"
        )
    bare = not (parts.path.strip("/") or parts.query or parts.fragment)
    if parts.scheme not in _PORTS or not parts.hostname or port == 0 or not bare:
        raise WrongUsage(
            "“{url}” is no address of a broker; write mqtt://host:1883, or mqtts://host:8883 "
            "where it speaks TLS",
            url=url[:120],
        )
    return BrokerUrl(
        parts.hostname, port or _PORTS[parts.scheme], parts.scheme == "mqtts", parts.username or ""
    )


def hearing(home: Path, text: str, broker: str | None = None) -> PlantRun:
    """Return how the plant of a home is heard.

    Parameters
    ----------
    home
        The home.
    text
        The text of its mapping; empty where it has none.
    broker
        The address on the command line, over settings and mapping.

    Raises
    ------
    Refused
        If the mapping is wrong, no broker is named, or a password or certificate
        cannot be read.
    WrongUsage
        If the address is none.
    """
    found = settings().plant
    url = broker or found.broker
    orders = CollectorOrders(
        home=str(home.resolve()),
        language=language(),
        site=text,
        user=found.user,
        password_file=_whole(found.password_file),
        ca_file=_whole(found.ca_file),
        client_id=found.client_id,
        host_id=found.host_id,
        primary=found.primary,
        spool_bytes=found.spool_mib * _MIB,
    )
    if url:
        said = parse_broker(url)
        orders = replace(
            orders,
            broker_host=said.host,
            broker_port=said.port,
            broker_tls=said.tls,
            user=said.user or found.user,
        )
    site = read_site(text) if text else None
    address = address_of(orders, site)
    wanted = PlantWanted(
        home=home.resolve(),
        language=language(),
        orders=orders,
        ship_seconds=float(found.ship_seconds),
        keep_days=found.keep_days,
        push=_push(home, site),
    )
    return PlantRun(wanted, address, site)


def plant_run(home: Path) -> PlantRun | None:
    """Return how the plant of a home is heard; nothing where it has none, or names no broker.

    Parameters
    ----------
    home
        The home.
    """
    folder = site_path(home).parent
    if not folder.is_dir():
        return None
    text = site_text(site_path(home)) if site_path(home).is_file() else ""
    named = bool(text) and read_site(text).broker is not None
    return hearing(home, text) if named or settings().plant.broker else None


def _push(home: Path, site: Site | None) -> PushOrders | None:
    """Return how the days of a plant are told its city; nothing where no address is set."""
    found = settings().plant
    if site is None or not found.push_to:
        return None
    return PushOrders(
        home=str(home.resolve()),
        language=language(),
        to=found.push_to,
        key_file=_whole(found.push_key_file),
        zone=site.zone.key,
    )


def _whole(path: Path | None) -> str:
    return "" if path is None else str(path.resolve())
