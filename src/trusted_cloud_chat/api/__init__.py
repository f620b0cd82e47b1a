"""Over HTTP: `/api/v1`, the JSON of the commands, and `/v1`, what clients of OpenAI's speak (docs/api.md)."""

from trusted_cloud_chat.api.application import build_api

__all__ = ["build_api"]
