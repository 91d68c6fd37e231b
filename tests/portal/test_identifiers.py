"""The Identifiers page: with a node, without one, with the writer away; changes by who may."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from nicegui import Client
from starlette.testclient import TestClient

from ballast.errors import InvalidTerm
from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.records import RecordState, record_of
from ballast.node.wire.site import Site
from ballast.node.wire.value import ADMIN_READ, Value
from ballast.portal.app import create_app
from ballast.portal.identifiers import PARTS
from ballast.portal.identifiers_allotting import site_of
from ballast.portal.identifiers_desk import node_of
from ballast.portal.identifiers_life import end_of
from ballast.portal.identifiers_prefixes import prefix_rows
from ballast.portal.identifiers_reading import open_record, prefixes_of
from ballast.portal.identifiers_record import value_rows
from ballast.portal.identifiers_words import code_svg, value_content
from ballast.state.audit import entries
from ballast.state.users import change_user
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role
from ballast.terms.viewer import operator

OWN, OTHER, NEW = (with_check_character(f"91371500MA000000{n}") for n in range(3))
AT = 1_780_000_000
SIGNED_IN = [role for role in Role if role is not Role.PUBLIC]
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def noded(door: Any, make_node: Callable[[Path], Any]) -> Iterator[Any]:
    """Return a portal with a node, whose writer is away; its enterprise has a prefix."""
    change_user(door.state, door.users[Role.ENTERPRISE].id, enterprises=[OWN])
    now = int(door.context.clock().timestamp())
    values = [
        Value(1, "URL", b"https://example.com/a"),
        Value(2, "NAME", HOSTILE.encode()),
        Value(3, "PRICE", b"7,77", ADMIN_READ),
    ]
    door.node = make_node(door.context.lake.home.path)
    door.node.put(
        PrefixEntry("88.118", PrefixState.HOMED, enterprise="Node", allotted_at=now),
        PrefixEntry("88.118.8", PrefixState.HOMED, OWN, HOSTILE, allotted_at=now - 200_000),
        PrefixEntry("88.118.9", PrefixState.HOMED, OTHER, "别家", allotted_at=now),
        records=[
            record_of(b"88.118.8/A-1", values, now - 100_000),
            record_of(b"88.118.9/X-1", values, now),
        ],
    )
    yield door
    door.node.stop_writer()


def opened(browser: Any, address: str) -> Client:
    """Return an open page, once what it fills in later stands on it."""
    before = set(Client.instances)
    assert browser.get(address).status_code == 200
    (number,) = set(Client.instances) - before
    page = Client.instances[number]
    deadline = time.monotonic() + 30
    while any(str(e.props.get("aria-busy")) == "true" for e in list(page.elements.values())):
        assert time.monotonic() < deadline, "the page does not get ready"
        browser.portal.call(asyncio.sleep, 0.02)
    return page


def shown(page: Client) -> str:
    return "\n".join(
        str(getattr(element, "content", "") or getattr(element, "text", ""))
        for element in page.elements.values()
    )


def press(browser: Any, page: Client, words: str) -> None:
    for element in page.elements.values():
        if getattr(element, "tag", "") == "button" and getattr(element, "text", "") == words:
            handler: Any = next(iter(element._event_listeners.values())).handler
            break
    else:
        raise AssertionError(f"there is no button {words}")

    async def in_its_place() -> None:
        with page:
            await handler()

    browser.portal.call(in_its_place)


def fill(browser: Any, page: Client, label: str, text: str) -> None:
    """Leave a field with a text in it, as a browser reports it; the last one of that name."""
    labels = [e for e in page.elements.values() if getattr(e, "tag", "") == "label"]
    for element in reversed(labels):
        named, box = element.default_slot.children[:2]
        if getattr(named, "text", "") == label:
            handler: Any = next(iter(box._event_listeners.values())).handler
            break
    else:
        raise AssertionError(f"there is no field {label}")

    async def in_its_place() -> None:
        with page:
            await handler(type("Event", (), {"args": text})())

    browser.portal.call(in_its_place)


@pytest.mark.parametrize("role", list(Role))
def test_without_a_node_every_part_says_so_and_nobody_is_let_in_unsigned(
    shared_door: Any, role: Role
) -> None:
    with shared_door.browser(role) as browser:
        for part in ("overview", "prefixes", "search", "record", "nonsense"):
            answer = browser.get(f"/identifiers?part={part}&lang=en", follow_redirects=False)
            if role is Role.PUBLIC:
                assert answer.status_code in (303, 403)
                continue
            assert "this home has no identifier node" in answer.text
            assert ("ballast node init" in answer.text) == (role is Role.ADMINISTRATOR)


def test_a_node_that_is_founded_later_needs_no_restart(
    door: Any, make_node: Callable[[Path], Any]
) -> None:
    with door.browser(Role.ANALYST) as browser:
        assert "no identifier node" in browser.get("/identifiers?part=prefixes&lang=en").text
        node = make_node(door.context.lake.home.path)
        node.put(PrefixEntry("88.118.8", PrefixState.HOMED, OWN, "自家", allotted_at=AT))
        assert "88.118.8" in browser.get("/identifiers?part=prefixes&lang=en").text


@pytest.mark.parametrize("role", SIGNED_IN)
def test_a_name_that_is_markup_stays_text_in_every_part(noded: Any, role: Role) -> None:
    parts = [name for name, one in PARTS.items() if role in one.roles]
    with noded.browser(role) as browser:
        for part in parts:
            for language in ("zh", "en"):
                asked = f"part={part}&of=88.118.8&handle=88.118.8/A-1&lang={language}"
                answer = browser.get(f"/identifiers?{asked}")
                assert answer.status_code == 200
                assert "<img src=x" not in answer.text


def test_the_overview_counts_for_whom_it_may(noded: Any) -> None:
    with noded.browser(Role.ANALYST) as browser:
        said = shown(opened(browser, "/identifiers?lang=en"))
    assert "2 enterprises have named 2 things" in said
    assert entries(noded.state)[0].what == "identifiers: counts by enterprise"
    with noded.browser(Role.ADMINISTRATOR) as browser:
        said = shown(opened(browser, "/identifiers?lang=en"))
    assert "0 identifiers are registered under 1 prefixes" in said
    assert "its sums stand in the sealed cube" in said
    assert "Who names most" not in said
    with noded.browser(Role.ENTERPRISE) as browser:
        said = shown(opened(browser, "/identifiers?lang=en"))
    assert "1 identifiers are registered under 1 prefixes" in said
    with noded.browser(Role.OPERATOR) as browser:
        said = shown(opened(browser, "/identifiers?lang=en"))
    assert "No enterprise that consented" in said


def test_a_record_shows_its_enterprise_what_others_do_not_see(noded: Any) -> None:
    address = "/identifiers?part=record&handle=88.118.8/a-1&lang=en"
    with noded.browser(Role.ENTERPRISE) as browser:
        said = shown(opened(browser, address))
    assert "7,77" in said
    assert "88.118.8/A-1" in said
    assert entries(noded.state)[0].what == "identifiers: record 88.118.8/A-1"
    with noded.browser(Role.ENTERPRISE) as browser:
        other = browser.get("/identifiers?part=record&handle=88.118.9/X-1&lang=en").text
    assert "7,77" not in other
    assert "your account does not open" in other
    with noded.browser(Role.ADMINISTRATOR) as browser:
        assert "7,77" not in browser.get(address).text


def test_with_the_writer_away_reading_goes_on_and_a_change_says_what_happened(
    noded: Any,
) -> None:
    with noded.browser(Role.ENTERPRISE) as browser:
        page = opened(browser, "/identifiers?part=record&handle=88.118.8/A-1&lang=en")
        press(browser, page, "Revoke")
        assert "writer does not run; try again shortly" in shown(page)
        assert "7,77" in browser.get("/identifiers?part=record&handle=88.118.8/A-1").text
    assert state_of(noded) is RecordState.VALID


def state_of(noded: Any) -> RecordState:
    with node_of(noded.context).reading() as moment:
        now = noded.context.clock().timestamp()
        return open_record(moment, operator("test"), "88.118.8/A-1", now).record.state


def test_an_enterprise_revokes_restores_and_renews_its_own(noded: Any) -> None:
    noded.node.start_writer()
    with noded.browser(Role.ENTERPRISE) as browser:
        page = opened(browser, "/identifiers?part=record&handle=88.118.8/A-1&lang=en")
        press(browser, page, "Revoke")
        assert "88.118.8/A-1 is revoked." in shown(page)
        assert state_of(noded) is RecordState.REVOKED
        press(browser, page, "Restore")
        assert "88.118.8/A-1 is restored." in shown(page)
        assert state_of(noded) is RecordState.VALID
        fill(browser, page, "Valid through", "2090-01-31")
        press(browser, page, "Set the end")
        assert "is valid through 2090-01-31." in shown(page)
        fill(browser, page, "Valid through", "1990-01-31")
        press(browser, page, "Set the end")
        assert "would expire in the past" in shown(page)
        change_user(noded.state, noded.users[Role.ENTERPRISE].id, enterprises=[OTHER])
        press(browser, page, "Revoke")
    with node_of(noded.context).reading() as moment:
        trail = [bytes(entry) for _, entry in moment.audit_entries()]
    assert any(b"portal:the-enterprise" in entry for entry in trail)
    made = [e.action for e in entries(noded.state) if e.action.startswith("identifier-")]
    assert made[-3:] == ["identifier-renew", "identifier-restore", "identifier-revoke"]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OPERATOR, Role.ADMINISTRATOR])
def test_nobody_else_is_offered_a_change_of_a_record(noded: Any, role: Role) -> None:
    with noded.browser(role) as browser:
        page = opened(browser, "/identifiers?part=record&handle=88.118.8/A-1&lang=en")
    assert "Revoke" not in shown(page)


def test_an_administrator_allots_moves_and_withdraws(noded: Any) -> None:
    noded.node.start_writer()
    with noded.browser(Role.ADMINISTRATOR) as browser:
        page = opened(browser, "/identifiers?part=prefixes&lang=en")
        fill(browser, page, "Unified social credit code", OWN[:-1] + "!")
        fill(browser, page, "Enterprise (real name)", "新厂")
        press(browser, page, "Allot the prefix")
        assert "is allotted" not in shown(page)
        fill(browser, page, "Unified social credit code", NEW)
        press(browser, page, "Allot the prefix")
        assert "88.118.10 is allotted to 新厂" in shown(page)
        page = opened(browser, "/identifiers?part=prefixes&prefix=88.118.10&lang=en")
        fill(browser, page, "IP addresses", "192.0.2.7")
        press(browser, page, "Refer to that node")
        assert "新厂, kept by the enterprise&#39;s node" in shown(page)
        press(browser, page, "Keep and answer it here again")
        assert "新厂, kept here" in shown(page)
        press(browser, page, "Stop answering for it")
        assert "新厂, not answered for" in shown(page)
        press(browser, page, "Withdraw the prefix")
        assert "88.118.10 is withdrawn." in shown(page)
    with node_of(noded.context).reading() as moment:
        assert moment.prefix(b"88.118.10") is None
    made = [e.action for e in entries(noded.state) if e.action.startswith("prefix-")]
    assert made == ["prefix-withdraw", *["prefix-change"] * 3, "prefix-allot"]


def test_a_prefix_with_identifiers_is_not_withdrawn_and_does_not_say_how_many(noded: Any) -> None:
    noded.node.start_writer()
    with noded.browser(Role.ADMINISTRATOR) as browser:
        page = opened(browser, "/identifiers?part=prefixes&prefix=88.118.8&lang=en")
        press(browser, page, "Withdraw the prefix")
        assert "88.118.8: identifiers stand under it;" in shown(page)
    with node_of(noded.context).reading() as moment:
        assert moment.prefix(b"88.118.8") is not None


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OPERATOR, Role.ENTERPRISE])
def test_nobody_else_is_offered_to_allot(noded: Any, role: Role) -> None:
    with noded.browser(role) as browser:
        for address in ("", "&prefix=88.118.8"):
            page = browser.get(f"/identifiers?part=prefixes{address}&lang=en").text
            assert "Allot" not in page.replace("Allotted", "")
            assert "Withdraw" not in page


def test_a_handle_in_the_search_of_the_frame_leads_to_its_record(noded: Any) -> None:
    with noded.browser(Role.ENTERPRISE) as browser:
        assert "part=record" in browser.get("/search?q=88.118.8/a-1&lang=en").text
        assert "part=record" not in browser.get("/search?q=88.118.9/X-1&lang=en").text


def test_anyone_is_led_to_the_node_by_what_stands_on_a_label(door: Any) -> None:
    with door.browser() as browser:
        assert "no identifier node here yet" in browser.get("/public/identifiers?lang=en").text
        assert "Look up an identifier" not in browser.get("/public/about?lang=en").text
    context = replace(door.context, node_url="https://id.example.cn/")
    with TestClient(create_app(context), base_url="http://portal.test") as browser:
        assert "Look up an identifier" in browser.get("/public/about?lang=en").text
        page = browser.get("/public/identifiers?of=88.118.8/阀门 1&lang=en").text
        assert 'href="https://id.example.cn/88.118.8/%E9%98%80%E9%97%A8%201?noredirect"' in page
        wrong = browser.get("/public/identifiers", params={"of": HOSTILE, "lang": "en"}).text
        assert "is no handle" in wrong
        assert "<img" not in wrong


def test_rows_escape_what_was_typed_and_hide_what_is_not_to_be_seen(noded: Any) -> None:
    with node_of(noded.context).reading() as moment, noded.browser(Role.ADMINISTRATOR) as browser:
        found = open_record(moment, operator("test"), "88.118.8/A-1", AT)
        every = prefixes_of(moment, operator("test"))
        page = opened(browser, "/identifiers?part=prefixes&lang=en")

        async def rows() -> list[list[Any]]:
            with page:
                return prefix_rows(every, "en")

        listed = browser.portal.call(rows)
    cells = [str(cell) for row in [*value_rows(found, "en"), *listed] for cell in row]
    assert not any("<img" in cell for cell in cells if "&lt;img" in cell)
    assert any("&lt;img" in cell for cell in cells)


@pytest.mark.parametrize(
    ("addresses", "port", "http"),
    [("", "2641", ""), ("nowhere", "2641", ""), ("192.0.2.7", "0", ""), ("192.0.2.7", "1", "x")],
)
def test_a_place_of_a_node_that_is_none_is_refused(addresses: str, port: str, http: str) -> None:
    with pytest.raises(InvalidTerm):
        site_of(addresses, port, http)


def test_the_place_of_a_node_is_kept_as_it_was_given() -> None:
    site = Site.parse(site_of("192.0.2.7，2001:db8::1", "2641", "8000"))
    assert [str(server.address) for server in site.servers] == ["192.0.2.7", "2001:db8::1"]
    assert [i.port for i in site.servers[0].interfaces] == [2641, 2641, 8000]


def test_a_day_that_is_none_is_refused() -> None:
    for text in ("tomorrow", "2030-02-30", "9999-12-31"):
        with pytest.raises(InvalidTerm):
            end_of(text)
    assert end_of("2030-01-31") == datetime(2030, 1, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "data:text/html,x", "https://a@b.cn/", "\u202ehttps://x.cn"]
)
def test_only_what_the_node_would_follow_is_a_link(text: str) -> None:
    assert "href" not in value_content(Value(1, "URL", text.encode()), "en")
    assert "href" in value_content(Value(1, "URL", b"https://example.com/"), "en")


def test_a_code_is_dark_on_light_and_what_does_not_fit_has_none() -> None:
    assert 'fill="#fff"' in code_svg("https://id.example.cn/88.118.8/A-1")
    assert code_svg("x" * 5000) == ""
