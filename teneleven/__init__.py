"""TenEleven: an ICD-10 to ICD-11 crosswalk and code-terminology server.

This package is the public face: :func:`open` for Python programs, and the command line (``teneleven``, or
``python -m teneleven``). Importing it loads nothing else.

    import teneleven as te

    with te.open("bundle") as bundle:
        bundle.lookup("E11.9").title
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teneleven.library import OpenBundle

__all__ = ["main", "open"]


def open(bundle: str | PathLike[str] = "bundle") -> OpenBundle:
    """Open the bundle in a folder for reading; raise :class:`terminology.errors.BundleError` if it is none.

    The bundle may be shared by threads. Close it, or use it as a context.
    """
    from teneleven.library import OpenBundle

    return OpenBundle(Path(bundle))


def main() -> None:
    """Run the command line."""
    from teneleven.command_line import main as run

    run()
