"""What the move to ICD-11 does to a facility: measures over crosswalk records, volumes and payment tables."""
