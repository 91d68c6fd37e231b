"""The two ways in give the same answers, and what no handler sees is answered too."""

from __future__ import annotations

import httpx
import pytest

from ballast.node.servers.http.hot_path import HotPath

from .running import PREFIX

PATHS = [
    f"/api/handles/{PREFIX}/A-1", f"/api/handles/{PREFIX}/a-1", f"/{PREFIX}/A-1",
    f"/api/handles/{PREFIX}/Valve%231%3Fx/%E9%98%80%E9%97%A8", f"/api/handles/{PREFIX}/NOLINK",
    f"/api/handles/{PREFIX}/EVIL", f"/{PREFIX}/Valve%231%3Fx/%E9%98%80%E9%97%A8",
    f"/api/handles/0.NA/{PREFIX}", f"/api/handles/{PREFIX}/ALIAS",
    f"/api/handles/{PREFIX}/CARELESS", f"/{PREFIX}/CARELESS",
    f"/api/handles/{PREFIX}/LONG-LIVED", f"/{PREFIX}/LONG-LIVED",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_the_short_and_the_long_way_give_the_same(
    client: httpx.Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = client.get(path)
    monkeypatch.setattr(HotPath, "answer", lambda *_: False)
    long = client.get(path)
    assert (short.status_code, short.content) == (long.status_code, long.content)
    told = [
        {name: value for name, value in answer.headers.items() if name != "date"}
        for answer in (short, long)
    ]
    assert told[0] == told[1]


def test_other_sites_may_read_and_nothing_else(client: httpx.Client) -> None:
    asked = {"origin": "https://other.cn", "access-control-request-method": "PUT"}
    answer = client.options(f"/api/handles/{PREFIX}/A-1", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-headers" not in answer.headers
    for path in (f"/api/handles/{PREFIX}/A-1", f"/api/handles/{PREFIX}/NONE"):
        assert client.get(path).headers["access-control-allow-origin"] == "*"
    changed = client.put(f"/api/handles/{PREFIX}/A-1", json=[])
    assert "access-control-allow-origin" not in changed.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", f"/api/handles/{PREFIX}/A-1", 405), ("PATCH", f"/{PREFIX}/A-1", 405),
        ("DELETE", "/health", 405), ("PUT", "/", 405), ("GET", "/api/none", 404),
        ("GET", "/api/handles/", 400), ("BREW", f"/{PREFIX}/A-1", 405),
    ],
)  # fmt: skip
def test_what_is_not_served_is_said_in_json(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert "responseCode" in answer.json()
    if status == 405:
        assert "GET" in answer.headers["allow"] or "POST" in answer.headers["allow"]


def test_a_change_is_seen_by_the_next_look_up(writing: httpx.Client) -> None:
    path = f"/api/handles/{PREFIX}/SEEN"
    for text in ("https://a.cn", "https://b.cn", "https://c.cn"):
        writing.put(path, json=[{"index": 1, "type": "URL", "data": text}])
        with httpx.Client(base_url=writing.base_url) as anyone:
            told = anyone.get(path).json()["values"][0]["data"]["value"]
            assert told == text
            assert anyone.get(f"/{PREFIX}/SEEN").headers["location"] == text


@pytest.mark.parametrize("query", ["", "?type=URL"])
def test_nothing_is_kept_for_longer_than_it_is_sure_to_hold(
    client: httpx.Client, query: str
) -> None:
    for handle, least, most in (("LONG-LIVED", 86_400, 86_400), ("SOON", 1, 900)):
        for begin in ("/api/handles", ""):
            answer = client.get(f"{begin}/{PREFIX}/{handle}{query}")
            kept = int(answer.headers["cache-control"].removeprefix("public, max-age="))
            assert least <= kept <= most, (begin, handle)


def test_a_secret_key_leaves_by_no_way_even_where_it_was_stored_as_public(
    client: httpx.Client,
) -> None:
    for path in (f"/api/handles/{PREFIX}/CARELESS", f"/{PREFIX}/CARELESS"):
        for query in ("", "?type=HS_SECKEY", "?index=2", "?noredirect"):
            for accept in ("application/json", "text/html"):
                answer = client.get(path + query, headers={"accept": accept})
                assert "laid open" not in answer.text
                assert "bGFpZCBvcGVu" not in answer.text
