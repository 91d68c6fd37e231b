"""The Identifiers page in a browser: complete, open to everybody, and its way through one life."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import SIZES, Opener, Portal
from tests.browser.test_pages import faults_of, obstacles

from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import RecordState, record_key, unpack_record
from ballast.terms.handle import fold

PARTS = [
    ("overview", "analyst", "/identifiers"),
    ("totals", "administrator", "/identifiers"),
    ("prefixes", "analyst", "/identifiers?part=prefixes"),
    ("prefix", "administrator", "/identifiers?part=prefixes&prefix=88.000.2"),
    ("search", "analyst", "/identifiers?part=search&of=88.000.1/"),
    ("nothing", "enterprise", "/identifiers?part=search&of=99.9/x"),
    ("record", "enterprise", "/identifiers?part=record&handle={own}"),
    ("cluster", "operator", "/identifiers"),
    ("door", None, "/public/identifiers?of=88.000.1/x"),
]


@pytest.fixture(scope="module")
def own(portal: Portal) -> str:
    """Return one identifier of the demo's enterprise."""
    return handles_of(portal, "88.000.15")[0]


def handles_of(portal: Portal, prefix: str) -> list[str]:
    with (
        LmdbStore.open(portal.home / "node" / "registry", readonly=True) as store,
        store.snapshot() as moment,
    ):
        return [spelling.decode() for _, spelling in moment.handles(prefix.encode(), None, 5)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("name", "role", "path"), PARTS, ids=[name for name, *_ in PARTS])
def test_a_part_is_complete_quiet_and_open_to_everybody(
    name: str,
    role: str | None,
    path: str,
    dark: bool,
    size: str,
    own: str,
    window: Opener,
    tmp_path: Path,
) -> None:
    # Either language at either size, light and dark: four looks, in pairs.
    language = "zh" if (size == "desk") != dark else "en"
    opened = window(role, language=language, size=SIZES[size], dark=dark)
    opened.open(path.format(own=own))
    opened.page.screenshot(path=tmp_path / f"{name}-{language}-{size}.png", full_page=True)
    assert faults_of(opened) == []
    assert obstacles(opened) == []


def test_what_is_invented_says_so_on_every_part(own: str, window: Opener) -> None:
    opened = window("enterprise")
    for address in ("", "?part=prefixes", "?part=search&of=88.000", f"?part=record&handle={own}"):
        page = opened.open(f"/identifiers{address}")
        expect(page.locator(".badge").first).to_have_text("synthetic sample")


def test_an_enterprise_finds_revokes_and_restores_its_own(
    own: str, window: Opener, portal: Portal
) -> None:
    opened = window("enterprise", language="en")
    page = opened.open("/identifiers?part=search")
    page.get_by_role("searchbox", name="Identifier, or how it begins").fill(own)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=own, exact=True).click()
    opened.settle()
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text(f"{own} is revoked.")).to_be_visible()
    opened.settle()
    assert state_of(portal, own) is RecordState.REVOKED
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text(f"{own} is restored.")).to_be_visible()
    opened.settle()
    assert state_of(portal, own) is RecordState.VALID
    assert opened.faults == []


def state_of(portal: Portal, handle: str) -> RecordState:
    key = record_key(fold(handle.encode()))
    with (
        LmdbStore.open(portal.home / "node" / "registry", readonly=True) as store,
        store.snapshot() as moment,
    ):
        packed = moment.record(key)
    assert packed is not None
    return unpack_record(key, packed).state


def test_the_code_of_a_record_leads_to_the_node(own: str, window: Opener) -> None:
    opened = window("enterprise", language="en")
    page = opened.open(f"/identifiers?part=record&handle={own}")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    target = page.locator(".bd-scan a").get_attribute("href")
    assert target is not None
    answer = page.context.request.get(target, headers={"accept": "text/html"})
    assert answer.status == 200
    assert own in answer.text()


def test_an_administrator_sees_no_list_of_an_enterprise(own: str, window: Opener) -> None:
    opened = window("administrator", language="en")
    page = opened.open(f"/identifiers?part=search&of={own.partition('/')[0]}/")
    expect(page.get_by_role("alert")).to_contain_text("for its enterprise to list")
    page = opened.open(f"/identifiers?part=record&handle={own}")
    expect(page.get_by_role("alert")).to_contain_text("does not open")
