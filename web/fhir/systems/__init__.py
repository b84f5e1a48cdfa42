"""Code systems that can be asked, their versions, statuses and displays."""
