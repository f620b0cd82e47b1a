"""Corpus → index: only what changed is embedded, and readers see all of a run or none.

A run reads the files (`run.py`), compares them with what is live (`changes.py`), asks before it deletes much (`deletions.py`), embeds
and stages (`staging.py`), commits once and reports (`report.py`). `removal.py` lists and removes, `rollback.py` goes back, `tidying.py` mends
and sweeps, `transfer.py` exports and imports.
"""

from trusted_cloud_chat.ingestion.lexical import to_lexical
from trusted_cloud_chat.ingestion.removal import Removal, held, remove
from trusted_cloud_chat.ingestion.report import IngestReport
from trusted_cloud_chat.ingestion.rollback import rollback
from trusted_cloud_chat.ingestion.run import fingerprint_of, foresee, ingest
from trusted_cloud_chat.ingestion.tidying import tidy
from trusted_cloud_chat.ingestion.transfer import export_index, import_index

__all__ = [
    "IngestReport",
    "Removal",
    "export_index",
    "fingerprint_of",
    "foresee",
    "held",
    "import_index",
    "ingest",
    "remove",
    "rollback",
    "tidy",
    "to_lexical",
]
