"""What quotes are taken from, told from the articles' type."""

from __future__ import annotations

import pytest

from trusted_cloud_chat.answering.quoted_from import corpus_named, corpus_quoted, quoted_from
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Article, Coverage


def of(kind):
    return Article("a", "v", "t", "x", PartialDate(2026), source_type=kind)


@pytest.mark.parametrize(
    ("syntheses", "articles", "french", "english"),
    [
        (179, 179, "de nos synthèses", "from our summaries"),
        (0, 6, "de textes d’origine", "from original texts"),
        (1, 7, "de nos synthèses et de textes d’origine", "from our summaries and from original texts"),
        (0, 0, "des articles", "from the articles"),
    ],
)
def test_a_corpus_is_quoted_from_what_it_holds(syntheses, articles, french, english):
    covered = Coverage(1, articles, 9, None, None, syntheses)

    assert corpus_quoted(covered, "fr") == french
    assert corpus_quoted(covered, "en") == english
    assert corpus_named(covered, "fr") in ("nos synthèses", "les textes d’origine", "les articles") or syntheses == 1


def test_an_answer_is_quoted_from_the_articles_that_it_cites():
    assert quoted_from([of("synthese"), of("synthese")], "fr") == "de nos synthèses"
    assert quoted_from([of("presse"), of(None)], "fr") == "de textes d’origine"
    assert quoted_from([of("presse"), of("synthese")], "en") == "from our summaries and from original texts"
    assert quoted_from([], "fr") == ""
    assert corpus_quoted(None, "fr") == "des articles"
