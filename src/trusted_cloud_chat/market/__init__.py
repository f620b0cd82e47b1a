"""The facts of enrichment as a market: newest states, offers, promises, buyers, changes."""
