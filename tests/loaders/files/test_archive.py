"""Archives are hostile: every test builds its archive in ``tmp_path`` and opens it as the build would."""

from __future__ import annotations

import gzip
import hashlib
import io
import stat
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from loaders.files.archive import SourceFile, find_nested_archives, find_source_files
from terminology import untrusted
from terminology.errors import DataNotAvailableError, UnsafeArchiveError
from terminology.untrusted import check_workbook


def packed(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content, zipfile.ZIP_DEFLATED)
    return path


def patched(path: Path, old: bytes, new: bytes) -> Path:
    content = path.read_bytes()
    assert old in content
    assert len(old) == len(new)
    path.write_bytes(content.replace(old, new))
    return path


def patch_directory(path: Path, offset: int, layout: str, value: int) -> None:
    """Change one field of the last entry of a zip's central directory."""
    content = bytearray(path.read_bytes())
    struct.pack_into(layout, content, content.rindex(b"PK\x01\x02") + offset, value)
    path.write_bytes(content)


def read_all(folder: Path) -> dict[str, bytes]:
    contents = {}
    for source in find_source_files(folder):
        with source.open() as file:
            contents[source.label] = file.read()
    return contents


def refusal(folder: Path) -> str:
    with pytest.raises(UnsafeArchiveError) as refused:
        read_all(folder)
    return str(refused.value)


# finding


@pytest.mark.parametrize(
    ("member", "name"),
    [
        ("mapping\\10To11MapToOneCategory.txt", "10To11MapToOneCategory.txt"),
        ("a/b (1).txt", "b.txt"),
        ("a/b - Copy (2).txt", "b.txt"),
        ("Copy of b.txt", "b.txt"),
        ("b(1)c.txt", "b(1)c.txt"),
    ],
)
def test_a_name_is_without_folders_and_marks_of_a_copy(tmp_path: Path, member: str, name: str) -> None:
    packed(tmp_path / "some.zip", (member, b"x"))
    (found,) = find_source_files(tmp_path)
    assert found.name == name
    with found.open() as file:
        assert file.read() == b"x"


def test_bare_gzipped_and_zipped_files_are_found_at_any_depth_in_name_order(tmp_path: Path) -> None:
    (tmp_path / "b" / "deep").mkdir(parents=True)
    (tmp_path / "b" / "deep" / "plain.txt").write_bytes(b"plain")
    (tmp_path / "b" / "order.txt.gz").write_bytes(gzip.compress(b"gzipped"))
    packed(tmp_path / "a.ZIP", ("2026/z.txt", b"z"), ("2026/order.txt", b"order"))
    packed(tmp_path / "codes-1.0-py3-none-any.whl", ("codes/data.xml", b"<codes/>"))
    assert read_all(tmp_path) == {
        "a.ZIP!2026/order.txt": b"order",
        "a.ZIP!2026/z.txt": b"z",
        "b/deep/plain.txt": b"plain",
        "b/order.txt.gz": b"gzipped",
        "codes-1.0-py3-none-any.whl!codes/data.xml": b"<codes/>",
    }
    assert [s.name for s in find_source_files(tmp_path)] == [
        "order.txt",
        "z.txt",
        "plain.txt",
        "order.txt",
        "data.xml",
    ]


def test_opened_content_is_seekable(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", ("x.txt", b"0123456789"))
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"0123456789"))
    (tmp_path / "c.txt").write_bytes(b"0123456789")
    for source in find_source_files(tmp_path):
        with source.open() as file:
            file.read()
            file.seek(4)
            assert file.read(2) == b"45"


def test_sha256_is_of_the_file_on_disk(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("x.txt", b"x"))
    (source,) = find_source_files(tmp_path)
    assert source.sha256() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_modified_is_the_members_own_date(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", (zipfile.ZipInfo("x.txt", (2025, 6, 30, 12, 0, 2)), b"x"))
    (source,) = find_source_files(tmp_path)
    assert source.modified == datetime(2025, 6, 30, 12, 0, 2, tzinfo=UTC)


def test_modified_falls_back_to_the_file_when_the_member_has_no_date(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("x.txt", b"x"))
    patch_directory(path, 14, "<H", 0)
    (source,) = find_source_files(tmp_path)
    assert source.modified == datetime.fromtimestamp(path.stat().st_mtime, UTC)


def test_symbolic_links_are_not_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "data", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "folder").symlink_to(outside)
    (folder / "kept.txt").write_text("kept")
    assert read_all(folder) == {"kept.txt": b"kept"}


def test_hidden_twins_left_by_finder_and_excel_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "~$codes.xlsx").write_bytes(b"lock")
    (tmp_path / "._order.txt").write_bytes(b"fork")
    packed(tmp_path / "a.zip", ("__MACOSX/2026/._order.txt", b"fork"), ("2026/order.txt", b"order"))
    assert [s.label for s in find_source_files(tmp_path)] == ["a.zip!2026/order.txt"]


def test_archives_inside_archives_are_listed_apart_and_not_opened(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.zip", ("x.txt", b"x")).read_bytes()
    (tmp_path / "inner.zip").unlink()
    packed(tmp_path / "outer.zip", ("inner.zip", inner), ("y.txt.gz", gzip.compress(b"y")), ("z.txt", b"z"))
    (tmp_path / "packed.zip.gz").write_bytes(gzip.compress(inner))
    assert [s.label for s in find_source_files(tmp_path)] == ["outer.zip!z.txt"]
    assert [s.label for s in find_nested_archives(tmp_path)] == [
        "outer.zip!inner.zip",
        "outer.zip!y.txt.gz",
        "packed.zip.gz",
    ]


def test_a_folder_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DataNotAvailableError, match="no such folder"):
        list(find_source_files(tmp_path / "missing"))


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.zip"])
def test_a_file_that_vanished_since_it_was_found_is_reported(tmp_path: Path, name: str) -> None:
    packed(tmp_path / "a.zip", ("x.txt", b"x"))
    (tmp_path / name).touch()
    source = next(s for s in find_source_files(tmp_path) if s.path.name == name)
    source.path.unlink()
    with pytest.raises(DataNotAvailableError, match=r"a.*: cannot be read: No such file"), source.open():
        pass


# members that lie about where or what they are


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../order.txt", "climbs out"),
        ("2026/../../order.txt", "climbs out"),
        ("..\\order.txt", "climbs out"),
        ("/etc/order.txt", "absolute path"),
        ("\\\\host\\order.txt", "absolute path"),
        ("C:order.txt", "absolute path"),
    ],
)
def test_a_member_name_that_leaves_the_archive_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    packed(tmp_path / "a.zip", (name, b"x"))
    message = refusal(tmp_path)
    assert message.startswith(f"a.zip!{name}: ")
    assert reason in message


def test_a_member_name_with_a_nul_byte_is_refused(tmp_path: Path) -> None:
    patched(packed(tmp_path / "a.zip", ("order.txt?.exe", b"x")), b"txt?", b"txt\0")
    assert refusal(tmp_path) == "a.zip!order.txt\\x00.exe: its name holds a NUL byte or is empty"


def test_control_characters_of_a_member_name_do_not_reach_the_message(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", ("../\x1b[2Jorder.txt", b"x"))
    assert "!../\\x1b[2Jorder.txt:" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("kind", "reason"), [(stat.S_IFLNK, "symbolic link"), (stat.S_IFIFO, "not a regular file")]
)
def test_a_member_that_is_no_regular_file_is_refused(tmp_path: Path, kind: int, reason: str) -> None:
    link = zipfile.ZipInfo("order.txt")
    link.external_attr = (kind | 0o777) << 16
    packed(tmp_path / "a.zip", (link, b"/etc/passwd"))
    assert reason in refusal(tmp_path)


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    patched(packed(tmp_path / "a.zip", ("x1", b"1"), ("x2", b"2")), b"x2", b"x1")
    assert refusal(tmp_path) == "a.zip!x1: two members have this name"


def test_an_encrypted_member_is_refused_only_when_it_is_opened(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("order.txt", b"x"))
    patch_directory(path, 8, "<H", 0x1)
    assert [s.name for s in find_source_files(tmp_path)] == ["order.txt"]
    assert refusal(tmp_path) == "a.zip!order.txt: is encrypted; unpack it with its password first"


def test_a_compression_that_expands_without_bound_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_BZIP2) as made:
        made.writestr("order.txt", b"x" * 100)
    assert "compression method 12" in refusal(tmp_path)


def test_a_member_an_archive_does_not_have_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("x.txt", b"x"))
    with (
        pytest.raises(UnsafeArchiveError, match=r"a\.zip!y\.txt: the archive has no such member"),
        SourceFile(path, "y.txt").open(),
    ):
        pass


# archives that expand without bound


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "RATIO_FREE_BYTES", 100_000)
    monkeypatch.setattr(untrusted, "MAX_MEMBER_BYTES", 400_000)
    monkeypatch.setattr(untrusted, "MAX_ARCHIVE_BYTES", 600_000)
    monkeypatch.setattr(untrusted, "MAX_MEMBERS", 20)
    monkeypatch.setattr(untrusted, "_CHUNK", 64_000)


INCOMPRESSIBLE = b"".join(hashlib.sha256(n.to_bytes(2, "big")).digest() for n in range(16_000))


@pytest.mark.usefixtures("small_limits")
def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", ("order.txt", bytes(300_000)))
    assert refusal(tmp_path) == "a.zip!order.txt: expands to more than 200 times its packed size"


@pytest.mark.usefixtures("small_limits")
def test_a_gzip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    (tmp_path / "order.txt.gz").write_bytes(gzip.compress(bytes(300_000)))
    assert refusal(tmp_path) == "order.txt.gz: expands to more than 200 times its packed size"


@pytest.mark.usefixtures("small_limits")
def test_a_small_file_of_blanks_is_no_bomb(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", ("order.txt", bytes(100_000)))
    assert read_all(tmp_path) == {"a.zip!order.txt": bytes(100_000)}


@pytest.mark.usefixtures("small_limits")
def test_one_member_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", ("order.txt", INCOMPRESSIBLE[:400_001]))
    assert refusal(tmp_path) == "a.zip!order.txt: expands to more than 400,000 bytes"


@pytest.mark.usefixtures("small_limits")
def test_a_gzip_beyond_the_limit_is_refused_whatever_its_trailer_claims(tmp_path: Path) -> None:
    content = gzip.compress(INCOMPRESSIBLE[:500_000])
    (tmp_path / "order.txt.gz").write_bytes(content[:-4] + struct.pack("<I", 10))
    assert refusal(tmp_path) == "order.txt.gz: expands to more than 400,000 bytes"


@pytest.mark.usefixtures("small_limits")
def test_members_that_together_pass_the_limit_are_refused(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", ("x", INCOMPRESSIBLE[:300_000]), ("y", INCOMPRESSIBLE[:300_001]))
    assert refusal(tmp_path) == "a.zip: expands to more than 600,000 bytes"


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("chunk", [7, 64_000])
def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(untrusted, "_CHUNK", chunk)  # 7: entries straddle the chunks they are counted in
    packed(tmp_path / "a.zip", *((f"{n}.txt", b"") for n in range(21)))
    assert refusal(tmp_path) == "a.zip: holds more than 20 members"


def test_members_that_share_packed_bytes_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("x.txt", INCOMPRESSIBLE[:1000]), ("y.txt", b"y"))
    patch_directory(path, 42, "<I", 500)  # the second member starts inside the first
    assert refusal(tmp_path) == "a.zip!y.txt: overlaps another member"


def test_a_member_that_holds_more_than_it_claims_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("order.txt", INCOMPRESSIBLE[:1000]))
    patch_directory(path, 24, "<I", 10)
    assert "a.zip!order.txt: is damaged (Bad CRC-32" in refusal(tmp_path)


def test_a_member_that_holds_less_than_it_claims_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("order.txt", INCOMPRESSIBLE[:1000]))
    patch_directory(path, 24, "<I", 2000)
    assert refusal(tmp_path) == "a.zip!order.txt: claims 2,000 bytes and holds 1,000"


# damage in transit


def test_a_truncated_zip_says_so(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("order.txt", INCOMPRESSIBLE[:1000]))
    path.write_bytes(path.read_bytes()[:600])
    assert refusal(tmp_path) == "a.zip: the zip is truncated; download it again"


def test_a_truncated_gzip_says_so(tmp_path: Path) -> None:
    (tmp_path / "order.txt.gz").write_bytes(gzip.compress(INCOMPRESSIBLE[:1000])[:600])
    assert refusal(tmp_path) == "order.txt.gz: the gzip file is truncated; download it again"


def test_a_page_saved_as_a_zip_says_what_it_starts_with(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"<html><body>503</body></html>")
    assert refusal(tmp_path) == "a.zip: is not a zip (it starts with b'<htm'); download it again"


def test_a_page_saved_as_a_gzip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(b"<html><body>503</body></html>")
    assert "a.txt.gz: the gzip file is damaged (Not a gzipped file" in refusal(tmp_path)


def test_a_changed_byte_in_a_member_is_found(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("order.txt", b"A000 Cholera")
    patched(tmp_path / "a.zip", b"A000", b"A001")
    message = refusal(tmp_path)
    assert message.startswith("a.zip!order.txt: is damaged (Bad CRC-32")
    assert message.endswith("download the archive again")


def test_a_changed_byte_in_a_gzip_is_found(tmp_path: Path) -> None:
    content = bytearray(gzip.compress(INCOMPRESSIBLE[:1000]))
    content[-8] ^= 1  # the checksum's first byte
    (tmp_path / "a.txt.gz").write_bytes(content)
    assert "a.txt.gz: the gzip file is damaged (CRC check failed" in refusal(tmp_path)


# spreadsheets


def spreadsheet(*extra: tuple[str, bytes]) -> io.BytesIO:
    book = openpyxl.Workbook()
    book.active.append(["CODE", "TITLE"])  # type: ignore[union-attr]
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as package:
        for name, content in extra:
            package.writestr(name, content)
    made.seek(0)
    return made


def test_a_sound_spreadsheet_is_left_at_its_start(tmp_path: Path) -> None:
    file = spreadsheet()
    check_workbook(file, "codes.xlsx")
    assert openpyxl.load_workbook(file).active["A1"].value == "CODE"  # type: ignore[index]


@pytest.mark.usefixtures("small_limits")
def test_a_spreadsheet_bomb_inside_a_zip_is_refused_before_anyone_reads_it(tmp_path: Path) -> None:
    bomb = spreadsheet(("xl/worksheets/sheet9.xml", b" " * 300_000)).getvalue()
    packed(tmp_path / "a.zip", ("codes.xlsx", bomb))
    assert refusal(tmp_path) == (
        "a.zip!codes.xlsx!xl/worksheets/sheet9.xml: expands to more than 200 times its packed size"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_spreadsheet_that_declares_entities_is_refused(encoding: str) -> None:
    xml = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    with pytest.raises(UnsafeArchiveError, match="declares a document type"):
        check_workbook(spreadsheet(("xl/custom.dat", xml.encode(encoding))), "codes.xlsx")


def test_a_document_type_across_two_chunks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "_CHUNK", 25)
    with pytest.raises(UnsafeArchiveError, match="declares a document type"):
        check_workbook(spreadsheet(("xl/x.xml", b"<!-- twenty-one --> <!DOCTYPE x><x/>")), "codes.xlsx")


def test_a_spreadsheet_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "codes.xlsx").write_bytes(b"CODE,TITLE\n")
    assert "codes.xlsx: is not a zip" in refusal(tmp_path)


@pytest.mark.realdata
def test_every_real_release_file_is_found_and_opens(data_dir: Path) -> None:
    names = []
    for source in find_source_files(data_dir):
        with source.open() as file:
            assert file.read(1)
        names.append(source.name)
    assert "icd10cm_order_2026.txt" in [n.replace("-", "_") for n in names]
    assert "icd10cm_order_2027_rebuilt.txt" in names
    assert not list(find_nested_archives(data_dir))
