"""Every way out, walked by every role: without the right to units no answer rests on units.

Two homes that differ only in what others reported must answer alike, to the byte. A new route
without a line in `WAYS` fails the first test: its owner says here how it is walked.
"""

from __future__ import annotations

import ast
import asyncio
import io
import re
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from nicegui import Client
from tests.portal.twin_homes import CITY, OTHERS, OWN, Twins, plain, twins_of

import ballast
from ballast.brain.quality import quality
from ballast.lake.tables import TABLES
from ballast.portal.access import ACCESS
from ballast.portal.city_pictures import pictures_of
from ballast.terms.label import LANGUAGES
from ballast.terms.role import Role
from ballast.terms.viewer import Right, viewer_for

# Two homes are made for all of it: in one worker, once.
pytestmark = pytest.mark.xdist_group("exits")

PLACES = (CITY, "371502", "371581")
TABLES_BEHIND = (
    "structure", "places", "trend", "clusters", "cluster-list", "quotients", "specialisation",
    "contribution", "upgrade", "macro-rd-intensity",
)  # fmt: skip
CHARTS = ("structure", "places", "clusters", "quotients", "contribution")
QUERIES = ("铜", "别家", OTHERS[0], OWN)

WAYS: dict[str, tuple[str, ...]] = {
    "/": ("/",),
    "/signin": ("/signin?lang=en",),
    "/health": ("/health",),
    "/oidc/login": ("/oidc/login",),
    "/oidc/callback": ("/oidc/callback",),
    "/favicon.ico": (),  # files of the program: no home is read
    "/_nicegui/libraries": (),
    "/_nicegui/components": (),
    "/_nicegui/resources": (),
    "/_nicegui/dynamic_resources": (),
    "/_nicegui/esm": (),
    "/city": tuple(
        f"/city?lang={language}{more}"
        for language in ("zh",)
        for more in (
            "",
            "&view=wall",
            "&story=output",
            "&story=industry:32",
            "&region=371502",
            "&region=371581",
            "&period=2025-03ytd",
        )
    ),
    "/clusters": (
        *(f"/clusters?lang={language}" for language in LANGUAGES),
        "/clusters?lang=en&kind=cluster&key=copper",
        "/clusters?lang=en&kind=division&key=32",
        "/clusters?lang=en&kind=group&key=325&region=371502",
    ),
    "/chain": ("/chain?lang=en", "/chain?lang=en&chain=copper", "/chain?lang=en&region=371502"),
    "/claims": ("/claims?lang=en", "/claims?lang=zh"),
    "/bulletin": ("/bulletin?lang=en", "/bulletin?lang=zh&period=2026-03"),
    "/download/bulletin/{form}": tuple(
        f"/download/bulletin/{form}?lang=en" for form in ("md", "html", "docx")
    ),
    "/enterprise": (
        "/enterprise?lang=en",
        "/enterprise?lang=en&list=all",
        *(f"/enterprise?lang=en&code={code}" for code in (OWN, OTHERS[0])),
    ),
    "/projects": (
        "/projects?lang=en",
        "/projects?lang=en&part=ledger&find=P",
        "/projects?lang=en&part=sheet",
        "/projects?lang=en&part=effect",
        *(f"/projects?lang=en&project=P{n}" for n in range(3)),
    ),
    "/projects/template.xlsx": ("/projects/template.xlsx?lang=en",),
    "/search": tuple(f"/search?lang=en&q={q}" for q in QUERIES),
    "/download/table/{name}": tuple(
        f"/download/table/{key}.{form}?lang=en&region={CITY}"
        for key in TABLES_BEHIND
        for form in ("csv", "xlsx")
    ),
    "/download/chart/{name}": tuple(
        f"/download/chart/{key}.svg?lang=en&region={CITY}" for key in CHARTS
    ),
    "/data": tuple(f"/data?lang=en&part={p}" for p in ("state", "load", "ledger", "templates")),
    "/data/refused/{job}": ("/data/refused/1",),
    "/data/template/{name}.xlsx": ("/data/template/enterprise_period.xlsx",),
    "/data/missing.csv": ("/data/missing.csv",),
    "/users": ("/users?lang=en",),
    "/identifiers": ("/identifiers?lang=en",),
    "/identifiers/sheet": ("/identifiers/sheet?lang=en",),
    "/identifiers/refused/{job}": ("/identifiers/refused/1",),
    "/identifiers/template.xlsx": ("/identifiers/template.xlsx",),
    "/law": (
        "/law?lang=en",
        "/law?lang=en&part=rules",
        "/law?lang=en&part=calendar",
    ),
    "/law/kept": ("/law/kept?lang=en",),
    "/factory": ("/factory?lang=en",),
    "/factory/entry": ("/factory/entry?lang=en",),
    "/api/v1/openapi.json": ("/api/v1/openapi.json",),
    "/api/v1/public/macro-items": tuple(f"/api/v1/public/macro-items?region={p}" for p in PLACES),
    "/api/v1/public/rankings": ("/api/v1/public/rankings",),
    "/api/v1/me": ("/api/v1/me",),
    "/api/v1/keys": ("/api/v1/keys",),
    "/api/v1/tables": ("/api/v1/tables",),
    "/api/v1/tables/{name}": ("/api/v1/tables/enterprise_period",),
    "/api/v1/tables/{name}/rows": tuple(f"/api/v1/tables/{name}/rows" for name in TABLES),
    "/api/v1/templates/{name}.xlsx": ("/api/v1/templates/enterprise_period.xlsx",),
    "/api/v1/city/{region}": (
        *(f"/api/v1/city/{p}" for p in PLACES),
        f"/api/v1/city/{CITY}?period=2026-03",
    ),
    "/api/v1/regions": ("/api/v1/regions?q=371502",),
    "/api/v1/industries": ("/api/v1/industries?q=32",),
    "/api/v1/clusters": ("/api/v1/clusters",),
    "/api/v1/clusters/profiles": ("/api/v1/clusters/profiles",),
    "/api/v1/clusters/profiles/{kind}/{key}": ("/api/v1/clusters/profiles/cluster/copper",),
    "/api/v1/clusters/profiles/{kind}/{key}/members": (
        "/api/v1/clusters/profiles/cluster/copper/members",
        "/api/v1/clusters/profiles/division/32/members",
    ),
    "/api/v1/bulletin": ("/api/v1/bulletin", "/api/v1/bulletin?period=2026-03"),
    "/api/v1/chains": ("/api/v1/chains", "/api/v1/chains?region=371502"),
    "/api/v1/chains/{chain}": ("/api/v1/chains/copper", "/api/v1/chains/copper?period=2025"),
    "/api/v1/enterprises": ("/api/v1/enterprises", "/api/v1/enterprises?q=别家"),
    "/api/v1/enterprises/{uscc}": tuple(f"/api/v1/enterprises/{code}" for code in (OWN, OTHERS[0])),
    "/api/v1/enterprises/{uscc}/ladder": tuple(
        f"/api/v1/enterprises/{code}/ladder" for code in (OWN, OTHERS[0])
    ),
    "/api/v1/policy/schemes": ("/api/v1/policy/schemes",),
    "/api/v1/policy/schemes/{scheme}": ("/api/v1/policy/schemes/little_giant",),
    "/api/v1/policy/calendar": ("/api/v1/policy/calendar",),
    "/api/v1/policy/pool": ("/api/v1/policy/pool", "/api/v1/policy/pool?scheme=little_giant"),
    "/api/v1/projects": ("/api/v1/projects", "/api/v1/projects?q=P1"),
    "/api/v1/projects/{number}": tuple(f"/api/v1/projects/P{n}" for n in range(3)),
    "/api/v1/project-flags": ("/api/v1/project-flags",),
    "/api/v1/project-effect": ("/api/v1/project-effect",),
    "/api/v1/goals": ("/api/v1/goals", f"/api/v1/goals?region={CITY}&period=2026-03"),
    "/api/v1/search": tuple(f"/api/v1/search?q={q}" for q in QUERIES),
    "/api/v1/measures": ("/api/v1/measures",),
    "/api/v1/measures/{indicator}": (
        "/api/v1/measures/output?period=2026-03",
        "/api/v1/measures/output?period=2026-03ytd&by=region",
        "/api/v1/measures/margin?period=2026-03&by=division",
        "/api/v1/measures/output?period=2026-03&by=size-class",
        "/api/v1/measures/enterprises?period=2025&where=region=371581",
        "/api/v1/measures/output?period=2026-03&where=region=371502,371581",
        "/api/v1/measures/output?period=2026-03&where=class=3252",
        "/api/v1/measures/titles?period=2026-03",
    ),
    "/api/v1/measures/location-quotient": ("/api/v1/measures/location-quotient",),
    "/api/v1/quality": ("/api/v1/quality",),
    "/api/v1/loads": ("/api/v1/loads",),
    "/api/v1/identifiers/prefixes": ("/api/v1/identifiers/prefixes",),
    "/api/v1/identifiers/search": ("/api/v1/identifiers/search?q=88.118",),
    "/api/v1/identifiers/daily": ("/api/v1/identifiers/daily",),
    "/api/v1/identifiers/records": ("/api/v1/identifiers/records?handle=88.118.8/A-1",),
    "/api/v1/identifiers/sheet": ("/api/v1/identifiers/sheet",),
    "/api/v1/factory/machines": ("/api/v1/factory/machines",),
    "/api/v1/factory/oee": ("/api/v1/factory/oee",),
    "/api/v1/factory/chart": ("/api/v1/factory/chart",),
    "/api/v1/factory/energy": ("/api/v1/factory/energy",),
    "/api/v1/factory/quality": ("/api/v1/factory/quality",),
    "/api/v1/factory/tags": ("/api/v1/factory/tags",),
    "/api/v1/factory/entries": ("/api/v1/factory/entries",),
    "/public": tuple(f"/public?lang={k}&region={p}" for k in LANGUAGES for p in PLACES),
    "/public/about": ("/public/about?lang=en",),
    "/public/identifiers": ("/public/identifiers?lang=en",),
    "/public/check": ("/public/check?lang=en&form=long", "/public/check?lang=en&scheme=high_tech"),
    "/public/check/sheet.xlsx": ("/public/check/sheet.xlsx?lang=en",),
    "/public/law": ("/public/law?lang=en", "/public/law?lang=en&scheme=high_tech"),
}
"""How each address that answers a question is walked; the addresses of others are written to."""

STATUSES_TOLD = {"/chain", "/api/v1/chains", "/api/v1/chains/{chain}"}
"""Where words rest on units by intent: whether a stage of a chain is strong, present or weak, of
the newest year and the whole city alone, below three enterprises suppressed. No figure does."""

BORROWERS = {
    "brain/quality.py": "counts of the rows of whole tables",
    "brain/chains/region_chain.py": "the status of a stage, a word",
    "brain/claims/vocabulary.py": "which zones of the city have enterprises",
    "brain/home_city.py": "which cities have figures",
    "brain/enterprise_peers.py": "shielded quantiles, of what was sealed",
    "brain/enterprise_profile.py": "which years were reported",
    "lake/known.py": "which codes are known, while a file is checked",
    "portal/consent.py": "whose enterprises agreed to be seen",
}
"""Modules that read units with rights of their own, and what leaves them for who has none."""

MAKES_A_VIEWER = {"portal/identity.py"}
"""The door, where an account becomes a viewer with its own rights."""

TELLING = (
    "/api/v1/measures/output?period=2026-03&by=size-class",
    f"/api/v1/city/{CITY}",
    "/api/v1/tables/enterprise_period/rows",
    "/api/v1/tables/region_industry/rows",
    "/api/v1/measures/location-quotient",
    f"/download/table/structure.csv?lang=en&region={CITY}",
    "/api/v1/search?q=别家",
)
"""Addresses that do answer from units, to an analyst: the walk would notice."""

Said = tuple[int, str, str]
Answers = dict[tuple[Role, str], Said]

WITHOUT_UNITS = [role for role in Role if not viewer_for(role, "x").may(Right.READ_UNITS)]


def way(path: str) -> str:
    """Return under which line of `WAYS` an address stands: the program's version is no part."""
    return re.sub(r"^/_nicegui/[^/]+(/[a-z_]+).*", r"/_nicegui\1", path)


def asked() -> list[tuple[Role, str]]:
    """Return every address with every role that may open it and not read units."""
    rows = [row for row in ACCESS if row.method == "GET"]
    return [
        (role, path)
        for row in rows
        for role in WITHOUT_UNITS
        if role in row.roles
        for path in [row.path]
        if WAYS.get(way(path))
    ]


@pytest.fixture(scope="module")
def twins(shared_door: Any, tmp_path_factory: pytest.TempPathFactory) -> Twins:
    return twins_of(shared_door, tmp_path_factory.mktemp("twins"))


@pytest.fixture(scope="module")
def answers(twins: Twins) -> tuple[Answers, Answers]:
    """Walk one home after the other: pages live in the loop that their browser was opened with."""
    return walked(twins.a), walked(twins.b)


def walked(door: Any) -> Answers:
    """Return what a home answers."""
    found: Answers = {}
    with door.browser() as browser:
        for role, path in asked():
            door.become(browser, role)
            for address in WAYS[way(path)]:
                found[role, address] = opened(browser, address)
        door.become(browser, Role.ANALYST)
        for address in TELLING:
            found[Role.ANALYST, address] = said(browser.get(address))
    return found


def opened(browser: Any, address: str) -> Said:
    """Return what stands on a page once all that it fills in later is there."""
    before = set(Client.instances)
    answer = browser.get(address)
    new = set(Client.instances) - before
    if len(new) != 1:
        return said(answer)
    page = Client.instances[new.pop()]
    deadline = time.monotonic() + 60
    while any(str(e.props.get("aria-busy")) == "true" for e in list(page.elements.values())):
        assert time.monotonic() < deadline, f"{address} does not get ready"
        browser.portal.call(asyncio.sleep, 0.02)
    shown = [
        str(getattr(element, name, "") or "")
        for element in page.elements.values()
        for name in ("content", "text", "options")
    ]
    return answer.status_code, "page", plain("\n".join(shown))


def said(answer: Any) -> Said:
    """Return an answer as it is compared: status, kind, text; of a workbook its sheets."""
    kind = answer.headers.get("content-type", "")
    if answer.content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            parts = [n for n in sorted(book.namelist()) if not n.startswith("docProps/")]
            # Of a document its pictures too, byte for byte.
            return (
                answer.status_code,
                kind,
                "\n".join(book.read(n).decode("latin-1") for n in parts),
            )
    return answer.status_code, kind, plain(answer.text)


def test_every_address_that_answers_is_walked() -> None:
    unknown = {way(r.path) for r in ACCESS if r.method == "GET"} - WAYS.keys()
    assert unknown == set(), "say in WAYS how each new way out is walked"
    gone = WAYS.keys() - {way(r.path) for r in ACCESS if r.method == "GET"}
    assert gone == set()


@pytest.mark.parametrize(("role", "path"), asked(), ids=lambda each: str(each))
def test_what_others_reported_changes_no_answer_to_who_may_not_read_units(
    answers: tuple[Answers, Answers], role: Role, path: str
) -> None:
    a, b = answers
    for address in WAYS[way(path)]:
        first, second = a[role, address], b[role, address]
        if path in STATUSES_TOLD:
            assert (first[0], figures(first[2])) == (second[0], figures(second[2])), address
        else:
            assert first == second, address


def figures(text: str) -> set[str]:
    """Return the figures in a text, but for counts below ten: those of the stages of a chain."""
    shown = re.sub(r"<[^>]*>", " ", text)  # where a drawing puts its words is no figure
    return {figure for figure in re.findall(r"[0-9]+(?:[.,][0-9]+)*", shown) if len(figure) > 1}


def test_who_reads_with_rights_that_the_asker_has_not_is_known() -> None:
    source = Path(ballast.__file__).parent
    found = {
        str(path.relative_to(source))
        for room in ("brain", "portal", "lake")
        for path in (source / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("operator", "Viewer", "viewer_for")
    }
    assert found - MAKES_A_VIEWER == BORROWERS.keys()


@pytest.mark.parametrize("address", TELLING)
def test_the_same_walk_tells_the_homes_apart_for_an_analyst(
    answers: tuple[Answers, Answers], address: str
) -> None:
    a, b = (home[Role.ANALYST, address] for home in answers)
    assert a[0] == b[0] == 200
    assert a != b


@pytest.mark.parametrize("role", WITHOUT_UNITS)
def test_pictures_are_the_same_for_who_may_not_read_units(twins: Twins, role: Role) -> None:
    viewer = viewer_for(role, "x", frozenset({OWN}), frozenset({"copper"}))
    for place in PLACES:
        a, b = (pictures_of(d.context).picture(viewer, place, None) for d in twins.both())
        assert a.result() == b.result()


def test_how_fresh_the_data_are_is_told_in_counts_of_rows_alone(twins: Twins) -> None:
    viewer = viewer_for(Role.ADMINISTRATOR, "x")
    a, b = (quality(d.context.lake, viewer, date(2026, 6, 20)) for d in twins.both())
    assert a == b
