"""The HTTP API: `/api/v1`, the JSON of the commands, and `/v1`, OpenAI's protocol (docs/api.md)."""
