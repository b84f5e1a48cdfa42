"""CPT: a licensee's own AMA files, editions."""
