"""What the move to ICD-11 does to a facility."""
