"""Enrichment: what is written once about an article in its sidecar, `NAME.enrichment.jsonl`, read and checked by code."""

from trusted_cloud_chat.enrichment.sidecar import Enricher

__all__ = ["Enricher"]
