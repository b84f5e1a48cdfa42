"""Every form of every page is sent, its fields each in several ways, and answered as recorded.

After an intended change: ``TENELEVEN_RECORD=write pytest tests/web/pages/test_recorded_forms.py``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode
from zlib import crc32

from lxml import html
from lxml.html import FormElement

from bench.golden import differences
from tests.client import Answer, Client, client_of
from tests.recorded_answers import masked, shown
from web.app import create_app

RECORD = Path(__file__).parents[2] / "golden" / "forms.txt"
PAGES = (
    *("/", "/?q=diabetes", "/browse", "/browse/icd-10-cm", "/browse/icd-11?at=5A11", "/builder"),
    *(
        "/builder?expression=NC32.5",
        "/builder?q=diabetes",
        "/changes",
        "/changes/icd-10-cm?from=2026&to=2027",
    ),
    *("/check", "/check?codes=E11.9", "/code/icd-10-cm/E11.9", "/code/icd-11/5A11", "/compare"),
    *("/compare/E11.9", "/crosswalk", "/crosswalk/E11.9", "/crosswalk/NC32.5&XK9K?system=icd-11"),
    *("/crosswalk/E11.8", "/forms", "/impact", "/index", "/index/diseases", "/lists", "/scenario"),
    *(
        "/validate",
        "/about",
        "/nowhere",
        "/code/icd-10-cm/ZZ9",
        "/browse/nowhere",
        "/index/diseases?letter=D",
    ),
)
#: What is written into a field, whatever it is: nothing, codes, what is none, a day, numbers.
_WRITTEN = (
    "",
    "E11.9",
    "E11.8, E11 zz9",
    "diabetes",
    "2026-11-02",
    "2016-01-01",
    "-1",
    "70",
    "~" * 50,
    "all",
)
_FILES = {
    "plain.csv": b"code,count,setting\nE11.9,3,inpatient\nE11.A,2,\n",
    "empty.csv": b"",
    "list.txt": b"E11.9 2026-11-02\nE11.8\n",
}


def _fields(form: FormElement) -> Iterator[tuple[str, str]]:
    """The fields that a browser sends, as they stand."""
    yield from form.form_values()


def _ways(form: FormElement) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The form as it stands; each field otherwise; each choice; each button."""
    base = list(_fields(form))
    yield "as it stands", base
    for field in form.iter("input", "textarea", "select", "button"):
        name, kind = field.get("name"), field.get("type", "")
        if not name or kind == "file":
            continue
        rest = [pair for pair in base if pair[0] != name]
        values: tuple[str, ...] = _WRITTEN
        if field.tag == "select":
            values = (*(option.get("value") or "" for option in field.iter("option")), "~")
        elif field.tag == "button" or kind in ("radio", "checkbox", "hidden", "submit"):
            values = (field.get("value") or "", "~")
        for value in values:
            yield f"{name}={value[:20]}", [*rest, (name, value)]


def _told(answer: Answer) -> str:
    if not answer.mimetype.startswith("text/"):
        return f"{answer.status_code} {answer.mimetype}"
    if answer.mimetype != "text/html":
        return f"{answer.status_code} {answer.mimetype} {crc32(masked(answer.text).encode()):08x}"
    page = html.fromstring(answer.text or "<p></p>")
    told = (e for e in page.iter("*") if e.tag == "h1" or e.get("role") in ("alert", "status"))
    said = (" ".join(" ".join(map(str, e.itertext())).split()) for e in told)
    lines = masked("\n".join(shown(answer.text or "<p></p>")))
    words = masked(" | ".join(said))[:200]
    return f"{answer.status_code} {answer.location or ''} {words} {crc32(lines.encode()):08x}"


def _sent(client: Client, form: FormElement, fields: list[tuple[str, str]], page: str) -> Answer:
    action = (form.get("action") or page).partition("#")[0]
    if form.get("method") == "post":
        return client.post(action, data=_several(fields))
    joined = "&" if "?" in action else "?"
    return client.get(f"{action}{joined}{urlencode(fields)}", headers={"Accept": "text/html"})


def _several(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return found


def _lines(client: Client) -> Iterator[str]:
    seen = set[str]()
    for page in PAGES:
        answer = client.get(page, headers={"Accept": "text/html"})
        yield f"{page}\t{_told(answer)}"
        for place, form in enumerate(html.fromstring(answer.text).iter("form")):
            assert isinstance(form, FormElement)
            for what, fields in _ways(form):
                key = f"{form.get('action')} {form.get('method')} {fields}"
                if key not in seen:
                    seen.add(key)
                    yield f"{page}\tform {place} {what}\t{_told(_sent(client, form, fields, page))}"
            if any(field.get("type") == "file" for field in form.iter("input")):
                yield from _files(client, form, page)


def _files(client: Client, form: FormElement, page: str) -> Iterator[str]:
    (name, *_) = [field.get("name") for field in form.iter("input") if field.get("type") == "file"]
    for title, content in _FILES.items():
        parts = {**_several(list(_fields(form))), name: (BytesIO(content), title)}
        answer = client.post(form.get("action"), data=parts, content_type="multipart/form-data")
        yield f"{page}\t{name} {title}\t{_told(answer)}"


def test_every_form_is_answered_as_recorded(small_bundle: Path) -> None:
    lines = list(_lines(client_of(create_app(small_bundle))))
    if "TENELEVEN_RECORD" in os.environ:
        RECORD.write_text("\n".join(lines) + "\n", encoding="utf-8")
    changed = differences(RECORD.read_text("utf-8").splitlines(), lines)
    assert not changed, "\n".join([f"{len(changed)} lines differ", *changed[:20]])


def test_no_form_ends_in_a_fault_of_the_server() -> None:
    lines = RECORD.read_text("utf-8").splitlines()
    assert len(lines) > 300
    assert not [line for line in lines if line.split("\t")[-1].startswith("5")]
