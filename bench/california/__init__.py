"""California's inpatient diagnoses of 2023: the study page, and the diagnoses as claims."""
