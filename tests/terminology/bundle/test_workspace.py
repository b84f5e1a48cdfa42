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

from terminology.bundle.workspace import workspace
from terminology.errors import BundleError


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "building" in path.name]


def test_a_finished_build_replaces_the_old_bundle(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    for text in ("old", "new"):
        with workspace(bundle) as folder:
            (folder / "content").write_text(text)
    assert contents(bundle) == {"content": "new"}
    assert leftovers(tmp_path) == []


def test_a_failed_build_leaves_the_old_bundle(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    with workspace(bundle) as folder:
        (folder / "content").write_text("old")
    with pytest.raises(RuntimeError), workspace(bundle) as folder:
        (folder / "content").write_text("half")
        raise RuntimeError
    assert contents(bundle) == {"content": "old"}
    assert leftovers(tmp_path) == []


def test_a_full_disk_is_said_and_leaves_the_old_bundle(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    with workspace(bundle) as folder:
        (folder / "content").write_text("old")
    with pytest.raises(BundleError, match="no space left"), workspace(bundle):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert contents(bundle) == {"content": "old"}


def test_a_reader_of_the_old_bundle_is_not_disturbed(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    with workspace(bundle) as folder:
        (folder / "content").write_text("old")
    with (bundle / "content").open() as reader:
        with workspace(bundle) as folder:
            (folder / "content").write_text("new")
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
        (folder / "content").write_text("half")
        print("begun", flush=True)
        time.sleep(60)
"""


def test_a_killed_build_leaves_the_old_bundle_and_the_next_one_clears_up(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    with workspace(bundle) as folder:
        (folder / "content").write_text("old")
    build = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(bundle)], stdout=subprocess.PIPE, text=True
    )
    assert build.stdout is not None
    assert build.stdout.readline() == "begun\n"
    os.kill(build.pid, signal.SIGKILL)
    build.wait()
    assert contents(bundle) == {"content": "old"}
    assert len(leftovers(tmp_path)) == 1
    with workspace(bundle) as folder:
        (folder / "content").write_text("new")
    assert contents(bundle) == {"content": "new"}
    assert leftovers(tmp_path) == []


WAITING = """
    import sys
    from pathlib import Path
    from terminology.bundle.workspace import workspace
    with workspace(Path(sys.argv[1]), lambda: print("waiting", flush=True)) as folder:
        (folder / "content").write_text("second")
"""


def test_a_second_build_waits_for_the_first(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    with workspace(bundle) as folder:
        second = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WAITING), str(bundle)], stdout=subprocess.PIPE, text=True
        )
        assert second.stdout is not None
        assert second.stdout.readline() == "waiting\n"
        (folder / "content").write_text("first")
        time.sleep(0.05)
        assert second.poll() is None
    assert second.wait(timeout=20) == 0
    assert contents(bundle) == {"content": "second"}
