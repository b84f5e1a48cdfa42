"""The page that validates a pasted list."""

from __future__ import annotations

import csv
import re
from html import unescape

from tests.client import Client

LIST = {"codes": "e11.9; E11, ZZ99\n(E11.8) =1+1", "date": "2026-10-15"}


def test_each_code_has_status_title_what_to_use_instead_and_icd_11(client: Client) -> None:
    page = unescape(client.get("/validate", query_string=LIST).get_data(as_text=True))
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    words = [re.sub(r"<[^>]+>|\s+", " ", row) for row in rows]
    assert len(words) == 5
    assert " valid " in words[0] and "5A11" in words[0]
    assert "not billable" in words[1] and "E11.9" in words[1]
    assert "not found" in words[2]
    assert "ended" in words[3] and "E11.A" in words[3]


def test_a_download_has_every_code_and_no_formula(client: Client) -> None:
    answer = client.post("/validate", data={**LIST, "format": "csv"})
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(answer.get_data(as_text=True).splitlines()))
    assert [row["status"] for row in rows] == ["valid", "not-billable", "not-found", "retired", "not-found"]
    assert rows[4]["input"] == "'=1+1"
    assert rows[0]["icd11"] == "5A11"


def test_a_short_list_has_an_address_and_a_long_one_none(client: Client) -> None:
    assert "Address of this list" in client.post("/validate", data=LIST).get_data(as_text=True)
    long = {"codes": "E11.9 " * 600, "date": "2026-10-15"}
    page = client.post("/validate", data=long).get_data(as_text=True)
    assert "600 valid" in page
    assert "Address of this list" not in page


def test_more_codes_than_can_be_answered_are_refused(client: Client) -> None:
    answer = client.post("/validate", data={"codes": "A " * 10_001}, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "10,001 codes" in answer.get_data(as_text=True)


def test_each_code_is_read_by_the_date_beside_it_and_the_page_says_so(client: Client) -> None:
    asked = {"codes": "E11.A 2026-09-30\nE11.A 2026-10-01\nE11.A", "date": "2026-09-01"}
    page = unescape(client.post("/validate", data=asked).get_data(as_text=True))
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    words = [re.sub(r"<[^>]+>|\s+", " ", row) for row in rows]
    assert "2026-09-30" in words[0] and "not yet valid" in words[0]
    assert "2026-10-01" in words[1] and " valid " in words[1]
    assert "2026-09-01" in words[2] and "not yet valid" in words[2]
    assert "read by the day beside it (2026-09-30 to 2026-10-01); 1 without one" in page
    address = re.search(r'href="(/validate\?[^"]+)"[^>]*>Address', page)
    assert address is not None
    again = unescape(client.get(address[1]).get_data(as_text=True))
    assert again.count("not yet valid on 2026-09-30") == page.count("not yet valid on 2026-09-30") == 2
    assert 'href="/code/icd-10-cm/E11.A?date=2026-10-01"' in page
