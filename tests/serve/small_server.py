"""A process to supervise: it answers 200 on its socket, or ends as it is told to.

Its orders are JSON: ``socket`` (a descriptor), ``notes`` (a file that gets a line a start),
``child`` (start a process of its own), ``deaf`` (ignore SIGTERM), ``exits`` (end with this code).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from ballast.serve.lifeline import end_with, read_orders

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


def main() -> None:
    orders = json.loads(read_orders())
    child = None
    if orders.get("child"):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid
    with Path(orders["notes"]).open("a") as notes:
        notes.write(json.dumps({"pid": os.getpid(), "child": child, "at": time.monotonic()}) + "\n")
    if "exits" in orders:
        os._exit(orders["exits"])
    if orders.get("deaf"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    end_with(grace_seconds=0.2)
    with socket.socket(fileno=orders["socket"]) as listening:
        listening.setblocking(True)
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(ANSWER)


if __name__ == "__main__":
    main()
