"""JSON objects, one at a time, however a file arranges them."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.files.json_stream import read_objects
from terminology.errors import ReleaseFormatError

SCALARS = st.none() | st.integers() | st.text(max_size=9)
VALUES = st.dictionaries(st.text(max_size=5), SCALARS | st.lists(SCALARS, max_size=3), max_size=4)


def read(text: str | bytes) -> list[tuple[int, object]]:
    content = text.encode() if isinstance(text, str) else text
    return list(read_objects(BytesIO(content), "e.json"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}', [(1, {"a": 1})]),
        ('[{"a": 1},\n {"b": 2}]\n', [(1, {"a": 1}), (2, {"b": 2})]),
        ('{"a": 1}\n\n{"b": 2}\n', [(1, {"a": 1}), (3, {"b": 2})]),
        ('{\n "a": 1\n}\n{\n "b": 2\n}', [(1, {"a": 1}), (4, {"b": 2})]),
        ('\ufeff {"a": "é"}', [(1, {"a": "é"})]),
        ("[]", []),
        ("", []),
    ],
)
def test_one_object_an_array_and_one_per_line_read_alike(text: str, found: list[tuple[int, object]]) -> None:
    assert read(text) == found


@settings(max_examples=50)
@given(st.lists(VALUES, max_size=5), st.sampled_from([None, 1]))
def test_whatever_is_saved_is_read_back(objects: list[dict[str, object]], indent: int | None) -> None:
    array = json.dumps(objects, indent=indent, ensure_ascii=False)
    lines = "\n".join(json.dumps(o, indent=indent) for o in objects)
    assert [o for _, o in read(array)] == objects
    assert [o for _, o in read(lines)] == objects


def test_objects_across_the_pieces_a_file_is_read_in_stay_whole() -> None:
    objects = [{"n": n, "text": "é" * 40_000} for n in range(60)]
    assert [o for _, o in read(json.dumps(objects, ensure_ascii=False))] == objects
    large = {"text": "x" * 5_000_000}
    assert read(json.dumps(large)) == [(1, large)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"a": 1}\n {"b": 2}]', "line 2: expected a comma or the end of the array, found '{'"),
        ('[{"a": 1},\n]', "line 2: expected a JSON object, found ']'"),
        ('[{"a": 1},', "line 1: expected a JSON object, found the end of the file"),
        ('[{"a": 1}', "line 1: expected the end of the array (cut off?), found the end of the file"),
        ('[{"a": 1}]\n7', "line 2: expected the end of the file, found '7'"),
        ('{"a": 1}\n7', "line 2: expected a JSON object, found '7'"),
        ('{"a": 1}]', "line 1: expected the end of the file, found ']'"),
        ('{"a": 1}\n{"b":\n 2,}', "line 3: expected well-formed JSON, found"),
        ('{"a": "cut o', "line 1: expected well-formed JSON, found Unterminated string starting at"),
        ('{"a": ' * 200_000, "line 1: expected an entity, found JSON nested too deeply"),
        (b'{"a": "\xe9"}', "line 1: expected UTF-8 text, found byte 0xe9"),
    ],
)
def test_a_malformed_file_is_an_error_at_its_line(text: str | bytes, message: str) -> None:
    with pytest.raises(ReleaseFormatError) as error:
        read(text)
    assert str(error.value).startswith(f"e.json, {message}")


def test_an_object_without_end_is_an_error_before_the_whole_file_is_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("loaders.files.json_stream.MAX_OBJECT_CHARACTERS", 2**21)
    file = BytesIO(b'{"a": ' + b" " * 2**24)
    with pytest.raises(ReleaseFormatError, match="expected well-formed JSON"):
        list(read_objects(file, "e.json"))
    assert file.tell() < 2**23
