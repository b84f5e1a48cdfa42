"""Where a source code starts: its WHO ICD-10 ancestor, and ICD-11 as a tree with names."""
