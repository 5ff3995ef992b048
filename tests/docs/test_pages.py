"""Every code block of README and documentation does what the page says, or says why it is not run.

A page is followed from top to bottom in a folder of its own, by a terminal that has a PostgreSQL.
What a block is, the comments above it say; a reader does not see them:

- A `console` block is typed: what stands after `$`, with the lines that a trailing backslash
  joins. Other lines are what the terminal shows then; `…` stands for any text, on a line of its
  own for any lines. Durations are not compared. `<!-- exit: 3 -->`: so the last command ends.
- `<!-- file: PATH -->`: the block is written there.
- `<!-- shows: PATH -->`: the file there, or in the repository, has these lines.
- `<!-- tree -->`: a drawing of folders and files that are there.
- `<!-- output -->`: the last command has shown these lines.
- `<!-- test -->`, `<!-- test: OPTIONS -->`: a test file, run by pytest.
- `<!-- tested: PATH -->`: that test, which names the page, runs it.
- `<!-- not run: REASON -->`.

`<!-- project: PATH -->` begins with a copy of a project; `<!-- setup` and commands, `-->` is typed
where it stands, for what a page does not show; $REPOSITORY is there. What cog has written is
checked by cog.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.docs.conftest import Terminal

ROOT = Path(__file__).parents[2]
PAGES = [
    page
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md")))
    if "changelog" not in page.parts
]
# Commands that .ci/run takes out of the README, or that run what other tests run.
_README_COMMANDS = ("main job", "tests")
_COMMENT = re.compile(r"<!--\s*(.*?)\s*-->", re.DOTALL)
_ESCAPES = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")
_DURATION = re.compile(r"\b\d+(\.\d+)? ?(ms|s)\b")
_ANYTHING = "…"


@dataclass(frozen=True)
class Step:
    """A code block, or the commands of a `setup` comment, with what the comments say of it."""

    language: str
    text: str
    place: str  # file:line
    marks: dict[str, str] = field(default_factory=dict)


def steps_of(page: Path) -> Iterator[Step]:
    """Take a page apart."""
    marks: dict[str, str] = {}
    is_generated = False
    for token in MarkdownIt("commonmark").parse(page.read_text("utf-8")):
        place = f"{page.relative_to(ROOT)}:{token.map[0] + 1 if token.map else 0}"
        if token.type == "html_block":
            for comment in _COMMENT.findall(token.content):
                is_generated |= comment.startswith("[[[cog")
                is_generated &= not comment.startswith("[[[end]]]")
                word, _, rest = comment.partition("\n" if comment.startswith("setup") else ":")
                if word.strip() in ("setup", "project"):
                    yield Step(word.strip(), rest.strip(), place)
                else:
                    marks[word.strip()] = rest.strip()
        elif token.type in ("fence", "code_block"):
            if not (is_generated or token.info.startswith("{")):
                yield Step(token.info.strip(), token.content, place, marks)
            marks = {}
        elif not token.hidden:
            marks = {}


@dataclass
class Reader:
    """Someone who does what a page says."""

    terminal: Terminal
    home: Path
    shown: str = ""  # by the last command
    tests: int = 0

    def follow(self, step: Step) -> None:
        """Do what one block says."""
        match step:
            case Step(language="project"):
                shutil.copytree(ROOT / step.text, self.home / "work", dirs_exist_ok=True)
                self._place()
            case Step(language="setup"):
                self._type(step.text, step)
            case Step(marks={"file": path}):
                self._write(path, step.text)
            case Step(marks={"shows": path}):
                text = self._displaced(self._found(path).read_text("utf-8"))
                assert_shown(step, textwrap.dedent(step.text), text)
            case Step(marks={"tree": _}):
                missing = {path for path in drawn(step.text) if not (self._here() / path).exists()}
                assert not missing, f"{step.place}: not there: {sorted(missing)}"
            case Step(marks={"output": _}):
                assert_shown(step, step.text, self.shown)
            case Step(marks={"test": options}):
                self.tests += 1
                self._write(f"tests/test_of_page_{self.tests}.py", step.text)
                self._type(f"pytest -q tests/test_of_page_{self.tests}.py {options}", step)
            case Step(language="console"):
                self._converse(step)
            case _:
                raise AssertionError(
                    f"{step.place}: nothing says what becomes of this block: see {__name__}"
                )

    def _converse(self, step: Step) -> None:
        exchanges = list(exchanges_of(step.text))
        assert exchanges, f"{step.place}: no command in a console block"
        for command, shown in exchanges[:-1]:
            self._type(command, step)
            assert_whole(step, shown, self.shown)
        command, shown = exchanges[-1]
        self._type(command, step, code=int(step.marks.get("exit", 0)))
        assert_whole(step, shown, self.shown)

    def _type(self, commands: str, step: Step, *, code: int = 0) -> None:
        # What a shell keeps from one command to the next: where it is, and its variables.
        kept = f'cd "$(cat {self.home}/where)"'
        if (self.home / "environ").exists():
            kept = f"unset ${{!PG*}}; . {self.home}/environ; {kept}"
        keep = f"trap 'pwd > {self.home}/where; export -p > {self.home}/environ' EXIT"
        server = self.terminal.server
        commands = commands.replace("localhost:5432", f"{server.host}:{server.port}")
        # Nobody is there to answer a question.
        shown, found = self.terminal.run(f"{kept}\n{keep}\nexec < /dev/null\n{commands}")
        self.shown = self._displaced(_ESCAPES.sub("", shown))
        assert found == code, f"{step.place}: {commands}\nexits with {found}:\n{shown}"
        self._place()

    def _here(self) -> Path:
        return Path((self.home / "where").read_text().strip())

    def _found(self, path: str) -> Path:
        found = self._here() / path
        return found if found.exists() else ROOT / path

    def _write(self, path: str, text: str) -> None:
        file = self._here() / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        self._place()

    def _place(self) -> None:
        """Point the environments at the PostgreSQL that is here."""
        for file in (self.home / "work").rglob("db/environments/*.yaml"):
            text = file.read_text("utf-8")
            for shown, here in self.terminal.places().items():
                text = text.replace(shown, here)
            file.write_text(text, encoding="utf-8")

    def _displaced(self, text: str) -> str:
        for shown, here in self.terminal.places().items():
            text = text.replace(here, shown)
        return text


def exchanges_of(text: str) -> Iterator[tuple[str, str]]:
    """Split a console block into commands and what is shown after each."""
    lines = text.splitlines()
    assert not lines or lines[0].startswith("$ "), f"a console block begins with a command: {text}"
    while lines:
        command = [lines.pop(0).removeprefix("$ ")]
        while command[-1].endswith("\\"):
            command.append(lines.pop(0))
        shown = []
        while lines and not lines[0].startswith("$ "):
            shown.append(lines.pop(0))
        yield "\n".join(command), "\n".join(shown)


def assert_whole(step: Step, expected: str, shown: str) -> None:
    """Hold what a page shows of a command, if it does, against all that it says."""
    if expected.strip():
        found = re.fullmatch(pattern(expected), normal(shown))
        assert found, difference(step, expected, shown)


def assert_shown(step: Step, expected: str, shown: str) -> None:
    """Find the lines of a block among others."""
    found = re.search(rf"^{pattern(expected)}", normal(textwrap.dedent(shown)), re.MULTILINE)
    if not found:
        # Lines of a file that stand deeper there than on the page.
        lines = "\n".join(line.strip() for line in shown.splitlines())
        bare = "\n".join(line.strip() for line in expected.splitlines())
        found = re.search(rf"^{pattern(bare)}", normal(lines), re.MULTILINE)
    assert found, difference(step, expected, shown)


def drawn(text: str) -> Iterator[str]:
    """Read the paths out of the drawing of a tree, below its first line."""
    above: list[str] = []
    for line in text.splitlines()[1:]:
        entry = re.search(r"[\w.]+", line)
        assert entry is not None, line
        above[entry.start() // 4 - 1 :] = [entry[0]]
        yield "/".join(above)


def pattern(expected: str) -> str:
    """Make a regular expression of a text in which … stands for anything."""
    lines = normal(expected).splitlines()
    return "".join(
        r"(?:.*\n)*?" if line.strip() == _ANYTHING else _line_pattern(line) for line in lines
    )


def _line_pattern(line: str) -> str:
    return ".*".join(map(re.escape, line.split(_ANYTHING))) + r"\n"


def normal(text: str) -> str:
    """Take out what differs from run to run: durations, and spaces at the ends of lines."""
    lines = [line.rstrip() for line in _DURATION.sub("0 s", text).strip("\n").splitlines()]
    return "\n".join(lines) + "\n"


def difference(step: Step, expected: str, shown: str) -> str:
    """Say what was expected and what came."""
    return f"{step.place}: expected\n{expected}\n--- but found\n{normal(shown)}"


def is_followed(step: Step) -> bool:
    """Tell whether a block is for the reader to do here."""
    return not {"not run", "tested", *_README_COMMANDS} & set(step.marks)


def identity(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(map(is_followed, steps_of(page)))], ids=identity
)
def test_a_page_does_what_it_says(page: Path, terminal: Terminal):
    home = terminal.folder
    (home / "work").mkdir()
    (home / "where").write_text(str(home / "work"))
    terminal.environ["REPOSITORY"] = str(ROOT)
    reader = Reader(terminal, home)

    for step in steps_of(page):
        if is_followed(step):
            reader.follow(step)


@pytest.mark.parametrize("page", PAGES, ids=identity)
def test_a_block_that_is_not_run_says_why_or_where_it_is(page: Path):
    for step in steps_of(page):
        assert step.marks.get("not run") != "", f"{step.place}: not run, but why?"
        test = step.marks.get("tested")
        if test is not None:
            assert page.name in (ROOT / test).read_text("utf-8"), f"{step.place}: {test} does not"


def test_text_that_is_left_out_is_found():
    step = Step("console", "", "page.md:1")

    assert_whole(step, "one … 3\n…\nlast", "one two 3\nmore\nmore\nlast\n")
    assert_whole(step, "built in 0.2 s", "built in 1.7 s\n")
    assert_shown(step, "    b\n    c", "a\nb\nc\nd\n")
    with pytest.raises(AssertionError):
        assert_whole(step, "one\nlast", "one\nmore\nlast\n")
    with pytest.raises(AssertionError):
        assert_shown(step, "b\nd", "a\nb\nc\nd\n")
