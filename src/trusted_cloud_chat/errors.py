"""Errors that a user can meet. Each message says what happened, what was expected, what mends it.

TrustedCloudChatError
├── UsageError            exit status 2: an argument or a setting is off
│   ├── SettingsError
│   ├── NetworkError      what was asked for would be fetched, and no network is allowed
│   ├── DeletionsError    a run would delete much of the corpus, and was not told that it may
│   └── QuestionError
├── UnusableError         exit status 3: nothing to work with
│   ├── CorpusNotFoundError
│   ├── HomeNotWritableError
│   ├── IndexEmptyError
│   ├── IndexMismatchError    made by another embedder or chunking
│   ├── IndexTooNewError      made by a newer version
│   ├── IndexDamagedError     the catalog is damaged or gone: `ingest --rebuild`
│   │   └── StoreLostError    so is what was made from it: the next `ingest` makes it anew, and embeds nothing
│   ├── StorageError          no space, no access or no answer from the disk: nothing is damaged
│   ├── ServerError           the Chroma server does not answer
│   ├── IndexBusyError        another run is writing
│   ├── EmbedderError
│   ├── RerankerError
│   ├── OpinionError
│   ├── ChatModelError
│   ├── PortInUseError
│   └── StoppingError         the server ends: nothing new is begun
└── ArticleError          one file could not be read: listed under `failed`
"""

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
    exit_status = 2


class SettingsError(UsageError):
    pass


class NetworkError(UsageError):
    pass


class DeletionsError(UsageError):
    pass


class QuestionError(UsageError):
    pass


class UnusableError(TrustedCloudChatError):
    exit_status = 3


class CorpusNotFoundError(UnusableError):
    pass


class HomeNotWritableError(UnusableError):
    pass


class IndexEmptyError(UnusableError):
    pass


class IndexMismatchError(UnusableError):
    pass


class IndexTooNewError(UnusableError):
    pass


class IndexDamagedError(UnusableError):
    pass


class StoreLostError(IndexDamagedError):
    pass


class StorageError(UnusableError):
    pass


class ServerError(UnusableError):
    pass


class IndexBusyError(UnusableError):
    pass


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
    pass


class ArticleError(TrustedCloudChatError):
    """Why one file did not become an article; `str()` is the reason shown in the report, on one line and never long.

    A reason may quote what the file holds. Of a long one the middle goes: the end says what mends it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(shortened(" ".join(reason.splitlines()), MOST_REASON))
