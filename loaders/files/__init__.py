"""Files of any publisher: finding, opening, streaming, recognising by name."""
