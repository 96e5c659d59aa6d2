"""Serving: what the site's server does with connections, beside what waitress does."""
