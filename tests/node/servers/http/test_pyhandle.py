"""pyhandle, the client that repositories use, against a running node: nothing of it is adapted."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from .running import PREFIX, Node

with warnings.catch_warnings():
    # Its comments hold escapes that newer Pythons warn of.
    warnings.simplefilter("ignore")
    from pyhandle.handleclient import PyHandleClient
    from pyhandle.handleexceptions import (
        GenericHandleError,
        HandleAlreadyExistsException,
        HandleAuthenticationError,
        HandleNotFoundException,
    )


def client(node: Node, username: str, password: str) -> Any:
    return PyHandleClient("rest").instantiate_with_username_and_password(
        node.base, username, password, HTTPS_verify=True
    )


@pytest.fixture(scope="module")
def writing(node: Node, secret: str) -> Any:
    return client(node, f"301:0.NA/{PREFIX}", secret)


def test_a_handle_is_created_read_changed_and_deleted(writing: Any) -> None:
    handle = f"{PREFIX}/PY-1"
    made = writing.register_handle(handle, "https://example.cn/1", checksum="abc", NAME="球阀")
    assert made == handle
    read = writing.retrieve_handle_record(handle)
    assert read["URL"] == "https://example.cn/1"
    assert read["CHECKSUM"] == "abc"
    assert read["NAME"] == "球阀"
    assert "011111110011" in read["HS_ADMIN"]
    writing.modify_handle_value(handle, URL="https://example.cn/2", BATCH="2026-05")
    assert writing.get_value_from_handle(handle, "URL") == "https://example.cn/2"
    assert writing.get_value_from_handle(handle, "BATCH") == "2026-05"
    writing.delete_handle_value(handle, "CHECKSUM")
    assert writing.get_value_from_handle(handle, "CHECKSUM") is None
    assert writing.delete_handle(handle) == handle
    assert writing.retrieve_handle_record(handle) is None


def test_values_keep_the_indexes_that_were_given(writing: Any) -> None:
    handle = f"{PREFIX}/PY-JSON"
    values = [
        {"index": 7, "type": "URL", "data": {"format": "string", "value": "https://a.cn"}},
        {"index": 9, "type": "NOTE", "data": "纸", "ttl": 60},
    ]
    writing.register_handle_json(handle, values)
    read = writing.retrieve_handle_record_json(handle)
    by_index = {value["index"]: value for value in read["values"]}
    assert {7, 9, 100} <= set(by_index)
    assert by_index[9]["ttl"] == 60
    assert by_index[9]["data"] == {"format": "string", "value": "纸"}
    only = writing.retrieve_handle_record_json(handle, index=[7])
    assert [value["index"] for value in only["values"]] == [7]
    writing.delete_handle(handle)


def test_what_is_there_is_not_created_again_unless_it_is_to_be_overwritten(writing: Any) -> None:
    handle = f"{PREFIX}/PY-TWICE"
    writing.register_handle(handle, "https://example.cn/1")
    with pytest.raises(HandleAlreadyExistsException):
        writing.register_handle(handle, "https://example.cn/2")
    assert writing.register_handle(handle, "https://example.cn/2", overwrite=True) == handle
    assert writing.get_value_from_handle(handle, "URL") == "https://example.cn/2"
    writing.delete_handle(handle)


def test_what_is_not_there_is_not_found(writing: Any) -> None:
    assert writing.retrieve_handle_record(f"{PREFIX}/PY-NONE") is None
    with pytest.raises(HandleNotFoundException):
        writing.modify_handle_value(f"{PREFIX}/PY-NONE", URL="https://a.cn")
    with pytest.raises(HandleNotFoundException):
        writing.delete_handle(f"{PREFIX}/PY-NONE")


def test_a_wrong_password_writes_nothing(node: Node) -> None:
    wrong = client(node, f"301:0.NA/{PREFIX}", "not the secret")
    with pytest.raises((GenericHandleError, HandleAuthenticationError)):
        wrong.register_handle(f"{PREFIX}/PY-WRONG", "https://example.cn/1")
    assert wrong.retrieve_handle_record(f"{PREFIX}/PY-WRONG") is None


def test_a_user_who_does_not_exist_is_noticed_before_anything_is_written(node: Node) -> None:
    with pytest.raises(HandleNotFoundException):
        client(node, f"300:{PREFIX}/NOBODY", "x")
