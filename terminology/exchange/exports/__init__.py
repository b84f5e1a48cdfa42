"""The whole crosswalk as SSSOM, CSV, Parquet, and read aloud."""
