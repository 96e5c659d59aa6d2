"""Suggest statements in a news text; a person checks them, nothing is recorded automatically."""
