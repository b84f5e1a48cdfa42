"""The domain: code systems, releases, concepts, mappings, the graph, the crosswalk and the bundle.

This package knows no file format and no HTTP. It imports none of the other packages.
"""
