"""Corpus → index: only what changed is embedded, and readers see all of a run or none.

A run fetches what it was given addresses of (`from_web.py`), reads the files but those that it knows (`candidates.py`), compares them
with what is live and asks before it deletes much (`to_do.py`), embeds and stages (`staging.py`), commits once (`ingesting.py`) and
reports (`run_report.py`). `removal.py` lists, removes and forgets, `rollback.py` goes back, `tidying.py` mends and sweeps, `transfer.py`
exports and imports.
"""

from trusted_cloud_chat.ingestion.candidates import ReadingRules
from trusted_cloud_chat.ingestion.from_web import fetched, remember
from trusted_cloud_chat.ingestion.ingesting import IngestRun, fingerprint_of, foresee, ingest
from trusted_cloud_chat.ingestion.removal import Removal, held, kept, remove, stored
from trusted_cloud_chat.ingestion.rollback import rollback
from trusted_cloud_chat.ingestion.run_report import IngestReport
from trusted_cloud_chat.ingestion.tidying import tidy
from trusted_cloud_chat.ingestion.transfer import export_index, import_index, left_behind

__all__ = [
    "IngestReport",
    "IngestRun",
    "ReadingRules",
    "Removal",
    "export_index",
    "fetched",
    "fingerprint_of",
    "foresee",
    "held",
    "import_index",
    "ingest",
    "kept",
    "left_behind",
    "remember",
    "remove",
    "rollback",
    "stored",
    "tidy",
]
