"""A sentence in the reader's language leads over one that says the same in the other."""

from __future__ import annotations

import pytest

from made import asked, maker_of, passage_of
from trusted_cloud_chat.answering.forms.form import Form
from trusted_cloud_chat.answering.forms.own_language import in_own_language
from trusted_cloud_chat.answering.forms.quotes import quotes_form
from trusted_cloud_chat.schema import Enrichment, Span, Statement
from trusted_cloud_chat.trace import Trace

FRENCH = "Bleu vise la qualification SecNumCloud avant la fin de 2026."
TRANSLATED = "Bleu aims for the SecNumCloud qualification before the end of 2026."


@pytest.mark.parametrize(
    ("english", "leads"),
    [
        ("Bleu still aims for its SecNumCloud qualification before the end of 2026.", True),
        ("Bleu aims for the SecNumCloud qualification before the end of 2027.", False),
        ("S3NS opens an office in Lyon with twelve people.", False),
    ],
)
def test_a_sentence_in_the_reader_s_language_leads_over_one_that_says_the_same(english: str, leads: bool) -> None:
    told = Statement((Span(0, len(FRENCH)),), translation=TRANSLATED)
    french = passage_of(FRENCH, enrichment=Enrichment((told,)))
    other = passage_of(english, read=1.0, language="en")
    maker = maker_of(asked("When will Bleu be qualified?"), french, other)

    assert (in_own_language(quotes_form(maker), maker).quotes[0].text == english) is leads


@pytest.mark.parametrize(("disabled", "count"), [((), 1), (("own_language",), 2)])
def test_what_a_quote_says_already_is_not_told_in_another_language(disabled: tuple[str, ...], count: int) -> None:
    english = passage_of(TRANSLATED, language="en")
    told = Statement((Span(0, len(FRENCH)),), translation=TRANSLATED)
    french = passage_of(FRENCH, read=2.5, enrichment=Enrichment((told,)))
    maker = maker_of(asked("When will Bleu be qualified?"), english, french, trace=Trace(disabled))

    form = in_own_language(Form(tuple(maker.evidence.ranked)), maker)

    assert len(form.quotes) == count
    assert ("own_language" in {line.rule for line in maker.trace.lines}) is (count == 1)


@pytest.mark.parametrize(("known", "count"), [(False, 2), (True, 1)])
def test_a_further_open_quote_gives_way_too_and_is_open_only_once(known: bool, count: int) -> None:
    lead = passage_of("S3NS opens an office in Lyon with twelve people.", read=3.0, language="en")
    english = passage_of(TRANSLATED, read=2.0, language="en")
    told = Statement((Span(0, len(FRENCH)),), translation=TRANSLATED)
    french = passage_of(FRENCH, read=1.0, enrichment=Enrichment((told,)))
    maker = maker_of(asked("When will Bleu be qualified?"), lead, english, french)
    by_text = {one.text: one for one in maker.evidence.ranked}
    quotes = (by_text[TRANSLATED if known else lead.article.text], by_text[FRENCH])

    form = in_own_language(Form(quotes, opened=2), maker)

    assert [one.passage.article.language for one in form.quotes] == ["en"] * count
    assert form.quotes[-1].text == TRANSLATED
    assert form.opened == count
