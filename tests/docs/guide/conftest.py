"""The user's guide taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.docs.conftest import Terminal

GUIDE = Path(__file__).with_name("getting-started.md")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Guide:
    """The guide's text, by heading."""

    sections: dict[str, str]

    def block(self, heading: str, number: int = 0) -> str:
        """Return a code block under a heading."""
        return [match[2] for match in _FENCE.finditer(self._section(heading))][number]

    def inline(self, heading: str) -> list[str]:
        """Return what stands as code in the text under a heading."""
        return re.findall(r"`([^`\n]+)`", _FENCE.sub("", self._section(heading)))

    def begin(self, terminal: Terminal) -> None:
        """Follow the guide through its first four steps."""
        terminal.type(self.block("1. Initialize a Project"))
        terminal.folder /= "myapp"
        terminal.configure("db/environments/local.yaml", self.block("2. Configure Your Database"))
        terminal.edit("db/schema/10_tables/users.sql", self.block("3. Create Your Schema"))
        terminal.type(self.block("4. Generate Your First Migration", 0))
        terminal.type(self.block("4. Generate Your First Migration", 1))

    def _section(self, heading: str) -> str:
        (found,) = (text for name, text in self.sections.items() if name.startswith(heading))
        return found


@pytest.fixture(scope="session")
def guide() -> Guide:
    text = GUIDE.read_text("utf-8")
    # A comment in a code block looks like a heading.
    fences = [match.span() for match in _FENCE.finditer(text)]
    headings = [
        match
        for match in re.finditer(r"^#+ (.+)$", text, re.MULTILINE)
        if not any(start < match.start() < end for start, end in fences)
    ]
    ends = [match.start() for match in headings[1:]] + [len(text)]
    return Guide({m[1]: text[m.end() : end] for m, end in zip(headings, ends, strict=True)})


@pytest.fixture
def myapp(terminal: Terminal, guide: Guide) -> Terminal:
    """The project of the guide after its fourth step: one migration is pending."""
    guide.begin(terminal)
    return terminal
