"""Segments: any delimiters, any line ends, any widths; a fault has its place."""

from __future__ import annotations

import io
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import ReleaseFormatError, TenElevenError
from terminology.exchange.x12.segments import MAX_SEGMENT, Segment, looks_like_x12, read_segments
from tests.terminology.exchange.x12.edi import ISA, PROFESSIONAL, interchange

ELEMENTS = st.lists(st.text(string.ascii_uppercase + string.digits + " .-", max_size=12), max_size=8)
BODIES = st.lists(st.tuples(st.sampled_from(["HI", "CLM", "SV1", "N3"]), ELEMENTS), max_size=20)


class Dripping(io.BytesIO):
    """A file that gives a few bytes at a time, whatever is asked for."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(7)


def segments(file: bytes) -> list[Segment]:
    return list(read_segments(io.BytesIO(file), "f.837"))


def plain(found: list[Segment]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.tag, one.elements) for one in found]


@given(
    BODIES,
    st.sampled_from("*|+"),
    st.sampled_from([":", ">", "<"]),
    st.sampled_from(["~", "~\r\n", "\n", "\r\n", "'"]),
)
def test_what_is_written_with_any_delimiters_is_read(
    body: list[tuple[str, list[str]]], element: str, component: str, ends: str
) -> None:
    isa = element.join([*ISA.split("*")[:-1], component])
    lines = [isa, *(element.join([tag, *values]) for tag, values in body)]
    found = segments("".join(line + ends for line in lines).encode())
    assert plain(found)[1:] == [(tag, tuple(values)) for tag, values in body]
    assert [one.number for one in found] == list(range(1, len(lines) + 1))
    assert {one.separator for one in found} == {component}


@given(st.integers(0, 400))
def test_a_file_that_is_cut_anywhere_is_read_or_refused_with_a_place(at: int) -> None:
    try:
        found = segments(interchange(PROFESSIONAL)[:at])
    except TenElevenError as fault:
        assert "f.837, line" in str(fault)
    else:
        assert at == 0 or found


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_break_nothing(data: bytes) -> None:
    for file in (data, ISA.encode() + b"~" + data):
        try:
            segments(file)
        except TenElevenError as fault:
            assert "f.837" in str(fault)


def test_a_file_in_small_pieces_is_the_same_file() -> None:
    file = interchange(PROFESSIONAL)
    assert plain(list(read_segments(Dripping(file), "f"))) == plain(segments(file))


def test_empty_isa_fields_and_a_byte_order_mark_do_not_matter() -> None:
    isa = "ISA*00**00**ZZ*S*ZZ*R*260815*1200*^*00401*1*0*T*:"
    assert (
        plain(segments(b"\xef\xbb\xbf\r\n" + interchange(PROFESSIONAL, isa=isa)))[1:]
        == plain(segments(interchange(PROFESSIONAL)))[1:]
    )


def test_a_second_interchange_has_delimiters_of_its_own() -> None:
    second = interchange(PROFESSIONAL).decode().replace("*", "|").replace(":", ">").encode()
    found = segments(interchange(PROFESSIONAL) + second)
    half = len(found) // 2
    assert {one.separator for one in found[:half]} == {":"}
    assert {one.separator for one in found[half:]} == {">"}
    assert found[half - 2].tag == found[-2].tag == "GE"


def test_lines_and_segments_are_counted_from_one() -> None:
    found = segments(interchange(PROFESSIONAL))
    claim = next(one for one in found if one.tag == "CLM")
    assert (claim.number, claim.line) == (11, 11)
    unbroken = segments(interchange(PROFESSIONAL, ends="~"))
    assert {one.line for one in unbroken} == {1}


def test_a_segment_without_end_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(ReleaseFormatError, match="is it cut"):
        segments(ISA.encode() + b"~NTE*" + b"A" * (MAX_SEGMENT * 8))


@pytest.mark.parametrize(
    "start", [b"code,count\nE11.9,1", b"ISA", b"PK\x03\x04", b'{"setting": "x"}', b"ISA*00*~"]
)
def test_what_is_no_interchange_is_refused(start: bytes) -> None:
    with pytest.raises(ReleaseFormatError, match="X12 interchange"):
        segments(start)


def test_x12_is_told_by_its_first_bytes() -> None:
    assert looks_like_x12(interchange(PROFESSIONAL)[:16])
    assert not looks_like_x12(b"claim_id,dx1")
