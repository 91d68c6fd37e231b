"""The writer's process: it ends when it can write no more, so that another one is started."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ballast.node.service.caller import OPERATOR
from ballast.node.wire.codes import ResponseCode
from ballast.node.writer.client import WriterClient
from ballast.node.writer.local import writer_answers

from .test_faults import create, path_of, stored


@pytest.mark.skipif(shutil.which("strace") is None, reason="failing system calls need strace")
def test_a_writer_whose_disk_failed_half_way_ends_so_that_it_is_started_anew(home: Path) -> None:
    file = home / "node" / "registry" / "records.mdb"
    process = subprocess.Popen(
        ["strace", "-f", "-qq", "-o", os.devnull, "-P", str(file),
         "-e", "trace=pwrite64", "-e", "inject=pwrite64:error=EIO:when=1+",
         sys.executable, "-m", "ballast.node.writer.process"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(b'{"home": "%b", "language": "en"}\n' % os.fsencode(home))
    process.stdin.flush()
    deadline = time.monotonic() + 60
    try:
        while not writer_answers(path_of(home)):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.skip("strace may not trace here")
            time.sleep(0.05)

        async def talk() -> list[int]:
            client = WriterClient(path_of(home))
            told = [await client.apply(create(f"88.118.8/{n}"), OPERATOR) for n in range(2)]
            await client.close()
            return [answer.code for answer in told]

        assert asyncio.run(talk()) == [ResponseCode.ERROR] * 2
        _, said = process.communicate(timeout=60)
        assert process.returncode == 1, said
        assert b"the disk failed in the middle of a commit" in said
        assert b"Traceback" not in said
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    assert stored(home) == (0, [])
