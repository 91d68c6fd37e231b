"""The portal's process: ``python -m ballast.serve.portal_process``, started by the supervisor.

It reads its orders from standard input, serves on the socket it was handed,
and ends when asked to or when the supervisor is gone. What keeps it from
starting is one line on standard error and the exit code that says "do not
try again".
"""

from __future__ import annotations

import signal
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from ballast.errors import BallastError, HomeBusy
from ballast.lake.lake import Lake
from ballast.portal.app import create_app
from ballast.portal.context import OidcSettings, PortalContext
from ballast.serve.lifeline import end_with, read_orders
from ballast.serve.orders import PortalOrders
from ballast.serve.supervisor import REFUSED
from ballast.state.store import State
from ballast.words import explain

__all__ = ["context_of_orders", "main"]

# Open pages hold a connection each and would keep a stopping server waiting for ever.
_FAREWELL_SECONDS = 3


def context_of_orders(orders: PortalOrders) -> PortalContext:
    """Return what the portal is started with.

    Raises
    ------
    HomeError
        If the home cannot be opened.
    """
    home = Path(orders.home)
    secret = orders.oidc_secret_file
    oidc = OidcSettings(
        issuer=orders.oidc_issuer,
        client_id=orders.oidc_client_id,
        client_secret_file=Path(secret) if secret else None,
    )
    return PortalContext(
        lake=Lake.open(home, orders.engine),
        state=State(home, _now),
        region=orders.region,
        base_url=orders.base_url,
        secure_cookies=orders.base_url.startswith("https://"),
        oidc=oidc if orders.oidc_issuer else None,
        clock=_now,
        contact=orders.contact,
        node_url=orders.node_url,
    )


def main() -> None:
    """Serve until asked to end."""
    # Before anything else, so that a stop while starting is clean too; uvicorn gives it back.
    signal.signal(signal.SIGTERM, _leave)
    orders = PortalOrders.parse(read_orders())
    end_with()
    try:
        context = context_of_orders(orders)
        app = create_app(context)
    except BallastError as error:
        print(explain(error, orders.language), file=sys.stderr, flush=True)  # noqa: T201
        # A busy home is free again later; nothing else mends itself.
        sys.exit(1 if isinstance(error, HomeBusy) else REFUSED)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Only where there is a proxy, its word for who asks counts.
        proxy_headers=context.secure_cookies,
        timeout_graceful_shutdown=_FAREWELL_SECONDS,
    )
    with socket.socket(fileno=orders.socket) as taken:
        uvicorn.Server(config).run(sockets=[taken])


def _leave(_number: int, _frame: object) -> None:
    sys.exit(0)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
