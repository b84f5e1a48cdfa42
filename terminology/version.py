"""The program's version: stated once, in ``pyproject.toml``."""

from __future__ import annotations

from importlib.metadata import version

VERSION = version("teneleven")
"""Semantic version of the installed distribution; in bundles, ETags, OpenAPI and FHIR alike."""
