"""The HTTP face: a Flask application factory, the REST API, health, metrics and documentation pages.

Imports ``terminology`` and ``indexes`` only: the server reads bundles, never release files.
"""
