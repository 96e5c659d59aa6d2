"""Standline without a screen: the record, its projections and its interchange."""
