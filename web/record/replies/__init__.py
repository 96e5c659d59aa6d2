"""The right of reply: whom the desk asked, until when, and what came of it."""
