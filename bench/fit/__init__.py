"""What the weights and the confidence of the crosswalk are learned by."""
