"""HCPCS Level II of CMS: text and workbook, editions."""
