"""Every command, option and operation stands in the reference."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from teneleven.command_line import COMMANDS
from tests.client import Client

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = DOCS / "reference"


@pytest.fixture
def pages() -> ModuleType:
    """The program that writes the reference."""
    spec = importlib.util.spec_from_file_location("reference_pages", DOCS / "reference_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
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


def _named(page: str) -> list[str]:
    """The headings and first cells of a page: what there is, not how it is said."""
    return re.findall(r"^(?:## .+|\| `[^`]+` \|)", page, re.MULTILINE)
