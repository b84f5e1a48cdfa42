"""FHIR's XML form: read into and written from its JSON form, by a table of each type's elements."""
