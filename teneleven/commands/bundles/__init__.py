"""Commands that make a bundle and tell what is in it."""
