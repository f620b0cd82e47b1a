"""How things stand: whether a sentence tells it though the reader leaves that open."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.answering.names import missing_names, read_names
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding

_ASKED = re.compile(
    r"\bou en (?:est|sont|etait|etaient)\b|\bqu(?:'est|e sont)(?:-il|-elle|-ils|-elles)? (?:devenue?s?|advenu)\b|"
    r"\bwhat (?:became|has become|happened to)\b|\bwhere (?:do|does|did) .* stand\b"
)


def tells_situation(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> bool:
    """Whether the best sentence with its title has all the names of a question that asks how things stand.

    « Où en est Polytechnique avec son projet Microsoft 365 ? » asks for nothing in particular, so that the reader is never sure of
    what answers: any news of those who are named does.
    """
    query = understood.query
    if not ranked or not query.entities or not _ASKED.search(fold(query.text)):
        return False
    best = ranked[0]
    around = read_names(f"{best.passage.article.title}\n{best.text}", entities, best.passage.article.language)
    return not missing_names(read_names(query.text, entities, query.language), around, query.language)
