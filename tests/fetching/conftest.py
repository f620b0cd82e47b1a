"""A loopback server, and a function that fetches from it with small limits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from manners import Fetch, Web, web
from trusted_cloud_chat.corpus import Origin
from trusted_cloud_chat.fetching import AddressGuard, Fetched, FetchState, Rules, fetch, networks_of


@pytest.fixture
def server() -> Iterator[Web]:
    with web() as running:
        yield running


@pytest.fixture
def fetching(tmp_path: Path) -> Fetch:
    """`fetching(url, …, private="127.0.0.1", state=…, held=…, **rules)` fetches into `tmp_path`; the next call replaces the files."""

    def run(
        *wanted: str | Origin,
        private: str = "127.0.0.1",
        state: FetchState | None = None,
        held: Any = None,
        **rules: Any,
    ) -> Fetched:
        guard = rules.pop("guard", AddressGuard(networks_of(private)))
        bounds = Rules(guard=guard, **{"delay_s": 0, "seconds": 3, "silence": 1, "most_bytes": 200_000, **rules})
        origins = [Origin(one) if isinstance(one, str) else one for one in wanted]
        return fetch(origins, tmp_path, rules=bounds, state=state or FetchState(), held=held or {}, progress=None)

    return run
