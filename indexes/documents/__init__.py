"""What is indexed: documents made of editions, maps and index terms, read from a bundle."""
