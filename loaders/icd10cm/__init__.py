"""ICD-10-CM of NCHS and CMS: order file, Tabular List, indexes, conversion table, editions."""
