"""What the code makes of each row of its tables, asked without a bundle, and the record of it.

The record (``tests/golden/tables.txt``) is a section for each table: what was asked, a tab, what came of it.
A row that is changed comes to something else, and a row that is added or goes shows as a line. Rows of the
crosswalk's tables that the record of its answers holds are the business of ``test_golden_rows``. After an
intended change ``TENELEVEN_RECORD=write pytest tests/test_table_records.py`` takes the record anew.
"""
