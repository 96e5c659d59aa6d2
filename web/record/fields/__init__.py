"""Fields of forms: what they take, offer and say."""
