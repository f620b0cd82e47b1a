"""Errors that a user can meet. Each message says what happened, what was expected, what mends it."""

MOST_REASON = 300
"""Characters of the reason why a file did not become an article."""


def shortened(text: str, most: int) -> str:
    """`text`, without its middle where it is longer than `most` characters."""
    return text if len(text) <= most else f"{text[: (most - 1) // 2]}…{text[-(most // 2) :]}"


def counted(count: int, thing: str) -> str:
    """« 1 article », « 2 articles »."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


class TrustedCloudChatError(Exception):
    """Base of everything that is shown to the user as a message, without a traceback."""

    exit_status = 1


class UsageError(TrustedCloudChatError):
    """An argument or a setting is wrong."""

    exit_status = 2


class SettingsError(UsageError):
    pass


class NetworkError(UsageError):
    """An address would be fetched, and no network is allowed."""


class DeletionsError(UsageError):
    """A run would delete a large part of the corpus without permission."""


class QuestionError(UsageError):
    pass


class UnusableError(TrustedCloudChatError):
    """There is nothing to work with."""

    exit_status = 3


class CorpusNotFoundError(UnusableError):
    pass


class HomeNotWritableError(UnusableError):
    pass


class IndexEmptyError(UnusableError):
    pass


class IndexMismatchError(UnusableError):
    """Made by another embedder or chunking."""


class IndexTooNewError(UnusableError):
    """Made by a newer version."""


class IndexDamagedError(UnusableError):
    """The catalog is damaged or gone: `ingest --rebuild`."""


class StoreLostError(IndexDamagedError):
    """What is made from the catalog is lost: the next `ingest` makes it anew, and embeds nothing."""


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
    """The server ends: nothing new is begun."""


class ArticleError(TrustedCloudChatError):
    """Why one file did not become an article; `str()` is the reason shown in the report, on one line and never long.

    A reason may quote what the file holds. Of a long one the middle goes: the end says what mends it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(shortened(" ".join(reason.splitlines()), MOST_REASON))
