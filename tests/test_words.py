"""Every sentence of the source has its Chinese, and the catalogue holds nothing else.

The source is read, not run: an error that no test raises must be translated too. What takes a
template is found by its signature: the errors, ``say``, and every function or class of ours with
a parameter or field called ``template``.
"""

from __future__ import annotations

import ast
import string
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ballast import errors
from ballast.words import catalogue

SOURCE = Path(__file__).resolve().parents[1] / "src" / "ballast"
CHINESE = SOURCE / "words" / "zh"
ERRORS = frozenset(
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.BallastError)
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Said:
    """One template in the source; ``given`` is unknown where values come from elsewhere."""

    where: str
    template: str
    given: frozenset[str] | None


def modules() -> dict[str, ast.Module]:
    return {
        str(path.relative_to(SOURCE.parent)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
    }


def positions(trees: dict[str, ast.Module]) -> dict[str, int]:
    """Return what takes a template: its name, and the place of the template among its arguments."""
    found = dict.fromkeys(ERRORS, 0)
    for tree in trees.values():
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, Function):
                names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
                names = [name for name in names if name not in ("self", "cls")]
            elif isinstance(node, ast.ClassDef) and node.name not in ERRORS:
                names = [
                    line.target.id
                    for line in node.body
                    if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
                ]
            if "template" in names and getattr(node, "name", "") != "__init__":
                found[getattr(node, "name", "")] = names.index("template")
    return found


Constants = dict[str, list[ast.expr]]


def texts(node: ast.expr, constants: Constants) -> list[str] | None:
    """Return what a template argument can be, or nothing where the source does not tell."""
    options: list[ast.expr]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        options = [node.body, node.orelse]
    elif isinstance(node, ast.Name) and node.id in constants:
        options = constants[node.id]
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        tables = constants.get(node.value.id, [])
        options = [value for t in tables if isinstance(t, ast.Dict) for value in t.values]
    elif is_passed_on(node):
        return []
    else:
        return None
    found = [texts(option, constants) for option in options]
    if not found or None in found:
        return None
    return [text for some in found if some is not None for text in some]


def is_passed_on(node: ast.expr) -> bool:
    """Return whether the argument is itself somebody's template: scanned where it was written."""
    return (isinstance(node, ast.Name) and node.id == "template") or (
        isinstance(node, ast.Attribute) and node.attr == "template"
    )


def assignments(tree: ast.Module) -> Constants:
    """Return every value that a module gives to each of its names, local ones included."""
    found: Constants = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found.setdefault(node.target.id, []).append(node.value)
    return found


def scan(trees: dict[str, ast.Module]) -> tuple[list[Said], list[str]]:
    """Return the templates of the source, and the calls whose template cannot be told."""
    said: list[Said] = []
    unclear: list[str] = []
    takers = positions(trees)
    for name, tree in trees.items():
        constants = assignments(tree)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            called = call.func
            word = called.id if isinstance(called, ast.Name) else getattr(called, "attr", None)
            if word not in takers:
                continue
            argument = template_argument(call, takers[word])
            where = f"{name}:{call.lineno}"
            if argument is None:
                continue
            found = texts(argument, constants)
            if found is None:
                unclear.append(f"{where}: {ast.unparse(argument)}")
            else:
                said += [Said(where, template, given_places(call, str(word))) for template in found]
    return said, unclear


def template_argument(call: ast.Call, place: int) -> ast.expr | None:
    by_name = [k.value for k in call.keywords if k.arg == "template"]
    if by_name:
        return by_name[0]
    return call.args[place] if len(call.args) > place else None


def given_places(call: ast.Call, word: str) -> frozenset[str] | None:
    """Return the places that a call fills, or nothing where the call does not show them."""
    positional = {"say": 2, **dict.fromkeys(ERRORS, 1)}.get(word)
    if positional != len(call.args) or any(keyword.arg is None for keyword in call.keywords):
        return None
    return frozenset(str(keyword.arg) for keyword in call.keywords)


def places(template: str) -> Counter[str]:
    """Return the named places of a template: how often each stands in it."""
    fields = (field for _, field, _, _ in string.Formatter().parse(template))
    return Counter(field.split(".")[0].split("[")[0] for field in fields if field is not None)


@pytest.fixture(scope="module")
def said() -> list[Said]:
    return scan(modules())[0]


def entries() -> Iterator[tuple[str, str, str]]:
    for path in sorted(CHINESE.glob("*.toml")):
        for english, chinese in tomllib.loads(path.read_text(encoding="utf-8")).items():
            yield path.name, english, chinese


SNIPPET = """
class Rule:
    name: str
    template: str

LATE = "it is late"
RULES = {"a": "no {a}", "b": "no {b}"}

def refuse(row, template):
    raise Refused(template)

def all_of_it(kind, error):
    say("{count} rows", "en", count=3)
    say("{count} lines", "en")
    refuse(3, "row refused")
    Rule("r", template="rule broken")
    Refused(LATE if kind else RULES[kind])
    Refused(error.template, **error.values)
    Refused(f"{kind} is made here")
    print("not a template")
"""


def test_the_scan_finds_templates_in_every_way_they_are_written() -> None:
    said, unclear = scan({"snippet": ast.parse(SNIPPET)} | modules())
    found = {one.template: one.given for one in said if one.where.startswith("snippet")}
    assert set(found) == {
        *("{count} rows", "{count} lines", "row refused", "rule broken"),
        *("it is late", "no {a}", "no {b}"),
    }
    assert found["{count} rows"] == frozenset({"count"})
    assert found["{count} lines"] == frozenset()
    assert unclear[0] == "snippet:19: f'{kind} is made here'"


def test_every_template_can_be_read_off_the_source() -> None:
    unclear = scan(modules())[1]
    assert unclear == [], "write the template in the call, or pass it on under the name 'template'"


def test_every_template_has_its_chinese(said: list[Said]) -> None:
    missing = {f"{one.where}: {one.template}" for one in said if one.template not in catalogue()}
    assert missing == set()


def test_the_chinese_has_the_places_of_the_english() -> None:
    other = [
        f"{file}: {english}"
        for file, english, chinese in entries()
        if set(places(english)) != set(places(chinese))
    ]
    assert other == []


def test_places_have_names() -> None:
    unnamed = [
        f"{file}: {e}" for file, e, _ in entries() if any(not p.isidentifier() for p in places(e))
    ]
    assert unnamed == []


def test_every_place_is_filled_where_the_template_is_said(said: list[Said]) -> None:
    empty = [
        f"{one.where}: {one.template}"
        for one in said
        if one.given is not None and not set(places(one.template)) <= one.given
    ]
    assert empty == []


def test_the_chinese_is_chinese() -> None:
    english_still = [
        f"{file}: {chinese}"
        for file, _, chinese in entries()
        if not any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
    ]
    assert english_still == []


def test_no_entry_is_dead(said: list[Said]) -> None:
    alive = {one.template for one in said}
    assert [f"{file}: {english}" for file, english, _ in entries() if english not in alive] == []


def test_two_rooms_translate_one_sentence_alike() -> None:
    seen: dict[str, set[str]] = {}
    for _, english, chinese in entries():
        seen.setdefault(english, set()).add(chinese)
    assert {english: found for english, found in seen.items() if len(found) > 1} == {}
