"""Claims: their checks, what they pay, and what payers say."""
