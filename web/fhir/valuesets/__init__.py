"""Value sets: what they contain, and their expansion."""
