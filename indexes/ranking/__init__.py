"""From the readings of a query to ranked answers."""
