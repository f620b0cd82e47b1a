"""For operators of a server: questions are counted, timed, logged and traced, without their words (docs/operation.md)."""
