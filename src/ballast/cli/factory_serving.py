"""The sample factory beside a city's home, served with it: broker, machines, collector, portal.

A factory is a home of its own with a portal of its own: raw data of machines
never leave it, and the demo would show the opposite if both stood in one.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ballast.cli.context import language, settings, tell, viewer
from ballast.cli.plant_hearing import PlantRun
from ballast.cli.plant_opening import site_path, site_text
from ballast.errors import CannotServe
from ballast.lake.home import storage_errors
from ballast.lake.lake import Lake
from ballast.plant.collect.addressing import address_of
from ballast.plant.collect.orders import CollectorOrders
from ballast.plant.site import read_site
from ballast.sample.factory.building import SEED, first_day_of
from ballast.sample.factory.shop import USCC
from ballast.serve.factory_orders import BrokerOrders, FactoryOrders
from ballast.serve.factory_parts import broker_part, factory_part
from ballast.serve.listening import address, listen
from ballast.serve.orders import PortalOrders, portal_part
from ballast.serve.plant_parts import PlantWanted
from ballast.serve.push_orders import PushOrders
from ballast.serve.supervisor import Part

__all__ = ["FactoryRun", "factory_home", "factory_run", "keep_secret", "push_key_file"]

_LOOPBACK = "127.0.0.1"
_USER = "sample"
_PASSWORD_FILE = "broker.password"  # noqa: S105 - the name of a file
_PUSH_KEY = "push.key"
_PUSHED_DAYS = 6  # those that the sample's week of samples holds whole
_LAST_PORT = 65_535
_NEAR = 20  # ports behind the city's that are looked at


@dataclass(frozen=True, slots=True)
class FactoryRun:
    """The sample factory that is about to be served: its ports are kept.

    Parameters
    ----------
    url
        Where its portal will answer.
    plant
        How it is heard.
    parts
        Its processes.
    """

    url: str
    plant: PlantRun
    parts: tuple[Part, ...]

    def greet(self) -> None:
        """Say where it answers, and what it hears."""
        tell("the sample factory's own portal answers at {url}", url=f"{self.url}/factory")
        self.plant.greet()


def factory_home(city: Path) -> Path:
    """Return where the factory of a city's demo stands: beside it.

    Examples
    --------
    >>> str(factory_home(Path("demo-home")))
    'demo-home-factory'
    """
    whole = city.resolve() if city.name in ("", "..") else city
    return whole.with_name(f"{whole.name}-factory")


@contextmanager
def factory_run(
    city: Path, *, city_url: str, port: int, node_url: str
) -> Iterator[FactoryRun | None]:
    """Keep the ports of the sample factory beside a home; nothing where there is none.

    Parameters
    ----------
    city
        The city's home.
    city_url
        Address of the city's portal, which is told the factory's days.
    port
        That of the city's portal: the factory's is the next that is free.
    node_url
        Where people reach the city's node, which resolves the factory's handles.
    """
    home = factory_home(city)
    if not site_path(home).is_file():
        yield None
        return
    lake = Lake.open(home, settings().engine)
    first_day = first_day_of(lake, viewer())
    if first_day is None:  # somebody's own plant
        yield None
        return
    with _next_free(port) as taken, listen(_LOOPBACK, 0) as broker:
        password = secrets.token_urlsafe(24)
        keep_secret(site_path(home).with_name(_PASSWORD_FILE), password)
        number = address(broker)[1]
        plant = _heard(home, number, city_url)
        url = f"http://{_LOOPBACK}:{address(taken)[1]}"
        words = language()
        told = FactoryOrders(words, SEED, first_day, _LOOPBACK, number, _USER, password)
        portal = PortalOrders(
            home=str(home.resolve()),
            engine=settings().engine,
            region=USCC[2:8],
            base_url=url,
            language=words,
            contact=settings().contact,
            node_url=node_url,
        )
        yield FactoryRun(
            url,
            plant,
            (
                broker_part(BrokerOrders(_USER, password), broker, words),
                *plant.parts(),
                factory_part(told),
                portal_part(portal, taken),
            ),
        )


def _heard(home: Path, port: int, city_url: str) -> PlantRun:
    text = site_text(site_path(home))
    orders = CollectorOrders(
        home=str(home.resolve()),
        language=language(),
        site=text,
        broker_host=_LOOPBACK,
        broker_port=port,
        broker_version=4,  # all that the embedded broker speaks
        user=_USER,
        password_file=_PASSWORD_FILE,
    )
    site = read_site(text)
    wanted = PlantWanted(
        home=home.resolve(),
        language=language(),
        orders=orders,
        ship_seconds=float(settings().plant.ship_seconds),
        keep_days=settings().plant.keep_days,
        push=_push(home, city_url, site.zone.key),
    )
    return PlantRun(wanted, address_of(orders, site), site)


def push_key_file(home: Path) -> Path:
    """Return where the factory keeps the key of its account in the city."""
    return site_path(home).with_name(_PUSH_KEY)


def _push(home: Path, city_url: str, zone: str) -> PushOrders | None:
    path = push_key_file(home)
    if not path.is_file():
        return None
    return PushOrders(
        home=str(home.resolve()),
        language=language(),
        to=city_url,
        key_file=str(path.resolve()),
        zone=zone,
        days=_PUSHED_DAYS,
    )


def _next_free(port: int) -> socket.socket:
    """Take the next port behind one; any that is free where its neighbours are taken."""
    for number in range(port + 1, min(port + 1 + _NEAR, _LAST_PORT + 1)):
        try:
            return listen(_LOOPBACK, number)
        except CannotServe:
            continue
    return listen(_LOOPBACK, 0)


def keep_secret(path: Path, secret: str) -> None:
    """Write a secret into a file that nobody else may read."""
    with storage_errors(path):
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{secret}\n")
