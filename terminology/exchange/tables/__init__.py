"""Tables that people bring, and tables written for them."""
