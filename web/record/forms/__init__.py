"""What all forms share: their state, their byline and their responses."""
