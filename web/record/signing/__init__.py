"""Signing: a change that the rule finds is printed as "changed" once an editor signs it."""
