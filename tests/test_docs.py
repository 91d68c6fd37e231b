"""What the documents say holds: pages are current, links lead somewhere, commands run as shown.

A page is run from top to bottom in a folder of its own: ``console`` blocks line by line, each
``$`` command with the output under it (``…`` stands for anything), and ``python`` blocks between
them. What a page starts and leaves running its ``.pid`` files name; it is ended with the page.
``sh`` blocks are for the reader's own machine: only their commands and targets are checked.
Pages that name ``$data`` need the real data beside the checkout and are skipped without them.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")]
)
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*\bsrc=\"([^\"]+)\"")
RUN = ("console", "python")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(page: Path, *languages: str) -> list[tuple[str, str]]:
    """Return the fenced blocks of a page, with their languages, from top to bottom."""
    found: list[tuple[str, str]] = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [(language, text) for language, text in found if language in languages]


@cache
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_pages_are_current() -> None:
    differences = "\n".join(generator().stale())
    assert differences == "", "run `make docs` and commit what changes"


def anchors(page: Path) -> set[str]:
    """Return the anchors that the headings of a page get where Markdown is shown."""
    prose = BLOCK.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", prose, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_inside_leads_somewhere(page: Path) -> None:
    broken = []
    prose = re.sub(r"`[^`\n]*`", "", BLOCK.sub("", page.read_text(encoding="utf-8")))
    for groups in LINK.findall(prose):
        link = groups[0] or groups[1]
        if "://" in link or link.startswith("mailto:"):
            continue
        where, _, anchor = link.partition("#")
        target = (page.parent / where).resolve() if where else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_page_can_be_reached_from_the_start() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        for link, _ in LINK.findall(page.read_text(encoding="utf-8")):
            if "://" not in link:
                waiting.append((page.parent / link.partition("#")[0]).resolve())
    assert [named(page) for page in PAGES if page not in reached] == []


def shell_lines(page: Path) -> Iterator[str]:
    """Yield the commands that a page tells its reader to type; continued lines are joined."""
    for language, text in blocks(page, "sh", "console"):
        for line in text.replace("\\\n", " ").splitlines():
            if language == "sh":
                yield line
            elif line.startswith("$ "):
                yield line[2:]


def spoken_commands(page: Path, program: str) -> Iterator[list[str]]:
    for line in shell_lines(page):
        words = shlex.split(line, comments=True)
        while words:
            end = next((i for i, word in enumerate(words) if word in ("&&", "|", ";")), len(words))
            command, words = words[:end], words[end + 1 :]
            if command and command[0].rpartition("/")[2] == program:
                yield command[1:]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_named_is_one_with_these_options(page: Path) -> None:
    known = dict(generator().commands())
    wrong = []
    for words in spoken_commands(page, "ballast"):
        name = max(
            (n for n in known if words[: len(n.split()) - 1] == n.split()[1:]),
            key=len,
            default=None,
        )
        if name is None:
            wrong.append(" ".join(words))
            continue
        options = {o for p in known[name].params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
        used = {word.partition("=")[0] for word in words if word.startswith("--")}
        if not used <= options:
            wrong.append(" ".join(words))
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_target_named_is_there(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][\w-]*):", makefile, flags=re.MULTILINE))
    named_here = {words[0] for words in spoken_commands(page, "make") if words}
    named_here |= set(re.findall(r"`make ([a-z]+)`", page.read_text(encoding="utf-8")))
    assert named_here <= targets


def test_the_two_readmes_show_the_same_commands_and_outputs() -> None:
    english, chinese = ROOT / "README.md", ROOT / "README.zh-CN.md"
    assert blocks(english, *RUN) == blocks(chinese, *RUN) != []
    typed = [[re.sub(r"\s+#.*", "", line) for line in shell_lines(p)] for p in (english, chinese)]
    assert typed[0] == typed[1]


def surroundings(data: Path | None) -> dict[str, str]:
    """Return the environment in which a page is run, the same on every machine."""
    found = {k: v for k, v in os.environ.items() if not k.startswith("BALLAST_")}
    found["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{found['PATH']}"
    found |= {"COLUMNS": "120", "NO_COLOR": "1", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return found if data is None else found | {"data": str(data)}


def run(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        command, cwd=folder, env=environment, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode, done.stdout


def shown(expected: str) -> re.Pattern[str]:
    """Return what matches an output as a page shows it: blanks at line ends do not count."""
    lines = [re.escape(line.rstrip()).replace("…", ".*?") for line in expected.splitlines()]
    return re.compile("\n".join(lines), flags=re.DOTALL)


def play(page: Path, folder: Path, data: Path | None) -> None:
    """Run a page from top to bottom and hold every output against what the page shows."""
    if any("$ curl " in text for _, text in blocks(page, "console")) and not shutil.which("curl"):
        pytest.skip("this page asks with curl, which is not on this machine")
    try:
        play_steps(page, folder, data)
    finally:
        for left in folder.glob("*.pid"):
            with suppress(ProcessLookupError):
                os.kill(int(left.read_text()), signal.SIGTERM)


def play_steps(page: Path, folder: Path, data: Path | None) -> None:
    code, environment = 0, surroundings(data)
    for language, text in blocks(page, *RUN):
        if language == "python":
            code, said = run([sys.executable, "-c", text], folder, environment)
            assert code == 0, said
            assert "Warning" not in said, said
            continue
        for step in re.split(r"^\$ ", text.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
            command, _, expected = step.partition("\n")
            if command.startswith("export "):
                name, _, value = command.removeprefix("export ").partition("=")
                telling = ["bash", "-c", f"printf %s {value}"]
                code, environment[name] = run(telling, folder, environment)
                continue
            code, said = run(["bash", "-c", f"(exit {code}); {command}"], folder, environment)
            got = "\n".join(line.rstrip() for line in said.rstrip().splitlines())
            if not shown(expected.rstrip()).fullmatch(got):
                pytest.fail(f"$ {command}\n{got}\n--- the page shows:\n{expected}", pytrace=False)


def playable(*, with_data: bool) -> list[Path]:
    # The Chinese README shows the commands of the English one; once is enough.
    return [
        page
        for page in PAGES
        if page.name != "README.zh-CN.md"
        and (found := blocks(page, *RUN))
        and any("$data" in text for _, text in found) == with_data
    ]


@pytest.mark.parametrize("page", playable(with_data=False), ids=named)
def test_a_page_runs_as_it_is_shown(page: Path, tmp_path: Path) -> None:
    play(page, tmp_path, None)


@pytest.mark.parametrize("page", playable(with_data=True), ids=named)
def test_a_page_about_real_data_runs_as_it_is_shown(
    page: Path, tmp_path: Path, shared_data: Path
) -> None:
    play(page, tmp_path, shared_data)


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_an_example_runs(example: Path, tmp_path: Path) -> None:
    code, said = run([sys.executable, str(example)], tmp_path, surroundings(None))
    assert code == 0, said
    assert "Warning" not in said, said
    assert said, "an example shows something"


def test_an_output_that_differs_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    steps = "$ export who=me\n$ echo $who; false\nme\n$ echo $?\n1\n$ echo 1 2 3\n1 … 3\n"
    page.write_text(f"```console\n{steps}```\n")
    play(page, tmp_path, None)
    page.write_text("```console\n$ echo one\ntwo\n```\n")
    with pytest.raises(pytest.fail.Exception, match="echo one"):
        play(page, tmp_path, None)
