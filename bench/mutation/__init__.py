"""Small faults, put into the code one at a time: how many the tests notice. See ``__main__``."""
