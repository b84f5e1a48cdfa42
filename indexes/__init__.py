"""Search: analysis of clinical English, index building, ranking, typeahead.

Build with :func:`indexes.build.build_search_index`, read with :func:`indexes.search.open_search_index`.
"""
