"""Fee schedules: relative values, localities, Addendum B, drugs."""
