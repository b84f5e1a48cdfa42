"""TenEleven: an ICD-10 to ICD-11 crosswalk and code-terminology server.

This package is the public face: the command line (``teneleven``, or ``python -m teneleven``).
"""

from teneleven.command_line import main

__all__ = ["main"]
