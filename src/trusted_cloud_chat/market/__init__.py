"""The market from the facts of enrichment: newest states, offers, promises, buyers, changes."""
