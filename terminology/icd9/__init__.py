"""ICD-9-CM: known by the shape of its codes, and by the mappings that lead out of it."""
