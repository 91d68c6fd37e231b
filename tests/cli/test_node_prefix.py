"""Prefixes at the command line: allotted with keys, sent elsewhere, taken back."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ballast.node.service.authentication.answering import load_private_key

from .test_node import USCC, Line, empty, founded, home, node

__all__ = ["empty", "founded", "home", "node"]  # fixtures
OF = ["--uscc", USCC, "--enterprise", "鞋厂"]


def test_an_allotted_prefix_has_its_keys_in_files_for_their_owner(
    home: Path, node: Line, tmp_path: Path
) -> None:
    code, out, err = node(
        "prefix", "allot", "88.118.9", *OF, "--contact", "张工 0595-1",
        "--key-out", "key.pem", "--secret-out", "secret",
    )  # fmt: skip
    assert (code, out) == (0, "")
    secret = (tmp_path / "secret").read_text().strip()
    assert secret not in err
    for name in ("key.pem", "secret"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert isinstance(load_private_key(tmp_path / "key.pem"), rsa.RSAPrivateKey)
    _, out, _ = node("resolve", "0.NA/88.118.9", "--restricted")
    assert "RSA_PUB_KEY 2048" in out
    assert secret not in out
    found = {row["prefix"]: row for row in node.rows("prefix", "list")}["88.118.9"]
    assert found["enterprise"] == "鞋厂"
    assert found["uscc"] == USCC
    assert found["state"] == "homed"
    assert found["contact"] == "张工 0595-1"


def test_the_enterprises_own_public_key_can_be_given(
    home: Path, node: Line, tmp_path: Path
) -> None:
    key = rsa.generate_private_key(65537, 2048).public_key()
    (tmp_path / "pub.pem").write_bytes(
        key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    assert node("prefix", "allot", "88.118.9", *OF, "--public-key", "pub.pem")[0] == 0
    assert "RSA_PUB_KEY" in node("resolve", "0.NA/88.118.9")[1]


def test_a_refused_allotment_leaves_no_keys_behind(home: Path, node: Line, tmp_path: Path) -> None:
    new = ["--key-out", "key.pem", "--secret-out", "secret"]
    wrong = ["--uscc", "91350581MA2XXXXX1X", "--enterprise", "鞋厂"]
    assert node("prefix", "allot", "88.118.9", *wrong, *new)[0] == 1
    assert node("prefix", "allot", "88.118.8", *OF, *new)[0] == 1
    assert not (tmp_path / "key.pem").exists()
    assert not (tmp_path / "secret").exists()


def test_a_key_file_is_never_written_over(home: Path, node: Line, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("somebody's")
    code, _, err = node("prefix", "allot", "88.118.9", *OF, "--key-out", "key.pem")
    assert code == 2
    assert "exists already" in err
    assert (tmp_path / "key.pem").read_text() == "somebody's"
    assert "88.118.9" not in {row["prefix"] for row in node.rows("prefix", "list")}


@pytest.mark.parametrize("content", ["", "nonsense"])
def test_a_public_key_that_is_none_is_refused(
    home: Path, node: Line, tmp_path: Path, content: str
) -> None:
    (tmp_path / "pub.pem").write_text(content)
    assert node("prefix", "allot", "88.118.9", *OF, "--public-key", "pub.pem")[0] == 1
    assert node("prefix", "allot", "88.118.9", *OF, "--public-key", "missing")[0] == 1
    assert (
        node("prefix", "allot", "88.118.9", *OF, "--public-key", "pub.pem", "--key-out", "x")[0]
        == 2
    )


def test_a_delegated_prefix_is_referred_and_can_be_recalled(home: Path, node: Line) -> None:
    node("register", "88.118.8/A", "--url", "https://x")
    address = ["--address", "192.0.2.9", "--address", "2001:db8::9", "--http-port", "8000"]
    assert node("prefix", "delegate", "88.118.8", *address)[0] == 0
    states = {row["prefix"]: row["state"] for row in node.rows("prefix", "list")}
    assert states["88.118.8"] == "delegated"
    code, _, err = node("resolve", "88.118.8/A")
    assert code == 1
    assert "303" in err
    assert "192.0.2.9 TCP 2641, UDP 2641, HTTP 8000" in node("resolve", "0.NA/88.118.8")[1]
    assert node("prefix", "recall", "88.118.8")[0] == 0
    assert node("resolve", "88.118.8/A")[0] == 0


def test_a_prefix_is_withdrawn_once_nothing_stands_under_it(home: Path, node: Line) -> None:
    node("register", "88.118.8/A", "--url", "https://x")
    code, _, err = node("prefix", "withdraw", "88.118.8")
    assert code == 1
    assert "88.118.8" in err
    node("prefix", "allot", "88.118.9", *OF)
    code, _, err = node("prefix", "withdraw", "88.118.9")
    assert code == 0
    assert "鞋厂" in err
    assert "88.118.9" not in {row["prefix"] for row in node.rows("prefix", "list")}
