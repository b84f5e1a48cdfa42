"""The Alphabetic Index of ICD-10-CM as a bundle holds it: books, entries, and where they lead."""
