"""What the loaded tables say of one code on a day: what edits and the faces ask before they judge."""
