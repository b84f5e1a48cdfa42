"""What the application over the small bundle answers to the addresses that tests and operations name.

The record (``tests/golden/answers.txt``) is a section for each address with its status and its answer: JSON
as it is, a page as its words, addresses and fields, line by line. What differs from run to run (hashes,
times, today) is masked. It is replayed by ``test_recorded_answers``; after an intended change
``TENELEVEN_RECORD=write pytest tests/test_recorded_answers.py`` takes the answers anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlencode

from lxml import html

from terminology.version import VERSION
from tests.client import Client
from web.openapi.operations import OPERATIONS

RECORD = Path(__file__).parent / "golden" / "answers.txt"
_FOLDER = Path(__file__).parent / "web"
_FIRST = (
    "api/v1|fhir|code|crosswalk|compare|browse|changes|builder|index|search"
    "|about|check|lists|validate|scenario|forms|impact"
)
_ADDRESS = re.compile(rf'"(/(?:(?:{_FIRST})\b|\?)[^"{{}}\\]*)"')
_DOCS = Path(__file__).parents[1] / "docs"
_REQUESTED = re.compile(r"(?:localhost|127\.0\.0\.1):\d+(/(?:api/v1|fhir)[^ '\"`)<>\\]*)")
_MARK = "## GET "
_LONGEST = 12_000
_MASKS = (
    (re.compile(r"\b[0-9a-f]{32,64}\b"), "HASH"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?"), "TIME"),
    (re.compile(r"urn:uuid:[0-9a-f-]{36}|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,23}\b"), "UUID"),
    (re.compile(rf"\b{date.today()}\b"), "TODAY"),
    (re.compile(rf"\b{re.escape(VERSION)}\b"), "VERSION"),
    (re.compile(r"\?v=\w+"), "?v=HASH"),
    (re.compile(r"\b\d+ ms\b"), "0 ms"),
    (re.compile(r'"took_ms": [\d.e-]+'), '"took_ms": 0'),
)


def addresses() -> list[str]:
    """Return the addresses that stand in tests of the web and in the docs, and the operations' examples."""
    found = {
        address
        for path in sorted(_FOLDER.rglob("test_*.py"))
        for address in _ADDRESS.findall(path.read_text("utf-8"))
    }
    found.update(
        address
        for path in (*_DOCS.glob("*.md"), *_DOCS.glob("*/*.md"))
        for address in _REQUESTED.findall(path.read_text("utf-8"))
    )
    found.update(_example(key) for key in OPERATIONS if key.startswith("GET /api/v1/"))
    return sorted(address for address in found if "progress" not in address)


def _example(key: str) -> str:
    path = key.removeprefix("GET ")
    parameters = dict(OPERATIONS[key].parameters)
    for name in re.findall(r"{(\w+)}", path):
        path = path.replace("{" + name + "}", quote(str(parameters.pop(name))))
    return f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path


def answered(client: Client, address: str) -> str:
    """Return the section of an address: status, type and answer, with what varies masked."""
    accept = "text/html" if not address.startswith(("/api/", "/fhir")) else "application/json"
    response = client.get(address, headers={"Accept": accept})
    kind = response.mimetype
    if "json" in kind:
        body = json.dumps(response.json, ensure_ascii=False, indent=1)
    elif kind == "text/html":
        body = "\n".join(shown(response.text))
    else:
        body = response.text if kind.startswith("text/") else ""
    body = masked(body)
    if len(body) > _LONGEST:
        body = f"{body[:_LONGEST]}\n... {sha256(body.encode()).hexdigest()}"
    return f"{response.status_code} {kind} {response.location or ''}\n{body}".rstrip().replace("\n#", "\n #")


def masked(text: str) -> str:
    """Return a text without what differs from run to run."""
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text


def shown(page: str) -> Iterator[str]:
    """Yield the words of a page, and what its links and fields say, in their order."""
    for element in html.fromstring(page).iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        said = [element.get(name, "") for name in ("href", "name", "value", "title", "aria-label")]
        words = " ".join((element.text or "").split())
        line = " | ".join(part for part in (element.tag, *said, words) if part)
        if line != element.tag:
            yield line
        if tail := " ".join((element.tail or "").split()):
            yield tail


def recorded() -> dict[str, str]:
    """Return the sections of the record by address."""
    sections = RECORD.read_text("utf-8").split(_MARK)[1:]
    return {address: text.rstrip("\n") for address, _, text in (s.partition("\n") for s in sections)}


def write(client: Client) -> None:
    """Take the answers as the record."""
    sections = [f"{_MARK}{address}\n{answered(client, address)}\n" for address in addresses()]
    RECORD.write_text("\n".join(sections), encoding="utf-8")
