"""What claims and findings are written as: JSON, and the one line that coders type."""
