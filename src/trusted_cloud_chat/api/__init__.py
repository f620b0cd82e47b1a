"""The HTTP API: `/api/v1`, the JSON of the commands, and `/v1`, OpenAI's protocol (docs/api.md)."""

from trusted_cloud_chat.api.application import build_api

__all__ = ["build_api"]
