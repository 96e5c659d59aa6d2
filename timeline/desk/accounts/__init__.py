"""Accounts: who may sign in to the desk, how, and what they may do there."""
