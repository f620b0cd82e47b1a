"""A market at a glance, read from all articles at once: the state of qualifications, and what happened to one name over time."""
