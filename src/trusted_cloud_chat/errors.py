"""Errors that a user can meet. Each message says what happened, what was expected and how to fix it."""

from collections.abc import Iterator

MOST_REASON = 300
"""Maximum characters of the reason why a file did not become an article."""


def shortened(text: str, most: int) -> str:
    """`text`, without its middle where it is longer than `most` characters."""
    return text if len(text) <= most else f"{text[: (most - 1) // 2]}…{text[-(most // 2) :]}"


def counted(count: int, thing: str) -> str:
    """« 1 article », « 2 articles »."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those behind it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class TrustedCloudChatError(Exception):
    """Base of everything that is shown to the user as a message, without a traceback."""

    exit_status = 1


class UsageError(TrustedCloudChatError):
    """An argument or a setting is wrong."""

    exit_status = 2


class SettingsError(UsageError):
    pass


class NetworkError(UsageError):
    """An address had to be fetched, but the network is not allowed."""


class DeletionsError(UsageError):
    """A run would delete a large part of the corpus without permission."""


class QuestionError(UsageError, ValueError):
    """A question, a date or a filter is invalid."""


class UnusableError(TrustedCloudChatError):
    """Something that is needed is missing or cannot be used."""

    exit_status = 3


class CorpusNotFoundError(UnusableError):
    pass


class HomeNotWritableError(UnusableError):
    pass


class IndexEmptyError(UnusableError):
    pass


class IndexMismatchError(UnusableError):
    """The index was made with another embedder or chunking."""


class IndexTooNewError(UnusableError):
    """The index was made by a newer version."""


class IndexDamagedError(UnusableError):
    """The catalog is damaged or gone: `ingest --rebuild`."""


class StoreLostError(IndexDamagedError):
    """Vectors or words derived from the catalog are lost: the next `ingest` rebuilds them without embedding."""


class StorageError(UnusableError):
    """No space, no access or no answer from the disk: nothing is damaged."""


class ServerError(UnusableError):
    """The Chroma server does not answer."""


class IndexBusyError(UnusableError):
    """Another run is writing."""


class EmbedderError(UnusableError):
    pass


class RerankerError(UnusableError):
    pass


class OpinionError(UnusableError):
    pass


class ChatModelError(UnusableError):
    pass


class PortInUseError(UnusableError):
    pass


class StoppingError(UnusableError):
    """The server is shutting down and accepts no new requests."""


class ArticleError(TrustedCloudChatError):
    """Why one file did not become an article; `str()` is the reason shown in the report, on one line and never long.

    A reason may quote the file. A long one is cut in the middle, since its end says how to fix the file.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(shortened(" ".join(reason.splitlines()), MOST_REASON))
