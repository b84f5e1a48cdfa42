"""What the stem leaves unsaid, as extension codes and further stems."""
