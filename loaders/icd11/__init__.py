"""ICD-11 of WHO: tabulations, transition tables, ICD-API entities, editions."""
