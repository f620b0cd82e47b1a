"""For whoever runs a server: what is asked is counted, timed, logged and traced, without its words (docs/operation.md)."""
