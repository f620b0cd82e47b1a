"""On a server the vectors of dead chunks leave one run later: until then copies of the catalog elsewhere may point to them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from trusted_cloud_chat.index.catalog import Catalog


def dying(catalog: Catalog) -> list[str]:
    """Ids of chunks that are dead, and that a server keeps until the next run."""
    return list(json.loads(catalog.meta("dying") or "[]"))


def put_off(catalog: Catalog, dead: Sequence[str]) -> tuple[list[str], int]:
    """Note `dead` for the next run; the ids to delete now, noted by the run before, and the oldest generation that has none of them."""
    noted, since = dying(catalog), int(catalog.meta("dying_since") or 0)
    back = set(catalog.chunk_vectors(noted).ids)
    with catalog.transaction():
        catalog.set_meta("dying", json.dumps(dead))
        catalog.set_meta("dying_since", str(catalog.generation))
    return [chunk_id for chunk_id in noted if chunk_id not in back], since
