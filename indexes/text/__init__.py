"""Words: analysis of clinical English, vocabulary, spelling, phrases."""
