"""Coverage determinations: the export of the Medicare Coverage Database, and code lists of NCDs."""
