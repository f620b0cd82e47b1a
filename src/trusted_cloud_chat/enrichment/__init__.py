"""Reads, checks and writes the enrichment of articles, in sidecars `NAME.enrichment.jsonl`."""

from trusted_cloud_chat.enrichment.sidecar import Enricher

__all__ = ["Enricher"]
