"""Evidence → `Answer`: the decision, the form, and what time adds."""
