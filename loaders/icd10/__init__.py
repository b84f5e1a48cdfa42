"""ICD-10 of WHO: metadata files, editions."""
