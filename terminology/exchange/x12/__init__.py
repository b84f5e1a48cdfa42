"""X12 files: claims (837P and 837I, version 5010) and remittance advices (835), read segment by segment."""
