"""FHIR over HTTP: routes, reading and search, batches, capability statements."""
