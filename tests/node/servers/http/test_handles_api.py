"""``/api/handles/{handle}``; status and response codes are those observed at Handle.Net 9.3.1."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from ballast.node.servers.http.handles_api import matches

from .running import PREFIX

API = "/api/handles"


def record(*values: tuple[int, str, str]) -> dict[str, Any]:
    return {"values": [{"index": i, "type": kind, "data": data} for i, kind, data in values]}


@pytest.fixture
def handle(writing: httpx.Client, request: pytest.FixtureRequest) -> str:
    """Return a handle of this test alone, with two values."""
    name = f"{PREFIX}/T-{abs(hash(request.node.name))}"
    made = writing.put(f"{API}/{name}", json=record((1, "URL", "https://a.cn"), (2, "NOTE", "纸")))
    assert made.status_code == 201, made.text
    return name


def test_a_missing_handle_is_404_with_code_100(client: httpx.Client) -> None:
    answer = client.get(f"{API}/{PREFIX}/NONE")
    assert answer.status_code == 404
    assert answer.json()["responseCode"] == 100
    assert answer.json()["handle"] == f"{PREFIX}/NONE"


def test_a_foreign_prefix_is_400_with_code_301(client: httpx.Client) -> None:
    answer = client.get(f"{API}/77.1/NONE")
    assert (answer.status_code, answer.json()["responseCode"]) == (400, 301)


def test_a_type_that_is_not_there_is_200_with_code_200_and_no_values(client: httpx.Client) -> None:
    answer = client.get(f"{API}/{PREFIX}/A-1", params={"type": "NOTHING"})
    assert answer.status_code == 200
    assert answer.json() == {"responseCode": 200, "handle": f"{PREFIX}/A-1", "values": []}


def test_values_are_chosen_by_type_by_index_and_by_the_beginning_of_a_type(
    client: httpx.Client,
) -> None:
    def indexes(query: str) -> list[int]:
        told = client.get(f"{API}/{PREFIX}/A-1?{query}").json()
        return [value["index"] for value in told["values"]]

    assert indexes("type=url") == [1]
    assert indexes("index=2&index=3") == [2, 3]
    assert indexes("type=URL&index=4") == [1, 4]
    assert indexes("") == [1, 2, 3, 4]


def test_the_spelling_that_was_asked_for_comes_back(client: httpx.Client) -> None:
    assert client.get(f"{API}/{PREFIX}/a-1").json()["handle"] == f"{PREFIX}/a-1"


def test_pretty_is_the_same_said_for_people(client: httpx.Client) -> None:
    plain, pretty = (client.get(f"{API}/{PREFIX}/A-1{q}") for q in ("", "?pretty"))
    assert pretty.text.count("\n") > 10
    assert plain.json() == pretty.json()


def test_what_is_not_public_is_shown_to_its_administrator_alone(
    client: httpx.Client, writing: httpx.Client
) -> None:
    hidden = f"{API}/{PREFIX}/A-1?index=300"
    assert client.get(hidden).json()["responseCode"] == 200
    asked = client.get(hidden + "&publicOnly=false")
    assert (asked.status_code, asked.json()["responseCode"]) == (401, 402)
    shown = writing.get(hidden)
    assert shown.json()["values"][0]["data"]["value"] == "hidden"
    assert shown.headers["cache-control"] == "no-store"
    assert "etag" not in shown.headers
    assert writing.get(hidden + "&publicOnly=true").json()["responseCode"] == 200


def test_a_401_names_both_proofs(client: httpx.Client) -> None:
    answer = client.put(f"{API}/{PREFIX}/NOBODY", json=record((1, "URL", "https://a.cn")))
    assert (answer.status_code, answer.json()["responseCode"]) == (401, 402)
    told = answer.headers["www-authenticate"]
    assert told.startswith('Basic realm="handle", Handle sessionId="')
    assert 'nonce="' in told


def test_a_new_handle_is_201_and_one_that_is_replaced_200(writing: httpx.Client) -> None:
    path = f"{API}/{PREFIX}/T-REPLACED"
    first = writing.put(path, json=record((1, "URL", "https://a.cn"), (2, "X", "y")))
    assert (first.status_code, first.json()["responseCode"]) == (201, 1)
    second = writing.put(path, json=record((1, "URL", "https://b.cn")))
    assert (second.status_code, second.json()["responseCode"]) == (200, 1)
    assert [v["index"] for v in writing.get(path).json()["values"]] == [1]


def test_an_existing_handle_that_is_not_to_be_overwritten_is_409_with_code_101(
    writing: httpx.Client, handle: str
) -> None:
    answer = writing.put(f"{API}/{handle}?overwrite=false", json=record((1, "URL", "https://b.cn")))
    assert (answer.status_code, answer.json()["responseCode"]) == (409, 101)


def test_a_minted_suffix_is_201_with_the_whole_handle(writing: httpx.Client) -> None:
    answer = writing.put(
        f"{API}/{PREFIX}/?mintNewSuffix=true", json=record((1, "URL", "https://a.cn"))
    )
    assert answer.status_code == 201
    minted = answer.json()["handle"]
    assert minted.startswith(f"{PREFIX}/")
    assert len(minted) == len(PREFIX) + 1 + 36
    assert writing.get(f"{API}/{minted}").status_code == 200


def test_values_are_added_and_replaced_one_by_one(writing: httpx.Client, handle: str) -> None:
    added = writing.put(f"{API}/{handle}?index=5", json=record((5, "NEW", "x")))
    assert added.status_code == 201
    replaced = writing.put(
        f"{API}/{handle}?index=various", json=record((1, "URL", "https://c.cn"), (5, "NEW", "y"))
    )
    assert replaced.status_code == 200
    told = writing.get(f"{API}/{handle}").json()["values"]
    assert {value["index"]: value["data"]["value"] for value in told} == {
        1: "https://c.cn",
        2: "纸",
        5: "y",
    }


def test_a_value_that_is_not_to_be_overwritten_is_409_with_code_201(
    writing: httpx.Client, handle: str
) -> None:
    answer = writing.put(f"{API}/{handle}?index=1&overwrite=false", json=record((1, "X", "y")))
    assert (answer.status_code, answer.json()["responseCode"]) == (409, 201)


def test_an_address_and_a_body_that_disagree_change_nothing(
    writing: httpx.Client, handle: str
) -> None:
    answer = writing.put(f"{API}/{handle}?index=1", json=record((2, "X", "y")))
    assert (answer.status_code, answer.json()["responseCode"]) == (400, 202)


def test_single_values_are_deleted_and_the_rest_stays(writing: httpx.Client, handle: str) -> None:
    assert writing.delete(f"{API}/{handle}?index=1").json()["responseCode"] == 1
    assert [v["index"] for v in writing.get(f"{API}/{handle}").json()["values"]] == [2]


@pytest.mark.parametrize("query", ["index=", "index=various", "index=x", "index=-1"])
def test_a_delete_that_names_no_value_deletes_nothing(
    writing: httpx.Client, handle: str, query: str
) -> None:
    assert writing.delete(f"{API}/{handle}?{query}").status_code == 400
    assert writing.get(f"{API}/{handle}").status_code == 200


def test_a_handle_is_deleted_once(writing: httpx.Client, handle: str) -> None:
    assert writing.delete(f"{API}/{handle}").json() == {"responseCode": 1, "handle": handle}
    again = writing.delete(f"{API}/{handle}")
    assert (again.status_code, again.json()["responseCode"]) == (404, 100)


def test_who_has_no_right_is_403_with_code_401(client: httpx.Client) -> None:
    auth = (f"300%3A{PREFIX}/ADMIN", "s3cret-阀门".encode())
    answer = client.delete(f"{API}/{PREFIX}/A-1", auth=auth)
    assert (answer.status_code, answer.json()["responseCode"]) == (403, 401)
    assert client.get(f"{API}/{PREFIX}/A-1").status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"values":3}', b'[{"index":1}]', b"\xff", b"[" * 3000, b"null"]
)
def test_a_body_that_is_no_record_is_400_with_code_202(writing: httpx.Client, body: bytes) -> None:
    answer = writing.put(f"{API}/{PREFIX}/T-BAD", content=body)
    assert (answer.status_code, answer.json()["responseCode"]) == (400, 202)


def test_odd_spellings_are_one_handle_however_they_are_escaped(client: httpx.Client) -> None:
    spelled = f"{API}/{PREFIX}/Valve%231%3Fx/%E9%98%80%E9%97%A8"
    for path in (spelled, spelled.replace("8/V", "8%2Fv")):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.json()["handle"].lower() == f"{PREFIX}/valve#1?x/阀门"


@pytest.mark.parametrize("path", ["%ff%fe", "a%ff", "a\ufffd"])
def test_a_path_that_is_no_text_names_no_handle(client: httpx.Client, path: str) -> None:
    answer = client.get(f"{API}/{PREFIX}/{path}")
    assert (answer.status_code, answer.json()["responseCode"]) == (400, 102)


def test_a_handle_longer_than_any_is_refused(client: httpx.Client) -> None:
    answer = client.get(f"{API}/{PREFIX}/{'x' * 2048}")
    assert (answer.status_code, answer.json()["responseCode"]) == (400, 102)
    assert client.get(f"{API}/{PREFIX}/{'x' * 2030}").json()["responseCode"] == 100


@pytest.mark.parametrize("query", ["index=x", "index=1e3", "auth=maybe", "type=%ff", "type=%zz"])
def test_a_query_that_cannot_be_read_is_400(client: httpx.Client, query: str) -> None:
    assert client.get(f"{API}/{PREFIX}/A-1?{query}").status_code == 400


def test_a_record_is_known_by_its_tag(client: httpx.Client) -> None:
    for path in (f"{API}/{PREFIX}/A-1", f"{API}/{PREFIX}/A-1?type=URL"):
        first = client.get(path)
        again = client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]


def test_freshness_is_that_of_the_shortest_value(client: httpx.Client) -> None:
    assert client.get(f"{API}/{PREFIX}/A-1").headers["cache-control"] == "public, max-age=600"
    told = client.get(f"{API}/{PREFIX}/A-1?type=URL").headers["cache-control"]
    assert told == "public, max-age=86400"
    assert client.get(f"{API}/{PREFIX}/A-1?auth").headers["cache-control"] == "no-store"


def test_head_says_what_get_would_without_saying_it(client: httpx.Client) -> None:
    path = f"{API}/{PREFIX}/A-1"
    head, whole = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["etag"] == whole.headers["etag"]


def test_the_reason_is_said_in_the_reader_s_language(client: httpx.Client) -> None:
    path = f"{API}/{PREFIX}/A-1?index=x"
    assert "write a number" in client.get(path).json()["message"]
    assert "整数" in client.get(path, headers={"accept-language": "zh-CN"}).json()["message"]


def test_a_tag_is_recognised_in_a_list() -> None:
    assert matches('"x", "y"', '"y"')
    assert not matches('"x"', '"y"')
