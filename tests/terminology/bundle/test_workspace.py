"""A build takes the place of the old bundle whole, or not at all."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from terminology.bundle import place as place_module
from terminology.bundle import workspace as workspace_module
from terminology.bundle.workspace import workspace
from terminology.errors import BundleError

MANIFEST = '{"schema_version": 1}'


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.name != "manifest.json"}


def write(folder: Path, text: str) -> None:
    """Write what counts as a bundle."""
    (folder / "manifest.json").write_text(MANIFEST)
    (folder / "terminology.db").write_text(text)


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "building" in path.name]


def test_a_finished_build_replaces_the_old_bundle(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    for text in ("old", "new"):
        with workspace(bundle) as folder:
            write(folder, text)
    assert contents(bundle) == {"terminology.db": "new"}
    assert leftovers(tmp_path) == []


def test_a_failed_build_leaves_the_old_bundle(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    with workspace(bundle) as folder:
        write(folder, "old")
    with pytest.raises(RuntimeError), workspace(bundle) as folder:
        write(folder, "half")
        raise RuntimeError
    assert contents(bundle) == {"terminology.db": "old"}
    assert leftovers(tmp_path) == []


def test_a_full_disk_is_said_and_leaves_the_old_bundle(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    with workspace(bundle) as folder:
        write(folder, "old")
    with pytest.raises(BundleError, match="no space left"), workspace(bundle):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert contents(bundle) == {"terminology.db": "old"}


def test_a_reader_of_the_old_bundle_is_not_disturbed(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    with workspace(bundle) as folder:
        write(folder, "old")
    with (bundle / "terminology.db").open() as reader:
        with workspace(bundle) as folder:
            write(folder, "new")
        assert reader.read() == "old"


def test_a_destination_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bundle").write_text("mine")
    with pytest.raises(BundleError, match="is a file"), workspace(tmp_path / "bundle"):
        pass
    assert (tmp_path / "bundle").read_text() == "mine"


KILLED = """
    import sys, time
    from pathlib import Path
    from terminology.bundle.workspace import workspace
    with workspace(Path(sys.argv[1])) as folder:
        (folder / "manifest.json").write_text('{"schema_version": 1}')
        (folder / "terminology.db").write_text("half")
        print("begun", flush=True)
        time.sleep(60)
"""


def test_a_killed_build_leaves_the_old_bundle_and_the_next_one_clears_up(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    with workspace(bundle) as folder:
        write(folder, "old")
    build = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(bundle)], stdout=subprocess.PIPE, text=True
    )
    assert build.stdout is not None
    assert build.stdout.readline() == "begun\n"
    os.kill(build.pid, signal.SIGKILL)
    build.wait()
    assert contents(bundle) == {"terminology.db": "old"}
    assert len(leftovers(tmp_path)) == 1
    with workspace(bundle) as folder:
        write(folder, "new")
    assert contents(bundle) == {"terminology.db": "new"}
    assert leftovers(tmp_path) == []


WAITING = """
    import sys
    from pathlib import Path
    from terminology.bundle.workspace import workspace
    with workspace(Path(sys.argv[1]), lambda: print("waiting", flush=True)) as folder:
        (folder / "manifest.json").write_text('{"schema_version": 1}')
        (folder / "terminology.db").write_text("second")
"""


def test_a_second_build_waits_for_the_first(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    with workspace(bundle) as folder:
        second = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WAITING), str(bundle)], stdout=subprocess.PIPE, text=True
        )
        assert second.stdout is not None
        assert second.stdout.readline() == "waiting\n"
        write(folder, "first")
        time.sleep(0.05)
        assert second.poll() is None
    assert second.wait(timeout=20) == 0
    assert contents(bundle) == {"terminology.db": "second"}


def tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize(
    "mine",
    [
        ("report.xlsx",),
        (".git/config",),
        ("manifest.json",),
        ("search/notes.txt",),
        ("manifest.json", "terminology.db", "report.xlsx"),
        ("terminology.db",),
    ],
)
def test_what_is_not_a_bundle_is_never_replaced(tmp_path: Path, mine: tuple[str, ...]) -> None:
    place = tmp_path / "place"
    for name in mine:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text("{}")
    before = tree(tmp_path)
    with pytest.raises(BundleError, match="no part of a bundle"), workspace(place) as folder:
        write(folder, "new")
    assert tree(tmp_path) == before


def test_a_file_put_into_the_place_while_building_is_not_lost(tmp_path: Path) -> None:
    place = tmp_path / "place"
    with pytest.raises(BundleError, match="no part of a bundle"), workspace(place) as folder:
        write(folder, "new")
        place.mkdir()
        (place / "report.xlsx").write_text("mine")
    assert (place / "report.xlsx").read_text() == "mine"


def test_a_file_beside_those_that_the_manifest_lists_is_not_lost(tmp_path: Path) -> None:
    place = tmp_path / "place"
    with workspace(place) as folder:
        (folder / "search").mkdir()
        (folder / "search" / "own.npy").write_text("own")
        (folder / "manifest.json").write_text('{"schema_version": 1, "files": {"search/own.npy": ""}}')
    with workspace(place) as folder:
        write(folder, "new")
    (place / "search").mkdir()
    (place / "search" / "mine.txt").write_text("mine")
    (place / "manifest.json").write_text('{"schema_version": 1, "files": {"terminology.db": ""}}')
    with pytest.raises(BundleError, match=r"search/mine\.txt"), workspace(place):
        pass


def test_an_empty_folder_and_a_damaged_bundle_are_replaced(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    with workspace(place) as folder:
        write(folder, "old")
    (place / "manifest.json").write_text("{")
    (place / "terminology.db").write_bytes(b"SQLite format 3\0")
    with workspace(place) as folder:
        write(folder, "new")
    assert contents(place) == {"terminology.db": "new"}
    assert tree(tmp_path) == ["place", "place/manifest.json", "place/terminology.db"]


@pytest.mark.parametrize("exists", [True, False])
def test_a_symbolic_link_stays_one_and_its_target_is_replaced(tmp_path: Path, exists: bool) -> None:
    target, current = tmp_path / "releases" / "one", tmp_path / "current"
    target.parent.mkdir()
    if exists:
        target.mkdir()
    current.symlink_to(target.relative_to(tmp_path))
    with workspace(current) as folder:
        write(folder, "new")
    assert current.is_symlink()
    assert contents(target) == {"terminology.db": "new"}
    assert tree(tmp_path / "releases") == ["one", "one/manifest.json", "one/terminology.db"]


def test_nothing_is_left_of_a_build_that_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), workspace(tmp_path / "new" / "deep" / "bundle"):
        raise RuntimeError
    assert tree(tmp_path) == []


def test_a_folder_beside_it_with_a_like_name_is_not_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".b1.building-mine").mkdir()
    with workspace(tmp_path / "b[1]") as folder:
        write(folder, "new")
    assert (tmp_path / ".b1.building-mine").is_dir()


def test_a_bundle_put_aside_by_a_killed_build_goes_back_to_its_place(tmp_path: Path) -> None:
    aside = tmp_path / ".bundle.building-x.old"
    aside.mkdir()
    write(aside, "old")
    with pytest.raises(RuntimeError), workspace(tmp_path / "bundle"):
        raise RuntimeError
    assert contents(tmp_path / "bundle") == {"terminology.db": "old"}


def test_a_mount_point_is_refused_before_anything_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted = tmp_path / "a mount"
    mounted.mkdir()
    mounts = tmp_path / "mountinfo"
    escaped = str(mounted).replace(" ", "\\040")
    mounts.write_text(f"36 35 98:0 / {escaped} rw,noatime - ext4 /dev/root rw\n")
    monkeypatch.setattr(place_module, "_MOUNTS", mounts)
    with pytest.raises(BundleError, match="is a mount point"), workspace(mounted):
        raise AssertionError("nothing is built")


def test_a_system_that_cannot_rename_leaves_the_old_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle"
    with workspace(bundle) as folder:
        write(folder, "old")

    def refused(self: Path, target: Path) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(workspace_module, "_exchange", lambda one, other: False)
    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(BundleError, match="the old one is unchanged"), workspace(bundle) as folder:
        write(folder, "new")
    monkeypatch.undo()
    assert contents(bundle) == {"terminology.db": "old"}
    assert leftovers(tmp_path) == []
