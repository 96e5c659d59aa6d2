"""Signing: what the rule finds is printed as "changed" once an editor says so."""
