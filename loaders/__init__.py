"""Readers of publishers' release files, one module per format, and the build that joins them.

A reader is a function from an open file to an iterator of domain records. It raises
:class:`terminology.errors.ReleaseFormatError` and never prints, downloads or writes.
"""
