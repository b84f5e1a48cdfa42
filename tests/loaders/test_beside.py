"""Steps beside a build: how far they are, and what goes wrong in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.beside import Advanced, running_beside
from terminology.errors import BundleError


def writes(folder: Path, advanced: Advanced) -> None:
    advanced("lines written", 1, 2)
    (folder / "written").write_text("by another process")
    advanced("lines written", 2, 2)


def fails(folder: Path, advanced: Advanced) -> None:
    raise BundleError(f"{folder} cannot be written")


def test_a_step_runs_beside_the_block_and_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    with running_beside([writes], tmp_path, lambda *progress: told.append(progress)):
        pass
    assert (tmp_path / "written").read_text() == "by another process"
    assert told == [("lines written", 1, 2), ("lines written", 2, 2)]


def test_an_error_of_a_step_is_raised_when_the_block_ends(tmp_path: Path) -> None:
    with (
        pytest.raises(BundleError, match="cannot be written"),
        running_beside([fails], tmp_path, lambda *progress: None),
    ):
        pass


def test_without_steps_no_process_is_begun(tmp_path: Path) -> None:
    with running_beside([], tmp_path, lambda *progress: None):
        assert list(tmp_path.iterdir()) == []
