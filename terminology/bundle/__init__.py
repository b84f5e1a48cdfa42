"""The release bundle: one immutable folder that the build writes and the server only reads.

``manifest`` says what is in it, ``workspace`` puts it in place whole or not at all, ``writer`` fills its
database from a library and ``store`` answers from it. What is asked of an open bundle stands in rooms:
``concepts``, ``life``, ``index``, ``crosswalk`` and ``tables``.
"""
