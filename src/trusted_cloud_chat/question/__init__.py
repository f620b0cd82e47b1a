"""Text and turns → `Question`. Read once; nobody else looks at the raw text."""
