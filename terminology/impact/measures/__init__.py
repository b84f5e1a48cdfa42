"""The measures of the report, each a module: from coded volumes to a finished table."""
