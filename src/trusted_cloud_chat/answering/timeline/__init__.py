"""Time in answers: the newest evidence first, what it supersedes, promises that have passed, stages, sources."""

from trusted_cloud_chat.answering.timeline.timeline import Timeline

__all__ = ["Timeline"]
