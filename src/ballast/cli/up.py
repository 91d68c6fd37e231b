"""``up``: the portal of a home, with its identifier node and its plant, served until stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ballast.cli.context import HomeOption, language, open_lake, settings, tell
from ballast.cli.factory_serving import FactoryRun, factory_run
from ballast.cli.home_region import home_region
from ballast.cli.plant_hearing import PlantRun, plant_run
from ballast.cli.serving import NodeRun, node_run, run_parts
from ballast.errors import WrongUsage
from ballast.lake.lake import Lake
from ballast.serve.listening import address, is_loopback, listen
from ballast.serve.node_parts import shipper_part
from ballast.serve.orders import PortalOrders, portal_part
from ballast.state.store import State
from ballast.state.users import list_users

PortOption = Annotated[
    int | None,
    typer.Option(
        "--port",
        min=0,
        max=65_535,
        help="Port of the portal; 0: any that is free (BALLAST_PORT).",
        show_default=False,
    ),
]
HostOption = Annotated[
    str | None,
    typer.Option(
        "--host",
        help="Address to listen on; this machine alone if left out (BALLAST_HOST).",
        show_default=False,
    ),
]

_SHIP_SECONDS = 5.0


def up(
    home: HomeOption = None,
    port: PortOption = None,
    host: HostOption = None,
    region: Annotated[
        str | None,
        typer.Option(
            "--region",
            help="The region that the home is about; its only city if left out (BALLAST_REGION).",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve the portal of a home, its identifier node and its plant, until stopped (Ctrl-C).

    The node is served where the home has one, the plant where its mapping, or
    BALLAST_PLANT_BROKER, names a broker. Beside the sample region, the sample
    factory is served, too.
    """
    lake = open_lake(home)
    found = settings()
    code = home_region(lake, region or found.region)
    with State(lake.home.path, lake.clock) as state:
        accounts = any(not user.disabled for user in list_users(state))

    def greet(up: Running) -> None:
        tell("the portal answers at {url}; Ctrl-C stops it", url=up.base_url)
        if up.node is not None:
            up.node.greet()
        if up.plant is not None:
            up.plant.greet()
        if up.factory is not None:
            up.factory.greet()
        if not accounts:
            tell("nobody can sign in yet; make an account with `ballast users add`")

    serve(lake, code, port=port, host=host, greet=greet)


@dataclass(frozen=True, slots=True)
class Running:
    """What answers.

    Parameters
    ----------
    base_url
        The portal's address.
    node
        The home's identifier node; none where it has none.
    plant
        How the home's plant is heard; none where it has none.
    factory
        The sample factory beside the home; none where there is none.
    """

    base_url: str
    node: NodeRun | None
    plant: PlantRun | None
    factory: FactoryRun | None


def serve(
    lake: Lake,
    region: str,
    *,
    port: int | None,
    host: str | None,
    greet: Callable[[Running], None],
    any_node_port: bool = False,
) -> None:
    """Serve the portal of a home, with its node, plant and sample factory, until a signal ends it.

    Parameters
    ----------
    lake
        Of the home.
    region
        The code of the region that the home is about.
    port, host
        Where to listen; what the settings say where ``None``.
    greet
        Told what answers, once all of it does.
    any_node_port
        Where a port of the node is taken, take any that is free.

    Raises
    ------
    CannotServe
        If the port is taken, or the portal refuses to start or keeps ending.
    WrongUsage
        If it is to listen on every address and nobody says what it is called.
    """
    found = settings()
    where = host or found.host
    with (
        listen(where, found.port if port is None else port) as taken,
        node_run(lake.home.path, any_port=any_node_port) as node,
    ):
        number = address(taken)[1]
        base_url = found.base_url or _base_url(where, number)
        if not is_loopback(where) and not base_url.startswith("https://"):
            tell(
                "passwords travel readable to everybody on the way; put a server that speaks TLS "
                "before the portal and name its https address in BALLAST_BASE_URL"
            )
        orders = PortalOrders(
            home=str(lake.home.path.resolve()),
            engine=found.engine,
            region=region,
            base_url=base_url,
            language=language(),
            contact=found.contact,
            oidc_issuer=found.oidc_issuer,
            oidc_client_id=found.oidc_client_id,
            oidc_secret_file=_whole(found.oidc_secret_file),
            node_url=found.node.base_url or (node.ports.url if node else ""),
        )
        plant = plant_run(lake.home.path)
        with factory_run(
            lake.home.path, city_url=base_url, port=number, node_url=orders.node_url
        ) as factory:
            parts = (
                portal_part(orders, taken),
                *(node.parts if node else ()),
                *(plant.parts(shipper=node is None) if plant else ()),
                # What other homes tell this one comes into the lake by its shipper too.
                *(
                    ()
                    if node or plant
                    else (shipper_part(lake.home.path.resolve(), language(), _SHIP_SECONDS),)
                ),
                *(factory.parts if factory else ()),
            )
            run_parts(parts, lambda: greet(Running(base_url, node, plant, factory)))


def _base_url(host: str, port: int) -> str:
    if host in ("", "0.0.0.0", "::"):  # noqa: S104 - recognised, not bound
        raise WrongUsage(
            "--host {host} is every address of this machine; say in BALLAST_BASE_URL under which "
            "one people reach the portal, for example http://{example}:{port}",
            host=host or "''",
            example="192.0.2.10",
            port=port,
        )
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _whole(path: Path | None) -> str:
    return "" if path is None else str(path.resolve())
