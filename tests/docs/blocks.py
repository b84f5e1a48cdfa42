"""The commands and requests that stand in the documentation's code blocks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Every page for readers; the reference is written by the program itself.
PAGES = [ROOT / "README.md", *sorted(p for p in (ROOT / "docs").rglob("*.md") if "reference" not in p.parts)]
_FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(
    r"(?:^(?: {4,}|\t)\S[^\n]*\n(?:^(?: {4,}[^\n]*)?\n(?=(?: {4,}))|^ {4,}[^\n]*\n)*)", re.MULTILINE
)
_SHELL = frozenset(("", "bash", "sh", "console"))


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a page, as the words of a shell."""

    page: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        """Name the command in a report of tests."""
        return f"{self.page}: {' '.join(self.words)[:90]}"


def commands(name: str) -> list[Command]:
    """Return every ``teneleven`` or ``curl`` that stands in a block, without what it is piped to."""
    return [
        Command(str(page.relative_to(ROOT)), words)
        for page in PAGES
        for block in shell_blocks(page.read_text("utf-8"))
        for words in commands_of(block)
        if words[0] == name
    ]


def fenced(page: Path, language: str) -> list[str]:
    """Return the blocks of a page in a language."""
    return [found[3] for found in _FENCE.finditer(page.read_text("utf-8")) if found[2] == language]


def shell_blocks(text: str) -> Iterator[str]:
    """Yield the blocks that hold what is typed into a shell."""
    for found in _FENCE.finditer(text):
        if found[2] in _SHELL:
            yield found[3]
    for found in _INDENTED.finditer(_FENCE.sub("", text)):
        yield found[0]


def commands_of(block: str) -> Iterator[tuple[str, ...]]:
    """Yield the commands of a block: lines that go on behind a backslash or an open quote are one.

    >>> list(commands_of("  $ teneleven lookup \\\\\\n    E11.9 | head   # a comment\\n"))
    [('teneleven', 'lookup', 'E11.9')]
    """
    pending = ""
    for line in block.splitlines():
        pending = f"{pending}\n{line}" if pending else line.strip().removeprefix("$ ")
        if pending.endswith("\\"):
            pending = pending[:-1]
            continue
        try:
            words = shlex.split(pending, comments=True)
        except ValueError:
            continue  # a quote is open
        pending = ""
        ends = [at for at, word in enumerate(words) if word in ("|", ">", ">>", "&", "&&", "<")]
        if words:
            yield tuple(words[: ends[0]] if ends else words)
