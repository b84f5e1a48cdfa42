"""The commands of ``recorded_commands.txt`` print and write what is recorded: words, exit code, files.

After an intended change: ``TENELEVEN_RECORD=write pytest tests/test_recorded_commands.py``.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from types import NoneType
from zlib import crc32

import pytest
from click.testing import CliRunner

from bench.golden import differences
from teneleven.command_line import cli
from tests.recorded_answers import masked

RECORD = Path(__file__).parent / "golden" / "commands.txt"
COMMANDS = Path(__file__).parent / "recorded_commands.txt"
_SHEET = "source,expression,reviewer,date,comment\n"
_FILES = {
    "codes.csv": "code,count,setting\nE11.9,30,inpatient\nE11.A,2,office\nS52.501A,1,\nZZ9,4,\nE11.8,5,\n",
    "more.csv": "dx1,dx2\nE11.9,E11.A\nS52.501A,\n",
    "list.txt": "E11 S52.5 E11.8 ZZ9\n",
    "claim.json": '{"setting": "professional", "date_of_service": "2026-11-02", "diagnoses": ["E11"]}',
    "first.csv": f"{_SHEET}E11.9,5A11,A,2026-11-02,\nE11.A,5A1Z,A,2026-11-02,\nE11,5A11,A,2026-11-02,\n",
    "second.csv": f"{_SHEET}E11.9,5A11,B,2026-11-02,\nE11.A,NC32.5,B,2026-11-02,\nS52.5,5A11,B,2026-11-02,\n",
}
_SHOWN = 60
_CONTENT = re.compile(r"content [0-9a-f]{16}")


def _lines(command: str, folder: Path, bundle: Path) -> Iterator[str]:
    """The exit code of a command, its first lines, a sum over all of them, and what it wrote."""
    for path in folder.iterdir():
        if path.name not in _FILES:
            rmtree(path) if path.is_dir() else path.unlink()
    arguments = shlex.split(re.sub(r"{([\w.]+)}", rf"{folder}/\1", command))
    result = CliRunner().invoke(cli, arguments)
    fault = result.exception if not isinstance(result.exception, SystemExit | NoneType) else None
    words = f"{result.output}{f'{type(fault).__name__}: {fault}' if fault is not None else ''}"
    words = _CONTENT.sub("content HASH", words.replace(str(bundle), "BUNDLE"))
    said = masked(words.replace(str(folder), "")).splitlines()
    yield f"{command}\tends with {result.exit_code}, {len(said)} lines, {crc32(repr(said).encode()):08x}"
    yield from (f"{command}\t{line}" for line in said[:_SHOWN])
    for path in sorted(folder.iterdir()):
        if path.name not in _FILES and path.suffix in (".csv", ".tsv", ".json"):
            content = masked(path.read_text("utf-8").replace(str(folder), ""))
            yield f"{command}\twrote {path.name}, {crc32(content.encode()):08x}"
            yield from (f"{command}\t| {line[:400]}" for line in content.splitlines()[:20])


def test_every_command_says_and_writes_what_is_recorded(
    small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENELEVEN_BUNDLE", str(small_bundle))
    for name, text in _FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    commands = [line for line in COMMANDS.read_text("utf-8").splitlines() if not line.startswith("#")]
    lines = [line for command in commands for line in _lines(command, tmp_path, small_bundle)]
    if "TENELEVEN_RECORD" in os.environ:
        RECORD.write_text("\n".join(lines) + "\n", encoding="utf-8")
    changed = differences(RECORD.read_text("utf-8").splitlines(), lines)
    assert not changed, "\n".join([f"{len(changed)} lines differ", *changed[:20]])
