"""From what was typed to the readings that are scored: codes, words, what is said in other words."""
