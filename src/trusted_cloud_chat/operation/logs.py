"""The server's log on standard error: lines of text, or one JSON object per line with TCC_LOG_FORMAT=json."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from trusted_cloud_chat.settings import Settings

LOG = logging.getLogger("trusted_cloud_chat.server")
_FIELDS = "fields"


class JsonLines(logging.Formatter):
    """One object per line. Exceptions are logged by type and place: their messages may contain the question."""

    def __init__(self, *, messages: bool) -> None:
        """`messages`: log the messages of exceptions too."""
        super().__init__()
        self._messages = messages

    def format(self, record: logging.LogRecord) -> str:
        made = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": made, "level": record.levelname.lower(), "logger": record.name}
        line |= {"message": record.getMessage(), **getattr(record, _FIELDS, {})}
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line["error"] = type(error).__name__
            line["at"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
            ]
            if self._messages:
                line["error_message"] = str(error)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up(settings: Settings) -> None:
    """Configure all logging of this process. A server calls it once, before libraries configure it."""
    handler = logging.StreamHandler(sys.stderr)
    if settings.log_format == "json":
        handler.setFormatter(JsonLines(messages=settings.log_questions))
        LOG.setLevel(logging.INFO)
        logging.captureWarnings(True)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=settings.log_format == "json")


def note(message: str, **fields: Any) -> None:
    """Log a line, with `fields` in the JSON format."""
    LOG.info(message, extra={_FIELDS: fields})


def say(line: str) -> None:
    """Print a line for the person at the terminal, or log it in the JSON format."""
    if any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger().handlers):
        note(line)
    else:
        print(line, file=sys.stderr, flush=True)
