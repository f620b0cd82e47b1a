"""Corpus → index: only what changed is embedded, and readers see all of a run or none.

A run reads the files (`run.py`), compares them with what is live (`changes.py`), embeds and stages (`staging.py`), commits once
and reports (`report.py`).
"""

from trusted_cloud_chat.ingestion.report import IngestReport
from trusted_cloud_chat.ingestion.run import fingerprint_of, foresee, ingest, to_lexical

__all__ = ["IngestReport", "fingerprint_of", "foresee", "ingest", "to_lexical"]
