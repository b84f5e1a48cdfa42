"""The three prints of one report, over the API."""

from __future__ import annotations

import csv
import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from io import BytesIO, TextIOWrapper
from typing import Any
from zipfile import ZipFile

import lxml.html
import openpyxl
import orjson

from terminology.exchange.reports.sections import MOST_ROWS
from terminology.exchange.reports.words import shown
from terminology.exchange.reports.workbook import safe_text
from tests.client import Client

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VOLUMES = """code,count,setting,payer,department
E11.9,90,inpatient,=1+1,@SUM(A1)
S52.501A,9,ED,+2,-3
E11.9,4,ED,<script>alert(1)</script>,"\t=4"
=cmd|' /C calc'!A0,1,inpatient,"\r=5",x
"""
HOSTILE = {"=1+1", "@SUM(A1)", "+2", "-3"}
NUMBERS = {"+2", "-3"}
"""Text that begins like a formula and is a number: it can run nothing, and stays as it is everywhere."""


def post(client: Client, accept: str) -> bytes:
    answer = client.post("/api/v1/impact", data=VOLUMES, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.data


def test_workbook_page_and_json_print_the_same_numbers(client: Client) -> None:
    tables = orjson.loads(post(client, "application/json"))["tables"]
    html = post(client, "text/html").decode()
    book = openpyxl.load_workbook(BytesIO(post(client, XLSX)))
    for table in tables:
        sheet = list(book[table["title"][:31]].iter_rows(min_row=4, values_only=True))
        numbers = [[v for v in row if isinstance(v, int | float)] for row in table["rows"]]
        assert [[v for v in row if isinstance(v, int | float)] for row in sheet if any(row)] == numbers
        for row in table["rows"]:
            for value, column in zip(row, table["columns"], strict=True):
                if isinstance(value, int | float):
                    assert re.search(rf"[>( ]{re.escape(shown(value, column['kind']))}[<) ]", html)


def test_the_zip_has_every_row_of_every_table_and_the_first_page(client: Client) -> None:
    report = orjson.loads(post(client, "application/json"))
    with ZipFile(BytesIO(post(client, "application/zip"))) as archive:
        for table in report["tables"]:
            with archive.open(f"{table['id']}.csv") as file:
                assert len(list(csv.reader(TextIOWrapper(file, newline="")))) == 1 + len(table["rows"])
        first = archive.read("first-page.txt").decode()
    assert all(sentence["text"] in first for sentence in report["headline"])


def test_every_output_has_the_same_first_page(client: Client) -> None:
    said = [s["text"] for s in orjson.loads(post(client, "application/json"))["headline"]]
    html = unescape(post(client, "text/html").decode())
    book = openpyxl.load_workbook(BytesIO(post(client, XLSX)))
    cells = " ".join(str(row[0]) for row in book["Summary"].iter_rows(values_only=True))
    assert len(said) == 10
    assert all(text in html and text in cells for text in said)


def test_no_cell_of_the_workbook_is_or_begins_like_a_formula(client: Client) -> None:
    book = openpyxl.load_workbook(BytesIO(post(client, XLSX)))
    texts = [c.value for s in book for row in s.iter_rows() for c in row if isinstance(c.value, str)]
    assert any("cmd|" in text.lower() for text in texts)
    assert {f"'{text}" for text in HOSTILE - NUMBERS} | NUMBERS <= set(texts)
    assert not [t for t in texts if t.startswith(("=", "+", "-", "@", "\t", "\r")) and t not in NUMBERS]


def test_a_payer_is_text_on_the_page_whatever_it_is_called(client: Client) -> None:
    page = post(client, "text/html").decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_control_characters_never_reach_a_sheet() -> None:
    assert safe_text("\x00\x1b=1") == "'=1"


def test_a_bad_count_is_a_problem_document(client: Client) -> None:
    answer = client.post("/api/v1/impact", data="code,count\nI10,-4\n")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_a_report_without_office_volume_says_so(client: Client) -> None:
    assert b"No physician-office volume" in post(client, "application/json")


def test_the_summary_of_the_workbook_has_figures_as_numbers(client: Client) -> None:
    report = orjson.loads(post(client, "application/json"))
    book = openpyxl.load_workbook(BytesIO(post(client, XLSX)))
    shown = {row[2]: row[3] for row in book["Summary"].iter_rows(values_only=True) if row[2]}
    kept = next(t for t in report["tables"] if t["id"] == "kept")["rows"][0]
    assert [shown["Diagnoses that have a place"], shown["Keep their whole meaning"]] == kept[1:3]


def test_every_sheet_prints_one_page_wide_with_its_headings_on_each(client: Client) -> None:
    for sheet in openpyxl.load_workbook(BytesIO(post(client, XLSX))):
        setup = sheet.sheet_properties.pageSetUpPr
        assert setup is not None, sheet.title
        assert setup.fitToPage, sheet.title
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.title == "Summary" or sheet.print_title_rows == "$3:$3"


def test_a_page_says_in_plain_words_what_json_says_in_the_program_s(client: Client) -> None:
    page: Any = lxml.html.fromstring(post(client, "text/html"))
    text = page.text_content()
    assert "in full, by a cluster" in text
    assert "full-postcoordinated" not in text
    assert b"full-postcoordinated" in post(client, "application/json")


def test_codes_of_a_page_are_links_and_unknown_ones_have_no_empty_ones(client: Client) -> None:
    page: Any = lxml.html.fromstring(post(client, "text/html"))
    links = page.xpath("//details[@id='all-codes']//tbody//td[1]/a/@href")
    assert "https://icd10cmtool.cdc.gov/?query=E11.9" in links
    assert not page.xpath("//a[not(normalize-space(@href))]")


def test_the_core_stands_open_and_every_table_is_folded_in_the_annex(client: Client) -> None:
    tables = orjson.loads(post(client, "application/json"))["tables"]
    page: Any = lxml.html.fromstring(post(client, "text/html"))
    assert page.xpath("//details[contains(@class, 'annex')]/@id") == [f"all-{t['id']}" for t in tables]
    for table in tables:
        rows = page.xpath(f"//details[@id='all-{table['id']}']//tbody/tr")
        assert len(rows) == min(len(table["rows"]), MOST_ROWS)
    assert not page.xpath("//section[not(@id='annex')]//tbody//td[normalize-space()='all settings']")


def test_no_chart_is_empty(client: Client) -> None:
    page: Any = lxml.html.fromstring(post(client, "text/html"))
    for drawing in page.xpath("//figure//*[local-name()='svg'][@role='img'][.//*[local-name()='defs']]"):
        widths = drawing.xpath("./*[local-name()='rect']/@width")
        assert any(int(width) for width in widths)


def test_the_policy_of_the_page_lets_its_own_script_run_and_no_other(client: Client) -> None:
    answer = client.post("/api/v1/impact", data=VOLUMES, headers={"Accept": "text/html"})
    page: Any = lxml.html.fromstring(answer.data)
    (script,) = page.xpath("//script")
    named = b64encode(sha256(script.text.encode()).digest()).decode()
    assert f"script-src 'sha256-{named}';" in answer.headers["Content-Security-Policy"]
