"""The impact report as a workbook, a page and JSON: three prints of the same tables."""
