"""Claims by the million: the crosswalk as a join, in DuckDB on one machine or in Spark on many."""
