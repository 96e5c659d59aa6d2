"""The projector: events into rows."""
