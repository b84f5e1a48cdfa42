"""What a title says: its words, its facets, what it asserts, and the names of codes."""
