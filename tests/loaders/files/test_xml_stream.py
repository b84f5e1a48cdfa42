"""XML is read element by element, and nothing but plain elements is trusted."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from loaders.files.xml_stream import line_of, read_elements, text_of
from terminology.errors import ReleaseFormatError, UnsafeArchiveError

BOOK = b"""<?xml version="1.0"?>
<book>
  <title>Invented</title>
  <page><word>one</word></page>
  <!-- between -->
  <page>
    <word>two</word></page>
  <page/>
</book>
"""


def pages(content: bytes) -> list[str]:
    return [text_of(page) for page in read_elements(BytesIO(content), "b.xml", root="book", tags=("page",))]


def test_elements_come_complete_and_in_order() -> None:
    assert pages(BOOK) == ["one", "two", ""]


def test_headings_before_an_element_stay_readable() -> None:
    for page in read_elements(BytesIO(BOOK), "b.xml", root="book", tags=("page",)):
        assert page.getroottree().getroot().findtext("title") == "Invented"


def test_an_element_is_emptied_when_the_next_one_is_asked_for() -> None:
    stream = read_elements(BytesIO(BOOK), "b.xml", root="book", tags=("page",))
    first = next(stream)
    assert len(first) == 1
    next(stream)
    assert len(first) == 0


def test_elements_already_read_do_not_pile_up() -> None:
    content = b"<book>" + b"<page>x</page>" * 1000 + b"</book>"
    for page in read_elements(BytesIO(content), "b.xml", root="book", tags=("page",)):
        last = page
    root = last.getparent()
    assert root is not None
    assert len(root) == 1


def test_an_element_knows_its_line() -> None:
    stream = read_elements(BytesIO(BOOK), "b.xml", root="book", tags=("page",))
    assert [line_of(page) for page in stream] == [4, 6, 8]


def test_text_is_folded_and_includes_inner_elements() -> None:
    assert text_of(etree.fromstring("<note> old <new>\n new</new>\ttext </note>")) == "old new text"


def test_malformed_xml_is_reported_with_its_line() -> None:
    with pytest.raises(ReleaseFormatError, match="well-formed XML") as caught:
        pages(BOOK.replace(b"two</word>", b"two"))
    assert (caught.value.path, caught.value.line) == ("b.xml", 7)


@pytest.mark.parametrize("content", [b"", b"no xml at all", b"<book><page>"])
def test_what_is_not_an_xml_document_is_refused(content: bytes) -> None:
    with pytest.raises(ReleaseFormatError, match="well-formed XML"):
        pages(content)


@pytest.mark.parametrize("content", [b"<other/>", b"<other><page>x</page></other>"])
def test_another_root_element_is_refused(content: bytes) -> None:
    with pytest.raises(ReleaseFormatError, match="root element <book>, found <other>"):
        pages(content)


def test_an_undeclared_entity_is_malformed() -> None:
    with pytest.raises(ReleaseFormatError, match="well-formed XML"):
        pages(b"<book><page>&secret;</page></book>")


def hostile(declaration: str, page: str = "&x;", attribute: str = "") -> str:
    return f"<!DOCTYPE book [{declaration}]><book a='{attribute}'><page>{page}</page></book>"


BOMB = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefgh", "bcdefghx", strict=True)
)


@pytest.mark.parametrize(
    "content",
    [
        hostile('<!ENTITY x "expanded">').encode(),
        hostile('<!ENTITY x "expanded">').encode("utf-16"),
        hostile(BOMB).encode(),
        hostile('<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;', page="").encode(),
        b"<!DOCTYPE book SYSTEM 'http://127.0.0.1:9/x.dtd'><book><page>x</page></book>",
        b"<!DOCTYPE book><book><page>x</page></book>",
        b"<!DOCTYPE book><book/>",
    ],
    ids=["entity", "utf-16", "bomb", "parameter", "external", "bare", "no elements"],
)
def test_a_document_type_declaration_is_refused(content: bytes) -> None:
    with pytest.raises(UnsafeArchiveError, match="document type"):
        pages(content)


def test_an_external_entity_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("do not read me")
    with pytest.raises(UnsafeArchiveError):
        pages(hostile(f'<!ENTITY x SYSTEM "{secret.as_uri()}">').encode())


@pytest.mark.parametrize(
    "content",
    [
        b"<book>" + b"<page>" * 5000 + b"</page>" * 5000 + b"</book>",
        hostile(BOMB, page="", attribute="&x;").encode(),
    ],
    ids=["nested without end", "bomb in an attribute of the root"],
)
def test_a_document_beyond_the_parsers_limits_is_refused(content: bytes) -> None:
    with pytest.raises(UnsafeArchiveError):
        pages(content)
