"""Our own tables of rules, in our own words: each row names the section of the guideline it comes from."""
