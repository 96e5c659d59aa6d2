"""Four eyes, where the operator wants them: what one person codes another agrees to."""
