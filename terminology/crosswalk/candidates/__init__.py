"""The stems a source code may become, and what each is worth."""
