"""The crosswalk in the forms others read: SSSOM, FHIR ConceptMap, CSV, Parquet, and words for a coder."""
