"""The signs a parent gives its workers, by environment variable."""

from __future__ import annotations

#: A file that the parent touches when the bundle in place is to be taken up.
VARIABLE = "TENELEVEN_RELOAD"
#: The process id of the parent; a worker whose parent is another has been left behind.
PARENT_VARIABLE = "TENELEVEN_PARENT"
