"""Evidence → `Answer`: one decision, then its form and what time adds to it."""
