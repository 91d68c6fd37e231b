"""One portal for all browser tests, started as its user starts it: ``ballast demo``.

Debian's Chromium looks at it. Each test gets a browser's own window, which keeps what went wrong
in it: errors in its console, pages that failed, addresses outside the portal that it asked for.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK, PHONE = (1280, 900), (390, 844)
SIZES = {"desk": DESK, "phone": PHONE}
WALL = (1920, 1080)
START_SECONDS = 180.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the suite in one worker: it shares one portal."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass(frozen=True, slots=True)
class Portal:
    """The portal under test.

    Parameters
    ----------
    url
        Its address, without the slash at the end.
    passwords
        Of the demo's accounts, by their name, which is their role.
    home
        What it serves.
    process
        Of the command.
    factory, city
        Addresses of the sample factory's own portal, and of the city's.
    """

    url: str
    passwords: dict[str, str] = field(repr=False)
    home: Path
    process: int
    factory: str = ""
    city: str = ""


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal")
    with served(folder / "home", folder / "output.txt") as found:
        yield found


class served:  # noqa: N801 - used as a function
    """The demo, served while the block runs; nothing of it is left afterwards."""

    def __init__(self, home: Path, output: Path) -> None:
        self.home, self.output = home, output

    def __enter__(self) -> Portal:
        with self.output.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ballast", "demo", "--port", "0", "--home", str(self.home)],
                stdout=file, stderr=subprocess.STDOUT, start_new_session=True,
                env={**os.environ, "BALLAST_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"},
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while "shown this once" not in (said := self.output.read_text()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                pytest.fail(f"the demo did not start: {said}")
            time.sleep(0.1)
        url = re.search(r"answers at (http://\S+);", said)
        assert url is not None
        rows = re.findall(r"^\S.*?\s+(\w+)\s+(\w{12,})$", said, flags=re.MULTILINE)
        factory = re.search(r"own portal answers at (http://[^/\s]+)", said)
        assert factory is not None
        return Portal(url[1], dict(rows), self.home, self.process.pid, factory[1], url[1])

    def __exit__(self, *_: object) -> None:
        started = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        _, left = psutil.wait_procs(started, timeout=5)
        assert left == [], "the portal left processes behind"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (apt install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@dataclass
class Window:
    """A page in a browser, and what went wrong in it."""

    page: Page
    portal: Portal
    language: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.page
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._note(f"{error}"))
        page.on("requestfailed", lambda asked: self._failed(asked.url, asked.failure or ""))
        page.on("request", lambda asked: self._asked(asked.url))

    def _note(self, text: str) -> None:
        self.faults.append(text)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"{message.location['url']}: {message.text}")

    def _failed(self, url: str, why: str) -> None:
        # A download is no page; leaving a page ends what it still asked for.
        if "ERR_ABORTED" not in why:
            self._note(f"{url}: {why}")

    def _asked(self, url: str) -> None:
        asked, ours = urlsplit(url), urlsplit(self.portal.url)
        if asked.scheme in ("http", "https", "ws", "wss") and asked.netloc != ours.netloc:
            self._note(f"asked elsewhere: {url}")

    def open(self, path: str) -> Page:
        """Open a page and wait until all of it is there."""
        join = "&" if "?" in path else "?"
        self.page.goto(f"{self.portal.url}{path}{join}lang={self.language}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until nothing stands for what is still being worked out."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_function(
            "() => document.querySelector('h1')"
            " && !document.querySelector('.bone, [aria-busy=true]')",
            timeout=30_000,
        )

    def sign_in(self, role: str) -> Page:
        """Sign in through the form, as one of the demo's accounts."""
        page = self.page
        page.goto(f"{self.portal.url}/signin?lang={self.language}")
        page.fill("#name", role)
        page.fill("#password", self.portal.passwords[role])
        page.press("#password", "Enter")
        page.wait_for_url(lambda url: "/signin" not in url)
        return page


Opener = Callable[..., Window]


@pytest.fixture(scope="session")
def states() -> dict[str, object]:
    """Cookies of accounts that signed in before; signing in is slow on purpose."""
    return {}


@pytest.fixture
def window(browser: Browser, portal: Portal, states: dict[str, object]) -> Iterator[Opener]:
    opened: list[BrowserContext] = []

    def make(
        role: str | None = None,
        *,
        language: str = "en",
        size: tuple[int, int] = DESK,
        fresh: bool = False,
        dark: bool = False,
    ) -> Window:
        kept = None if fresh or role is None else states.get(role)
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN" if language == "zh" else "en-GB",
            storage_state=kept,  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        opened.append(context)
        context.set_default_timeout(20_000)
        found = Window(context.new_page(), portal, language)
        if role is not None and kept is None:
            found.sign_in(role)
            if not fresh:
                states[role] = context.storage_state()
        return found

    yield make
    for context in opened:
        context.close()
