"""Embargoes: what is coded now and on record from its moment on."""
