"""What a news text seems to say: suggestions for a person to look at, never recorded by itself."""
