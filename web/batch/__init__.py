"""Files of codes in, the same files with their ICD-11 expressions out; review sheets for a team."""
