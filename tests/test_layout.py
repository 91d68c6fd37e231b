"""The house stays as it was drawn: rooms, floors, sizes, names, nothing of anyone's machine."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "ballast"
ROOMS = {
    "cli", "settings", "serve", "portal", "sample", "node", "plant", "brain", "lake", "state",
    "charts", "words", "terms",
}  # fmt: skip
LOOSE_FILES = {"__init__.py", "__main__.py", "errors.py", "py.typed"}
# What holds anything ends up holding everything.
BANNED = {
    "base", "common", "core", "helper", "helpers", "manager", "managers", "misc", "tools", "util",
    "utils",
}  # fmt: skip
# Named for the bounds on their versions; imported by another package on our behalf.
BEHIND_OTHERS = {
    "duckdb",  # behind ibis
    "httpx",  # behind authlib's client
    "itsdangerous",  # behind the storage of NiceGUI's pages
    "python-multipart",  # behind FastAPI's forms
}
# Suites over more than one module of a room.
SUITES = {
    "test_checked_by_claims.py",
    "test_clumsy_input.py",
    "test_commands.py",
    "test_engine_soundness.py",
    "test_exits.py",
    "test_faults.py",
    "test_pyhandle.py",
    "test_real_inputs.py",
    "test_several_periods.py",
    "test_sheets_fuzz.py",
    "test_vintages.py",
}
FILE_LINES, FUNCTION_LINES = 400, 60
# A function may be longer where the line above it says why.
REASON = re.compile(r"#\s*longer than \d+ lines because \S+")
BINARY = {".png", ".xlsx", ".xls", ".parquet", ".ico"}


def tracked() -> list[Path]:
    """Return the files of the product: what is committed, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode != 0:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def programs() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[tuple[str, int, str]]:
    """Yield name, length in lines, and the line above of every function of a file.

    The docstring does not count: equation, source and example are asked for, and do not make a
    function hard to follow.
    """
    text = path.read_text(encoding="utf-8")
    lines = ["", *text.splitlines()]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if ast.get_docstring(node) is not None:
                said = node.body[0]
                length -= (said.end_lineno or said.lineno) - said.lineno + 1
            yield f"{named(path)}:{node.lineno} {node.name}", length, lines[first - 1]


def test_the_rooms_are_those_of_the_house() -> None:
    rooms = {p.name for p in SOURCE.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert rooms <= ROOMS
    assert {p.name for p in SOURCE.iterdir() if p.is_file()} <= LOOSE_FILES


def test_only_rooms_with_something_in_them_stand() -> None:
    hollow = [
        room.name
        for room in SOURCE.iterdir()
        if room.is_dir()
        and room.name != "__pycache__"
        and not any(len(p.read_text(encoding="utf-8").splitlines()) > 5 for p in room.rglob("*.py"))
    ]
    assert hollow == []


def test_no_file_is_too_long() -> None:
    long = {
        named(p): n
        for p in programs()
        if (n := len(p.read_text("utf-8").splitlines())) >= FILE_LINES
    }
    assert long == {}


def test_no_function_is_too_long_without_a_reason() -> None:
    long = {
        name: length
        for path in programs()
        for name, length, above in functions(path)
        if length >= FUNCTION_LINES and not REASON.search(above)
    }
    assert long == {}


def test_no_module_has_a_name_that_holds_anything() -> None:
    parts = {
        named(path)
        for path in programs()
        if BANNED & {*path.relative_to(ROOT).parts[:-1], *path.stem.strip("_").split("_")}
    }
    assert parts == set()


def test_every_module_says_why_it_is_there() -> None:
    silent = [
        named(path)
        for path in programs()
        if "tests" not in path.parts  # their names are sentences
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_every_test_file_mirrors_a_module() -> None:
    """A test of ``lake/sheets/cells.py`` may also stand as ``lake/test_sheets_cells.py``."""
    astray = []
    for path in sorted((ROOT / "tests").glob("*/**/test_*.py")):
        inside = path.relative_to(ROOT / "tests")
        if inside.parts[0] not in ROOMS or path.name in SUITES:
            continue
        words = path.stem.removeprefix("test_").split("_")
        beside = SOURCE / inside.parent
        spelled = (
            beside / Path(*words[:cut], "_".join(words[cut:])) for cut in range(min(2, len(words)))
        )
        if not any(m.with_suffix(".py").is_file() or m.is_dir() for m in spelled):
            astray.append(named(path))
    assert astray == []


def test_the_floors_hold() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


# Taken apart, so that this file does not hold what it looks for.
OF_THIS_MACHINE = {
    "a registry's host": re.compile(
        "|".join(
            map(re.escape, (
                "files.python" + "hosted", "pypi.org/" + "simple", "deb.debian" + ".org",
                "registry.npm" + "js", "proxy.golang" + ".org", "security.debian" + ".org",
                "tuna.tsinghua" + ".edu", "mirrors.ali" + "yun",
            ))
        )
    ),
    "an absolute path of one machine": re.compile(
        r"(?<![\w.~}*)-])/(?:" + "work|root|home|Users|opt" + r")/\w"
    ),
    "a private key": re.compile("BEGIN (?:[A-Z]+ )?PRIVATE" + " KEY"),
}  # fmt: skip


@pytest.mark.parametrize("what", OF_THIS_MACHINE)
def test_no_file_holds(what: str) -> None:
    found = [
        f"{named(path)}: {match.group()}"
        for path in tracked()
        if path.suffix not in BINARY
        for match in [OF_THIS_MACHINE[what].search(path.read_text("utf-8", errors="replace"))]
        if match
    ]
    assert found == []


def test_what_is_looked_for_would_be_found() -> None:
    paths = OF_THIS_MACHINE["an absolute path of one machine"]
    assert paths.search("open('/" + "work/main/x')")
    assert not paths.search("../shared/home/data and /usr/lib/jvm and https://a.org/home/x")


def test_the_locks_hold_hashes_and_agree() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        found = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE))
        blocks = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
        assert all("--hash=sha256:" in block for block in blocks), name
        assert "://" not in text
        return found

    small, large = pins("requirements.lock"), pins("requirements-dev.lock")
    assert small.items() <= large.items()
    assert {"polars", "setuptools"} <= small.keys()
    assert {"pyspark", "pytest"} <= large.keys() - small.keys()


def asked_for(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"]]
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    return {re.split(r"[\[<>=]", line)[0] for line in lines}


def test_what_is_asked_for_is_imported_and_what_is_imported_is_asked_for() -> None:
    owners = importlib.metadata.packages_distributions()
    imported = {
        name.partition(".")[0]
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }
    named_here = asked_for("spark")
    used = {owner.lower() for name in imported for owner in owners.get(name, [])}
    foreign = {
        name
        for name in imported - sys.stdlib_module_names - {"ballast"}
        if not named_here & {owner.lower() for owner in owners.get(name, [])}
    }
    assert foreign == set()
    assert asked_for() - used <= BEHIND_OTHERS


def test_the_changelog_speaks_of_this_version() -> None:
    import ballast

    assert f"## {ballast.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
