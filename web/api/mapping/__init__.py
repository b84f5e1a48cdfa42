"""What codes become in another classification, one, many or side by side; ICD-11 expressions."""
