"""Forms for topics, stories, actors and developments."""
