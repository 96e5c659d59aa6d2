"""Statements and developments as pages show them."""
