from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest

from .running import PREFIX, Node


def names(client: httpx.Client, query: str) -> list[str]:
    answer = client.get(f"/api/handles?{query}")
    assert answer.status_code == 200, answer.text
    found: list[str] = answer.json()["handles"]
    return found


@pytest.fixture(scope="module", autouse=True)
def listed(node: Node, secret: str) -> None:
    """Register what these tests list."""
    with httpx.Client(base_url=node.base, auth=(f"301%3A0.NA/{PREFIX}", secret)) as writing:
        for number in range(25):
            body = [{"index": 1, "type": "URL", "data": f"https://a.cn/{number}"}]
            path = f"/api/handles/{PREFIX}/List-{number:02}?overwrite=true"
            assert writing.put(path, json=body).status_code in (200, 201)


def test_a_prefix_is_listed_to_its_administrator(writing: httpx.Client) -> None:
    told = writing.get(f"/api/handles?prefix={PREFIX}").json()
    assert told["responseCode"] == 1
    assert told["prefix"] == PREFIX
    assert f"{PREFIX}/A-1" in told["handles"]
    # A text, as Handle.Net gives it.
    assert told["totalCount"] == str(len(told["handles"]))


def test_pages_follow_one_another_without_a_gap(writing: httpx.Client) -> None:
    whole = names(writing, f"prefix={PREFIX}")
    paged: list[str] = []
    for page in range(len(whole) // 7 + 2):
        paged += names(writing, f"prefix={PREFIX}&page={page}&pageSize=7")
    assert paged == whole
    walked: list[str] = []
    for _ in range(len(whole)):
        after = f"&after={quote(walked[-1], safe='')}" if walked else ""
        walked += names(writing, f"prefix={PREFIX}&pageSize=7{after}")
    assert walked == whole


def test_a_size_of_nothing_only_counts(writing: httpx.Client) -> None:
    assert names(writing, f"prefix={PREFIX}&pageSize=0") == []


def test_a_list_is_not_for_everybody(client: httpx.Client) -> None:
    answer = client.get(f"/api/handles?prefix={PREFIX}")
    assert (answer.status_code, answer.json()["responseCode"]) == (401, 402)
    auth = (f"300%3A{PREFIX}/ADMIN", "s3cret-阀门".encode())
    answer = client.get(f"/api/handles?prefix={PREFIX}", auth=auth)
    assert (answer.status_code, answer.json()["responseCode"]) == (403, 401)


@pytest.mark.parametrize(
    "query", ["", "prefix=", f"prefix={PREFIX}&page=x", f"prefix={PREFIX}&page=1&pageSize=9999999",
              f"prefix={PREFIX}&page=2000000000"],
)  # fmt: skip
def test_a_list_of_nothing_or_too_far_is_400(writing: httpx.Client, query: str) -> None:
    assert writing.get(f"/api/handles?{query}").status_code == 400


def test_a_foreign_prefix_is_not_listed(writing: httpx.Client) -> None:
    answer = writing.get("/api/handles?prefix=77.1")
    assert (answer.status_code, answer.json()["responseCode"]) == (400, 301)


def test_handles_are_found_by_their_beginning_in_any_case(writing: httpx.Client) -> None:
    told = writing.get(f"/api/search?begin={PREFIX}/LIST-1&limit=4").json()
    assert told["handles"] == [f"{PREFIX}/List-1{n}" for n in range(4)]
    assert told["more"] is True
    rest = writing.get(f"/api/search?begin={PREFIX}/LIST-1&after={told['handles'][-1]}").json()
    assert rest["handles"] == [f"{PREFIX}/List-1{n}" for n in range(4, 10)]
    assert rest["more"] is False


def test_the_beginning_itself_is_found(writing: httpx.Client) -> None:
    told = writing.get(f"/api/search?begin={PREFIX}/list-07").json()
    assert told["handles"] == [f"{PREFIX}/List-07"]


def test_a_search_needs_a_prefix_and_a_right(client: httpx.Client, writing: httpx.Client) -> None:
    assert writing.get(f"/api/search?begin={PREFIX}").status_code == 400
    assert writing.get("/api/search").status_code == 400
    assert client.get(f"/api/search?begin={PREFIX}/L").status_code == 401


def test_prefixes_are_listed_to_the_administrator_of_the_node(
    client: httpx.Client, writing: httpx.Client
) -> None:
    told = writing.get("/api/prefixes").json()
    assert f"0.NA/{PREFIX}" in told["prefixes"]
    assert "0.NA/99.1" not in told["prefixes"]
    assert client.get("/api/prefixes").status_code == 401


def test_the_site_is_told_to_anyone(client: httpx.Client) -> None:
    told = client.get("/api/site").json()
    assert told["primarySite"] is True
    assert told["servers"][0]["address"] == "127.0.0.1"
    assert told["servers"][0]["publicKey"]["format"] == "key"
    raw = client.get("/api/site", headers={"accept": "application/octet-stream"})
    assert raw.content.startswith(b"\0\1")
