"""Which independent publications stand behind a sentence. Reprints are one with what they reprint."""

from __future__ import annotations

import re
from collections.abc import Iterable

from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.text import fold

_REPRINT = re.compile(r"\((?:reprise|d'apres|resume|via|reprint(?: of)?|after)(?: d[eu]s?| de l[a'])? ?(?P<of>[^)]*)\)")
_ASIDE = re.compile(r"\s*\([^)]*\)")
_UNKNOWN = re.compile(r"non identifiee?|unidentified|inconnue?")


def sources_of(text: str, article: Article) -> frozenset[str]:
    """Folded names of the publications that report `text`, a sentence of `article`.

    A synthesis that names publications of its list in the sentence (« selon Clubic ») reports those, else the
    whole list; any other article reports itself.
    """
    if article.source_type != "synthese" or not article.sources:
        return frozenset({publication(article.publisher or article.article_id)})
    listed = {name for source in article.sources if (name := publication(source.publisher))}
    folded = f" {' '.join(re.findall(r'[a-z0-9.&-]*[a-z0-9]', fold(text)))} "
    named = {name for name in listed if f" {name} " in folded}
    return frozenset(named or listed)


def independent(reports: Iterable[frozenset[str]]) -> int:
    """How many publications stand behind `reports` at least: those of them that share none, the clearest first.

    A synthesis of ten publications may have any of them for one sentence; that is one source, and not ten.
    """
    seen: frozenset[str] = frozenset()
    count = 0
    for report in sorted(reports, key=len):
        if report and not report & seen:
            count += 1
            seen |= report
    return count


def publication(publisher: str) -> str:
    """One name a publication: « kennycaldieraro.fr (reprise ZDNet) » is `zdnet`; empty where it is not known."""
    folded = fold(publisher)
    if _UNKNOWN.search(folded):
        return ""
    reprint = _REPRINT.search(folded)
    if reprint and reprint["of"]:
        return reprint["of"].strip()
    return _ASIDE.sub("", folded).strip()
