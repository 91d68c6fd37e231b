"""A node, a handle registered over REST by proof of a private key, resolved in two ways.

The enterprise's key signs what the node asks, so that nothing secret travels, with TLS or
without. The node is made in the folder where you run this and takes ports that are free.
"""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import cast

import httpx
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ballast.node.wire.codes import OpCode
from ballast.node.wire.envelope import ENVELOPE_BYTES, Envelope
from ballast.node.wire.header import Header
from ballast.node.wire.message import Message, parse_message
from ballast.node.wire.requests import ResolveRequest
from ballast.node.wire.responses import ResolveResponse

HANDLE = "88.118.8/A-1"
surroundings = os.environ | {
    "BALLAST_HOME": "node-home", "BALLAST_LANGUAGE": "en", "BALLAST_NODE_WORKERS": "1",
    "BALLAST_NODE_PORT": "0", "BALLAST_NODE_HTTP_PORT": "0",
}  # fmt: skip


def ballast(*words: str) -> list[str]:
    """Return a command of the node."""
    return [sys.executable, "-m", "ballast", "node", *words]


def register(client: httpx.Client) -> None:
    """Open a session, prove to be the enterprise by its key, register a handle."""
    session = client.post("/api/sessions").json()
    nonce, own = base64.b64decode(session["nonce"]), os.urandom(16)
    key = cast("RSAPrivateKey", load_pem_private_key(Path("valve.pem").read_bytes(), None))
    signature = key.sign(nonce + own, PKCS1v15(), SHA256())
    proof = {
        "version": "0", "sessionId": session["sessionId"], "id": "300:0.NA/88.118.8",
        "type": "HS_PUBKEY", "alg": "SHA256",
        "cnonce": base64.b64encode(own).decode(), "signature": base64.b64encode(signature).decode(),
    }  # fmt: skip
    words = ", ".join(f'{name}="{value}"' for name, value in proof.items())
    values = [{"index": 1, "type": "URL", "data": "https://example.org/valves/A-1"}]
    answer = client.put(
        f"/api/handles/{HANDLE}",
        headers={"authorization": f"Handle {words}"},
        json={"values": values},
    )
    print("registered:", answer.status_code, answer.json())


def resolve(port: int) -> None:
    """Ask by the native protocol, over UDP: one datagram there, one back."""
    question = Message(
        Envelope(request_id=7), Header(OpCode.RESOLVE), ResolveRequest(HANDLE.encode()).to_wire()
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(10)
        line.sendto(question.to_wire(), ("127.0.0.1", port))
        answer = parse_message(line.recv(ENVELOPE_BYTES + 65_536))
    for value in ResolveResponse.parse(answer.body).values:
        print("native:", answer.header.response.name, value.index, value.type, value.data.decode())


for command in (
    ballast("init", "88.118"),
    ballast(
        "prefix", "allot", "88.118.8", "--uscc", "91350581MA2XXXXX1J",
        "--enterprise", "Valve works", "--key-out", "valve.pem",
    ),
):  # fmt: skip
    subprocess.run(command, env=surroundings, check=True, capture_output=True)  # noqa: S603 - ours
with subprocess.Popen(  # noqa: S603 - ours
    ballast("serve"), env=surroundings, stderr=subprocess.PIPE, text=True
) as node:
    try:
        told = next(line for line in node.stderr or () if "answers at" in line)
        web, port = re.findall(r"http://[^;]+|(?<=port )\d+", told)
        with httpx.Client(base_url=web) as client:
            register(client)
            found = client.get(f"/api/handles/{HANDLE}").json()
            print("by HTTP:", json.dumps(found["values"][0]["data"]))
        resolve(int(port))
    finally:
        node.terminate()
