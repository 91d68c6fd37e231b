from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime as dt
import socket
import ssl
import time
from ipaddress import IPv4Address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ballast.errors import CannotServe
from ballast.node.servers.budget import BudgetLimits
from ballast.node.servers.http.context import HttpLimits, Tls
from ballast.node.servers.http.hosting import HttpServer

from .running import PASSWORD, PREFIX, Node, running_node


@pytest.fixture
def tls(tmp_path: Path) -> Tls:
    """Return a certificate made for this test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "node under test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Tls(tmp_path / "node.pem", tmp_path / "node.key")
    made.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made


def test_a_node_with_a_certificate_speaks_https_and_takes_passwords(
    tmp_path: Path, tls: Tls
) -> None:
    trusted = ssl.create_default_context(cafile=str(tls.certificate))
    with running_node(tmp_path / "home", tls=tls) as node:
        secret = next((node.home / "node" / "keys").glob("*secret*")).read_text().strip()
        auth = (f"301%3A0.NA/{PREFIX}", secret)
        with httpx.Client(base_url=node.base, verify=trusted, auth=auth, timeout=20) as client:
            assert client.get(f"/api/handles/{PREFIX}/A-1").status_code == 200
            body = [{"index": 1, "type": "URL", "data": "https://a.cn"}]
            assert client.put(f"/api/handles/{PREFIX}/TLS", json=body).status_code == 201
            page = client.get(f"/{PREFIX}/A-1?noredirect")
            assert page.status_code == 200


def test_a_password_over_plain_http_is_403_with_code_402(tmp_path: Path) -> None:
    with running_node(tmp_path) as node:
        secret = next((node.home / "node" / "keys").glob("*secret*")).read_text().strip()
        auth = (f"301%3A0.NA/{PREFIX}", secret)
        with httpx.Client(base_url=node.base, auth=auth, timeout=20) as client:
            answer = client.delete(f"/api/handles/{PREFIX}/A-1")
            assert (answer.status_code, answer.json()["responseCode"]) == (403, 402)
            assert client.get(f"/api/handles/{PREFIX}/A-1", auth=("", "")).status_code != 200
        assert httpx.get(f"{node.base}/api/handles/{PREFIX}/A-1").status_code == 200


def talk(port: int, data: bytes, seconds: float = 10.0) -> bytes:
    """Send bytes, return what comes until the other end closes or says no more."""
    seen = b""
    with socket.create_connection(("127.0.0.1", port), seconds) as wire:
        wire.sendall(data)
        try:
            while part := wire.recv(65536):
                seen += part
        except (TimeoutError, ConnectionResetError):
            pass
    return seen


def test_headers_are_bounded_in_size_number_and_time(tmp_path: Path) -> None:
    limits = HttpLimits(header_seconds=1.0)
    with running_node(tmp_path, limits=limits) as node:
        get = f"GET /api/handles/{PREFIX}/A-1 HTTP/1.1\r\nHost: x\r\n".encode()
        assert b" 431 " in talk(node.port, get + b"X: " + b"y" * 60_000 + b"\r\n\r\n", 2)
        assert b" 431 " in talk(node.port, get + b"X: y\r\n" * 500 + b"\r\n", 2)
        assert b" 414 " in talk(node.port, b"GET /" + b"y" * 70_000 + b" HTTP/1.1\r\n\r\n", 2) or (
            b" 431 " in talk(node.port, b"GET /" + b"y" * 70_000 + b" HTTP/1.1\r\n\r\n", 2)
        )
        began = time.monotonic()
        assert b" 200 " not in talk(node.port, get, 8)
        assert time.monotonic() - began < 6
        assert b" 200 " in talk(node.port, get + b"Connection: close\r\n\r\n")


def test_a_body_is_bounded_in_size_and_time(tmp_path: Path) -> None:
    limits = HttpLimits(body_bytes=1000, body_seconds=0.5)
    with running_node(tmp_path, limits=limits, basic_over_plain=True) as node:
        secret = next((node.home / "node" / "keys").glob("*secret*")).read_text().strip()
        auth = (f"301%3A0.NA/{PREFIX}", secret)
        path = f"/api/handles/{PREFIX}/LONG"
        with httpx.Client(base_url=node.base, auth=auth, timeout=20) as client:
            assert client.put(path, content=b" " * 1001).status_code == 413
            chunks = (b" " * 300 for _ in range(9))
            assert client.put(path, content=chunks).status_code == 413
            request = client.build_request("PUT", path)
            proof = next(httpx.BasicAuth(*auth).auth_flow(request)).headers["authorization"]
        head = (
            f"PUT {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {proof}\r\nContent-Length: 9\r\n\r\n"
        )
        assert b" 408 " in talk(node.port, head.encode() + b"[", 5)


def test_an_address_that_asks_too_much_is_429(tmp_path: Path) -> None:
    budget = BudgetLimits(requests_per_second=1, request_burst=5)
    with running_node(tmp_path, budget=budget) as node:
        path = f"{node.base}/api/handles/{PREFIX}/A-1"
        statuses = [httpx.get(path).status_code for _ in range(7)]
    assert statuses[:5] == [200] * 5
    assert 429 in statuses[5:]


def test_one_connection_above_the_bound_waits_until_an_idle_one_is_closed(tmp_path: Path) -> None:
    limits = HttpLimits(connections=3, header_seconds=1.0)
    with contextlib.ExitStack() as clients, running_node(tmp_path, limits=limits) as node:
        for _ in range(4):  # one is held by the loop that accepts
            wire = clients.enter_context(socket.create_connection(("127.0.0.1", node.port)))
        time.sleep(0.2)
        began = time.monotonic()
        assert httpx.get(f"{node.base}/health", timeout=10).status_code == 200
        assert time.monotonic() - began > 0.3
        wire.settimeout(5)
        assert wire.recv(1) == b""


def test_an_address_that_guesses_passwords_is_429(tmp_path: Path) -> None:
    budget = BudgetLimits(failures_per_minute=1, failure_burst=3)
    with running_node(tmp_path, budget=budget, basic_over_plain=True) as node:
        path = f"{node.base}/api/handles/{PREFIX}/A-1"
        auth = (f"301%3A0.NA/{PREFIX}", "guess")
        statuses = [httpx.get(path, auth=auth).status_code for _ in range(5)]
        assert statuses == [403, 403, 403, 429, 429]
        assert httpx.get(path).status_code == 200


def test_a_port_that_is_taken_is_said(node: Node) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port: int = taken.getsockname()[1]

        async def open_it() -> None:
            server = HttpServer(object(), "127.0.0.1", port)
            with pytest.raises(CannotServe):
                await server.start()

        asyncio.run(open_it())
    assert node.port != port


def test_a_door_closes_though_a_client_is_in_the_middle_of_something(tmp_path: Path) -> None:
    with contextlib.ExitStack() as clients:
        with running_node(tmp_path, basic_over_plain=True) as node:
            proof = base64.b64encode(f"300%3A{PREFIX}/ADMIN:{PASSWORD}".encode()).decode()
            for data in (
                b"",
                b"GET / HT",
                b"PUT /api/handles/88.118.8/X HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n[",
                f"POST /api/bulk HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {proof}\r\n"
                "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
                "3\r\n{}\n\r\n".encode(),
            ):
                wire = clients.enter_context(socket.create_connection(("127.0.0.1", node.port)))
                wire.sendall(data)
            time.sleep(0.5)
            began = time.monotonic()
        assert time.monotonic() - began < 15
