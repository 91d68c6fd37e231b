"""How fast is the portal? The City page with the sample, and thirty people clicking.

    python benchmarks/portal.py [--seconds N] [--people N]

Two claims, each checked on a portal started as its user starts it:

- The City page with the sample, warm, takes at most 1.5 times an equal page
  without data: the City page of an empty home, same frame, same door, same
  programs. Both portals run at once and are asked in turn, by Chromium, from
  the request to the last figure on the page; and bare, over HTTP, for what the
  server alone takes. Without Chromium the first is left out, and said so.
- Thirty people with sessions of their own, who read pages, follow the line of
  each page they opened as a browser does, search, take tables away and ask the
  interface, one to five seconds between clicks, for a minute: 95 of 100
  answers within 1.5 s, no error.

Everything runs on one machine, the people too: they take from the portal what
they need themselves, so on two cores the figures are worse than the portal.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ballast.lake.lake import Lake
from ballast.portal.formtoken import home_mark
from ballast.state.sessions import open_session
from ballast.state.store import State
from ballast.state.users import add_user, list_users
from ballast.terms.role import Role

ROUNDS, RATIO, SLOWEST_SECONDS = 15, 1.5, 1.5
PEOPLE = Path(__file__).with_name("portal_people.py")
CHROMIUM = shutil.which("chromium")
REGIONS = ("371500", "371502", "371503", "371521", "371526", "371581")
# What stands on a page for a figure that is still being worked out.
COMPLETE = "document.querySelector('h1') && !document.querySelector('.bone, [aria-busy=true]')"


def now() -> datetime:
    """Return the moment."""
    return datetime.now(UTC)


@contextmanager
def served(home: Path, *command: str) -> Iterator[str]:
    """Run a portal; give its address; leave no process."""
    said = home.with_suffix(".txt")
    with said.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "ballast", *command, "--home", str(home), "--port", "0"],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "BALLAST_LANGUAGE": "en"},
        )
    try:
        while (found := re.search(r"answers at (\S+);", said.read_text())) is None:
            if process.poll() is not None:
                raise SystemExit(said.read_text())
            time.sleep(0.1)
        yield found[1]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def sessions(home: Path, count: int) -> list[tuple[str, bool]]:
    """Open sessions as signing in does, and tell whether they are an analyst's; most are.

    Each is the cookie that a browser would send, with its name.
    """
    name = f"ballast-session-{home_mark(home / 'portal')}"
    with State(home, now) as state:
        users = [user for user in list_users(state) if user.role is not Role.PUBLIC]
        users.sort(key=lambda user: user.role is not Role.ANALYST)
        chosen = [users[0] if n % 2 else users[n // 2 % len(users)] for n in range(count)]
        return [(f"{name}={open_session(state, u.id)[0]}", u.role is Role.ANALYST) for u in chosen]


def fetch(url: str, token: str) -> bytes:
    """Return a page as an account with this session gets it."""
    asked = urllib.request.Request(url, headers={"cookie": token})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return bytes(answer.read())


def warm(page: str, token: str) -> float:
    """Ask for a City page until all of it is there at once; return the seconds until then."""
    begun = time.perf_counter()
    while b"card-structure" not in fetch(page, token):
        time.sleep(0.2)
    return time.perf_counter() - begun


def in_turn(rounds: int, *runs: Callable[[], object]) -> list[list[float]]:
    """Time runs in turn; the first round, which warms, does not count."""
    times: list[list[float]] = [[] for _ in runs]
    for number in range(rounds + 1):
        for run, kept in zip(runs, times, strict=True):
            begun = time.perf_counter()
            run()
            if number:
                kept.append(time.perf_counter() - begun)
    return times


def report(what: str, full: list[float], empty: list[float]) -> float:
    """Print a comparison; return the median ratio of the rounds."""
    ratio = statistics.median(a / b for a, b in zip(full, empty, strict=True))
    medians = f"{statistics.median(full):7.3f} s {statistics.median(empty):7.3f} s"
    print(f"{what:<42} {medians}   {ratio:.2f}")
    return ratio


def compare(full: tuple[str, str], empty: tuple[str, str]) -> bool:
    """Compare the City page with and without data; tell whether the claim holds.

    Parameters
    ----------
    full, empty
        Address and session of the two portals.
    """
    print(f"City page, warm, median of {ROUNDS} rounds in turn   sample     empty   ratio")
    pages = [f"{url}/city?lang=en" for url, _ in (full, empty)]
    asked = list(zip(pages, (full[1], empty[1]), strict=True))
    warm(*asked[0])
    sizes = [len(fetch(page, token)) for page, token in asked]
    bare = in_turn(ROUNDS, *(partial(fetch, page, token) for page, token in asked))
    report("over HTTP, the document alone", *bare)
    if CHROMIUM is None:
        print("in a browser: left out (no Chromium; apt install chromium)")
        return True
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        opened = []
        for (url, token), page in zip((full, empty), pages, strict=True):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            name, _, value = token.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": url}])
            opened.append((context.new_page(), page))

        def look(number: int) -> None:
            tab, page = opened[number]
            tab.goto(page)
            tab.wait_for_function(COMPLETE)

        times = in_turn(ROUNDS, lambda: look(0), lambda: look(1))
        browser.close()
    ratio = report("in Chromium, to the last figure", *times)
    print(f"{'documents':<42} {sizes[0] / 1e3:6.0f} kB {sizes[1] / 1e3:6.0f} kB")
    print(f"claim: at most {RATIO:g} in the browser: {'holds' if ratio <= RATIO else 'FAILS'}")
    return ratio <= RATIO


def crowd(url: str, tokens: list[tuple[str, bool]], seconds: int) -> bool:
    """Let people click; print what they met; tell whether the claim holds."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.json"
        told = {
            "url": url,
            "tokens": tokens,
            "seconds": seconds,
            "regions": REGIONS,
            "found": str(found),
        }
        # A process of its own: the library that plays people changes the whole process.
        subprocess.run(
            [sys.executable, str(PEOPLE)],
            input=json.dumps(told),
            text=True,
            check=True,
            timeout=seconds + 120,
        )
        rows = json.loads(found.read_text())
    print(f"\n{len(tokens)} people, {seconds} s{'':<22} asked  failed   median     p95     most")
    for row in rows:
        print(
            f"{row['name']:<42} {row['asked']:5} {row['failed']:7}"
            f" {row['median']:7.3f} {row['p95']:7.3f} {row['most']:8.3f} s"
        )
    whole = rows[-1]
    holds = bool(whole["failed"] == 0 and whole["p95"] <= SLOWEST_SECONDS)
    print(f"claim: p95 at most {SLOWEST_SECONDS:g} s, no error: {'holds' if holds else 'FAILS'}")
    return holds


def main() -> int:
    """Run both comparisons; 1 where a claim does not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--people", type=int, default=30)
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load before the start {load:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        sample, bare = Path(folder) / "sample", Path(folder) / "bare"
        Lake.create(bare)
        with State(bare, now) as state:
            add_user(state, "analyst", role=Role.ANALYST, language="en")
        with served(sample, "demo") as url:
            with served(bare, "up", "--region", "371500") as empty:
                ((mine, _),), ((other, _),) = sessions(sample, 1), sessions(bare, 1)
                close = compare((url, mine), (empty, other))
            cold = [warm(f"{url}/city?region={code}&lang=en", mine) for code in REGIONS]
            print(f"seconds until a page that nobody saw before is whole: {max(cold):.1f} at most")
            quick = crowd(url, sessions(sample, asked.people), asked.seconds)
    return int(not (close and quick))


if __name__ == "__main__":
    sys.exit(main())
