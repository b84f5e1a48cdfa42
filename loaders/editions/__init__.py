"""Editions: what the files of one publisher amount to once they are joined.

One module per code system. Each takes the release files of its formats and yields
:class:`terminology.edition.Edition` objects; what it must pass over or complete from elsewhere it says.
"""
