"""Claims in users' files, one by one and by the million, and the findings that go back to them."""
