"""Revoked sessions: copies of their cookies are rejected."""

import logging
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_LOG = logging.getLogger(__name__)


class EndedSessions:
    """Stored in a file shared by all servers of a home; in memory if there is no file or it cannot be written."""

    def __init__(self, file: Path | None, now: float) -> None:
        """Drops sessions that have expired by `now`."""
        self._file, self._seen = file, (0, 0)
        self._ended: dict[str, int] = {}
        self._look()
        late = {session for session, until in self._ended.items() if until < now}
        if late and file is not None:
            self._ended = {session: until for session, until in self._ended.items() if session not in late}
            with suppress(OSError):
                file.unlink()
                self._write(self._ended.items())

    def add(self, session: str, until: int) -> None:
        """Revokes a session that would have expired at `until`."""
        self._ended[session] = until
        try:
            self._write([(session, until)])
        except OSError as error:
            _LOG.warning("%s cannot be written (%s): sign-outs are forgotten when this server stops", self._file, error)

    def __contains__(self, session: str) -> bool:
        self._look()
        return session in self._ended

    def _look(self) -> None:
        """Reads the sessions that other servers have revoked."""
        if self._file is None:
            return
        with suppress(OSError):
            state = self._file.stat()
            if self._seen != (seen := (state.st_mtime_ns, state.st_size)):
                lines = [line.split() for line in self._file.read_text("utf-8", "replace").splitlines()]
                self._ended |= {words[1]: int(words[0]) for words in lines if len(words) == 2 and words[0].isdecimal()}
                self._seen = seen

    def _write(self, sessions: Iterable[tuple[str, int]]) -> None:
        if self._file is not None:
            with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
                file.writelines(f"{until} {session}\n" for session, until in sessions)
