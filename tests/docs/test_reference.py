"""Every command, option and operation stands in the reference."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from teneleven.command_line import COMMANDS
from terminology.bundle.store import Store
from tests.client import Client

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = DOCS / "reference"


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program that writes the reference."""
    spec = importlib.util.spec_from_file_location("reference_pages", DOCS / "reference_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_every_command_and_option_stands_in_the_reference(pages: ModuleType) -> None:
    written = (REFERENCE / "commands.md").read_text("utf-8")
    missing = [heading for heading in _named(pages.commands_page()) if heading not in written]
    assert not missing, "run python docs/reference_pages.py BUNDLE"
    assert all(f"## teneleven {name}\n" in written for name in COMMANDS)


def test_every_operation_and_parameter_stands_in_the_reference(pages: ModuleType, client: Client) -> None:
    written = (REFERENCE / "api.md").read_text("utf-8")
    page = pages.api_page(client.get("/api/openapi.json").json)
    missing = [heading for heading in _named(page) if heading not in written]
    assert not missing, "run python docs/reference_pages.py BUNDLE"


def test_every_table_of_the_impact_report_stands_in_the_reference_as_it_is(
    pages: ModuleType, store: Store
) -> None:
    written = (REFERENCE / "impact.md").read_text("utf-8")
    assert written == pages.impact_page(pages.impact_tables(store)), (
        "run python docs/reference_pages.py BUNDLE"
    )


def test_no_described_column_is_idle_and_what_is_never_null_never_is(pages: ModuleType, store: Store) -> None:
    meanings, used = pages.column_meanings(), set()
    for table in pages.impact_tables(store):
        owners = {end: column.name for column in table.columns for end in column.ends or ()}
        for at, column in enumerate(table.columns):
            name = owners.get(column.name, column.name)
            key = (table.id, name)
            key = key if key in meanings else (pages.EVERY, name)
            used.add(key)
            nulls = any(row[at] is None for row in table.rows)
            assert not (nulls and meanings[key].null == "never"), key
    assert used == set(meanings)


def _named(page: str) -> list[str]:
    """The headings and first cells of a page: what there is, not how it is said."""
    return re.findall(r"^(?:## .+|\| `[^`]+` \|)", page, re.MULTILINE)
