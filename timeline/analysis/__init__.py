"""The record as an archive in typed columns, and questions that gather all of it."""
