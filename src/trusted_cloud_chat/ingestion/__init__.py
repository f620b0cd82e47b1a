"""Corpus → index: only what changed is embedded, and readers see all of a run or none.

A run fetches URLs (`from_web.py`), reads the files that changed (`candidates.py`), compares them with the live articles and asks before it
deletes many (`to_do.py`), embeds and stages (`staging.py`), commits or rolls back (`ingesting.py`) and reports (`report.py`). `removal.py` lists, removes and forgets.
"""

from trusted_cloud_chat.index.archive import export_index, import_index, left_behind
from trusted_cloud_chat.ingestion.candidates import IngestRun
from trusted_cloud_chat.ingestion.from_web import fetched, remember
from trusted_cloud_chat.ingestion.ingesting import fingerprint_of, foresee, ingest, rollback
from trusted_cloud_chat.ingestion.removal import Removal, held, kept, remove
from trusted_cloud_chat.ingestion.report import IngestReport, Logbook, lacking, logs_of

__all__ = [
    "IngestReport", "IngestRun", "Logbook", "Removal", "export_index", "fetched", "fingerprint_of", "foresee", "held",
    "import_index", "ingest", "kept", "lacking", "left_behind", "logs_of", "remember", "remove", "rollback",
]  # fmt: skip
