"""The interface held against its own description, as each role, by generated requests."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.records import record_of
from ballast.node.wire.value import Value
from ballast.portal.access import ACCESS, may
from ballast.terms.role import Role

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SECONDS = 11.0
"""For each role; the five together stay under a minute."""

NEEDS_A_GOOD_VALUE = (
    "{",
    "search",
    "quotient",
    "identifiers/records",
    "identifiers/sheet",
    "v1/factory",
    "v1/bulletin",  # of a home of which nothing is sealed there is none for everybody
    "policy/pool",
    "project-effect",  # too few projects here
)
"""Endpoints that answer 200 only to a value that few generated ones are, or to a fuller home."""

DOCUMENT = "/api/v1/openapi.json"


@schemathesis.serializer("application/x-ndjson")
def lines_of(_: Any, value: Any) -> bytes:
    """Return a generated body of lines as it is sent."""
    return (
        value.encode("utf-8", "replace") if isinstance(value, str) else json.dumps(value).encode()
    )


@pytest.fixture(scope="module", autouse=True)
def node(stocked: Any, make_node: Callable[[Path], Any], own_code: str, other_code: str) -> None:
    """Put a node with a writer behind the interface: what is refused for want of one is no test."""
    made = make_node(stocked.door.context.lake.home.path)
    made.put(
        PrefixEntry("88.118.8", PrefixState.HOMED, own_code, "自家铜业"),
        PrefixEntry("88.118.9", PrefixState.HOMED, other_code, "别家"),
        records=[record_of(b"88.118.8/A-1", [Value(1, "URL", b"https://x.cn")], 1_780_000_000)],
    )
    made.start_writer()


class AtHome:
    """The portal under the name that it answers to; the generator knows another."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            rest = [pair for pair in scope["headers"] if pair[0] != b"host"]
            scope = {**scope, "headers": [(b"host", b"portal.test"), *rest]}
        await self.app(scope, receive, send)


def described(stocked: Any, role: Role) -> dict[str, Any]:
    answer = stocked.caller(role).get(DOCUMENT)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_told_of_what_it_may_call_and_of_nothing_else(
    stocked: Any, role: Role
) -> None:
    told = {
        (method.upper(), path)
        for path, operations in described(stocked, role)["paths"].items()
        for method in operations
    }
    rows = {
        (row.method, row.path)
        for row in ACCESS
        if row.path.startswith("/api/") and row.path != DOCUMENT and role in row.roles
    }
    assert told == rows
    assert all(may(role, method, path) for method, path in told)


def test_the_description_names_no_place_that_is_not_there(stocked: Any) -> None:
    whole = described(stocked, Role.ANALYST)
    known = whole["components"]["schemas"]
    used = set(json.dumps(whole).split('"#/components/schemas/')[1:])
    assert {text.partition('"')[0] for text in used} <= set(known)
    assert "HTTPValidationError" not in known


def put_to_it(
    operation: Any, mode: GenerationMode, headers: dict[str, str], ends: float
) -> set[int]:
    """Send generated requests to one endpoint until the time is up; return the answers' numbers."""
    seen: set[int] = set()

    @settings(
        max_examples=8,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def keeps_its_word(case: Any) -> None:
        if time.monotonic() > ends and seen:
            return
        answer = case.call(headers=headers, timeout=90)  # a bulletin is made when it is asked for
        made_up = "authorization" not in headers and "Authorization" in answer.request.headers
        if not (made_up and answer.status_code == 401):  # a key that the generator thought of
            seen.add(int(answer.status_code))
        case.validate_response(answer, checks=CHECKS)
        assert b"Traceback" not in answer.content

    keeps_its_word()
    return seen


@pytest.mark.parametrize("role", list(Role))
def test_every_endpoint_keeps_its_word(stocked: Any, role: Role) -> None:
    headers = {"accept-language": "en"}
    if role is not Role.PUBLIC:
        headers["authorization"] = f"Bearer {stocked.fresh_key(role)}"
    schema = schemathesis.openapi.from_asgi(DOCUMENT, AtHome(stocked.door.app), headers=headers)
    found: list[Any] = list(schema.get_all_operations())
    share = SECONDS / (2 * len(found))
    answered: dict[str, set[int]] = {}
    for operation in (each.ok() for each in found):
        if role is not Role.PUBLIC:  # the one before may have revoked its own key
            headers["authorization"] = f"Bearer {stocked.fresh_key(role)}"
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                seen = put_to_it(operation, mode, headers, time.monotonic() + share)
            except Unsatisfiable:  # nothing can be wrong in a request without parameters
                assert mode is GenerationMode.NEGATIVE
                continue
            answered.setdefault(f"{operation.method} {operation.path}", set()).update(seen)
    spoilt = {what for what, seen in answered.items() if 401 in seen}
    assert spoilt <= {"delete /api/v1/keys/{key_id}"}
    silent = {
        what
        for what, seen in answered.items()
        if "get" in what
        and 200 not in seen
        and not any(name in what for name in NEEDS_A_GOOD_VALUE)
    }
    assert silent == set()
