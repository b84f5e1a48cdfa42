"""What pages are made of: the frame of all, cards, notes, downloads, words."""
