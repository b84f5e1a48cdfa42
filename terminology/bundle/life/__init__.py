"""The life of codes: when each existed, what it is on a day, and what to use in its place."""
