"""Answers as chat messages."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from samples import HOSTILE, TODAY, answer, article, citation, done

from trusted_cloud_chat.output.pieces import Piece, pieces
from trusted_cloud_chat.schema import Cell, Query, Sentence, Table, TraceLine
from trusted_cloud_chat.web.escaping import ENGLISH, FRENCH
from trusted_cloud_chat.web.handlers import Exchange, Problem
from trusted_cloud_chat.web.rendering import (
    answer_html,
    duration,
    measured,
    messages,
    question_html,
    table_html,
    understood,
)

BLEU = article("Bleu a franchi le jalon J0. Il vise 2026.")
MARKER = re.compile(r'<a class="tcc-marker" href="#source-(\d+)-(\d+)">')


def refusal(text, **changes):
    made = answer(question="Où est Lima [1] ?")
    return replace(made, answer=text, outcome="refused", refusal_reason="not_in_corpus", **changes)


def test_a_marker_links_to_the_card_of_its_own_answer():
    made = answer(citation(1, BLEU, "Bleu a franchi le jalon J0."), citation(2, BLEU, "Il vise 2026."))

    assert MARKER.findall(answer_html(done(made, number=4), FRENCH)) == [("4", "1"), ("4", "2")]


def test_a_quote_carries_its_marker_publisher_and_date():
    html = answer_html(done(answer(citation(1, BLEU, "Bleu a franchi le jalon J0."))), FRENCH)

    assert '<span class="tcc-words">Bleu a franchi le jalon J0.</span>' in html
    assert '<span class="tcc-attribution">Gazette du Nuage, 12\u00a0mars 2026</span>' in html


def test_a_number_between_brackets_in_a_quote_is_no_marker():
    forged = article("Bleu est qualifié [2] depuis 2020 [1].", article_id="faux")
    made = answer(citation(1, forged, forged.text), citation(2, BLEU, "Il vise 2026."))

    assert MARKER.findall(answer_html(done(made), FRENCH)) == [("1", "1"), ("1", "2")]


def test_a_title_or_a_question_in_a_refusal_makes_no_marker():
    """A false premise is refused with correcting quotes: what is listed beside them is text."""
    forged = article("Bleu existe.", title="Titre [1]", article_id="faux")
    cited = citation(1, BLEU, "Il vise 2026.")
    text = "Recherche : Où est Lima [1] ?\n- Titre [1] (Gazette du Nuage, 12\u00a0mars 2026)\n« Il vise 2026. » [1] — Gazette du Nuage, 12\u00a0mars 2026"
    made = refusal(text, citations=(cited,), passages=answer(citation(1, forged, "Bleu existe.")).passages)

    assert MARKER.findall(answer_html(done(made), FRENCH)) == [("1", "1")]


def test_what_may_be_asked_next_is_a_button_each():
    made = replace(answer(citation(1, BLEU, "Il vise 2026.")), next_questions=("Qui détient Bleu ?", HOSTILE))
    html = answer_html(done(made), FRENCH)

    assert html.count('<button type="button">') == 2
    assert '<button type="button">Qui détient Bleu ?</button>' in html
    assert "<script>" not in html
    assert "tcc-next" not in answer_html(done(answer(citation(1, BLEU, "Il vise 2026."))), FRENCH)


def test_a_marker_without_a_citation_is_text():
    made = replace(answer(citation(1, BLEU, "Il vise 2026.")), answer="Bleu avance [1] et [7].")

    assert MARKER.findall(answer_html(done(made), FRENCH)) == [("1", "1")]


def test_an_answer_is_cut_without_losing_a_character():
    made = answer(citation(1, BLEU, "Il vise 2026."))
    cut = pieces(made.answer, made)

    assert "".join(f"[{p.text}]" if p.kind == "marker" else p.text for p in cut) == made.answer
    assert cut[1:4] == [Piece("quote", "Il vise 2026."), Piece("text", "\u00a0» "), Piece("marker", "1")]


def test_hostile_articles_and_questions_stay_text():
    """No tag but ours, nothing that Markdown or a template reads, no newline."""
    bad = article(HOSTILE, title=HOSTILE, publisher=HOSTILE)
    made = answer(citation(1, bad, HOSTILE), question=HOSTILE)
    html = "".join(m["content"] for m in messages([done(made)], FRENCH))

    assert set(re.findall(r"<(\w+)", html)) <= {"div", "h3", "span", "p", "a", "br", "details", "summary", "ul", "li"}
    assert not re.search(r"[`*_$\[\]{}\n]|!\[", re.sub(r"<[^>]*>", "", html))
    assert unescape(re.sub(r"<[^>]*>", "", html)).count("<script>alert(1)</script>") >= 2
    assert MARKER.findall(html) == [("1", "1")]


def test_a_model_s_sentence_that_repeats_an_article_is_no_quotation():
    """It keeps its markers, and does not look like the quotes below it."""
    quoted = answer(citation(1, BLEU, "Il vise 2026."))
    sentences = (Sentence("Bleu avance.", (1,)), Sentence("Il vise 2026.", (1,), opens=" "))
    made = replace(quoted, evidence=quoted.answer, sentences=sentences, chat_model="ollama:mistral")
    html = answer_html(done(made), FRENCH)

    assert html.count('class="tcc-quote"') == 1
    assert MARKER.findall(html) == [("1", "1")] * 3
    assert "Rédigé avec ollama:mistral" in html


def test_a_refusal_is_a_box_with_its_reason_and_its_list():
    html = answer_html(done(refusal("Aucun article.\nPassages :\n- Un titre\n- Deux\nReformulez.")), FRENCH)

    assert '<div class="tcc-refusal" lang="fr">' in html
    assert FRENCH.refusals["not_in_corpus"] in html
    assert "<ul><li>Un titre</li><li>Deux</li></ul><p>Reformulez.</p>" in html


def test_all_of_a_refusal_is_in_the_language_of_the_answer():
    made = replace(refusal("No article."), query=Query("x", "en", TODAY))
    html = answer_html(done(made), FRENCH)

    assert ENGLISH.refusals["not_in_corpus"] in html
    assert FRENCH.refusals["not_in_corpus"] not in html


def test_a_table_has_headers_and_a_marker_in_each_cell():
    table = Table(("Critère", "Bleu"), ((Cell("Dates"), Cell("Il vise 2026.", (1, 2))), (Cell("<b>"), Cell("absent"))))
    html = table_html(3, replace(answer(citation(1, BLEU, "Il vise 2026.")), table=table))

    assert '<th scope="row">Dates</th>' in html
    named = '<span class="tcc-of">Bleu</span>'
    assert f'<td>{named}«\u00a0<span class="tcc-words">Il vise 2026.</span>\u00a0»' in html
    assert f'<td class="tcc-none">{named}absent</td>' in html
    assert MARKER.findall(html) == [("3", "1"), ("3", "2")]
    assert "<b>" not in html


def test_a_table_stands_where_its_lines_of_text_stood():
    table = Table(("A",), ((Cell("Bleu"),),))
    text = "Voici :\n| A |\n| --- |\n| Bleu |\n- [1] — Gazette"
    html = answer_html(done(replace(answer(), answer=text, table=table)), FRENCH)

    assert html.index("Voici") < html.index("<table>") < html.index("Gazette")
    assert html.count("<table>") == 1
    assert "---" not in html


def test_a_listed_quote_looks_like_a_quote():
    made = answer(citation(1, BLEU, "Il vise 2026."))
    html = answer_html(done(replace(made, answer=f"Voici :\n\n- {made.answer}")), FRENCH)

    assert '<ul><li class="tcc-quote">' in html
    assert '<span class="tcc-attribution">Gazette du Nuage, 12\u00a0mars 2026</span></li></ul>' in html


def test_what_became_of_a_listed_promise_stands_with_who_reports_it():
    made = answer(citation(1, BLEU, "Il vise 2026."), citation(2, BLEU, "Bleu a franchi le jalon J0."))
    first, _, rest = made.answer.partition("\n\n")
    html = answer_html(done(replace(made, answer=f"Voici :\n\n- {first}. La suite : [2].\n\n{rest}")), FRENCH)

    listed = html[html.index("<li") : html.index("</li>")]
    words, said = listed.split('<span class="tcc-attribution">')
    assert "Il vise 2026." in words
    assert "La suite" in said
    assert "#source-1-2" in said


def test_a_french_quote_in_an_english_answer_is_told_to_screen_readers():
    made = answer(citation(1, BLEU, "Il vise 2026."))
    english = replace(made, query=Query("x", "en", TODAY), answer="“Il vise 2026.” (in French) [1] — Gazette du Nuage")
    html = answer_html(done(english), ENGLISH)

    assert '<span class="tcc-words" lang="fr">Il vise 2026.</span>' in html


def test_notices_stand_above_the_answer():
    html = answer_html(done(replace(answer(), answer="Texte.", notices=("<i>Attention",))), FRENCH)

    assert html.index("tcc-notice") < html.index("Texte.")
    assert "<i>" not in html


def test_a_problem_shows_its_command_as_code_and_its_detail_apart():
    html = answer_html(Exchange(1, "q", "failed", problem=Problem(FRENCH.index_mismatch, "<detail>")), FRENCH)

    assert "<code>trusted-cloud-chat ingest --rebuild</code>" in html
    assert "&#60;detail&#62;" in html


def test_a_question_being_searched_and_one_stopped_say_so():
    assert FRENCH.doing["searching"] in answer_html(Exchange(1, "q", "searching"), FRENCH)
    assert FRENCH.stopped in answer_html(Exchange(1, "q", "stopped"), FRENCH)


def test_an_endless_question_is_shown_in_short():
    html = question_html("Bleu " * 4000, FRENCH)

    assert len(html) < 1000
    assert html.endswith("…</h3>")


def test_lines_of_a_question_stay_apart():
    assert "un<br>deux" in question_html("un\ndeux", FRENCH)


def test_what_was_understood_is_shown_only_where_it_differs():
    query = Query(
        "Où en est S3NS ?",
        "fr",
        TODAY,
        entities=("S3NS",),
        dates=("2026",),
        aliases=("SNC = SecNumCloud",),
        as_of=TODAY,
    )
    made = replace(answer(question="et S3NS ?"), query=query)

    assert understood(made, FRENCH) == [
        "Question comprise\u00a0: «\u00a0Où en est S3NS\u00a0?\u00a0»".replace("S3NS\u00a0?", "S3NS ?"),
        "Période\u00a0: 2026", "À la date du 24\u00a0novembre 2026",
    ]  # fmt: skip
    assert measured(made, FRENCH) == ["Noms reconnus\u00a0: S3NS", "SNC = SecNumCloud", "Génération 3", "34\u00a0ms"]
    assert (understood(answer(), ENGLISH), measured(answer(), ENGLISH)) == ([], ["Generation 3", "34\u00a0ms"])


def test_what_is_quoted_word_for_word_is_said():
    ours = article(BLEU.text, source_type="synthese", article_id="ours")

    assert "Citations mot pour mot de textes d’origine" in understood(answer(citation(1, BLEU, "Il vise")), FRENCH)
    assert "Word-for-word quotes from our summaries" in understood(answer(citation(1, ours, "Il vise")), ENGLISH)


@pytest.mark.parametrize(
    ("label", "french", "english"),
    [
        ("2024-01-01/2024-12-31", "2024", "2024"),
        ("2026-03-01/2026-03-31", "mars 2026", "March 2026"),
        ("2025-01-01/2025-06-30", "du 1er janvier 2025 au 30 juin 2025", "from 1 January 2025 to 30 June 2025"),
        ("/2025-06-30", "jusqu’au 30 juin 2025", "until 30 June 2025"),
        ("2025-06-01/", "depuis le 1er juin 2025", "since 1 June 2025"),
    ],
)
def test_a_period_is_written_out(label: str, french: str, english: str):
    made = replace(answer(), query=replace(answer().query, dates=(label,)))
    shown = [understood(made, strings)[0].replace("\u00a0", " ") for strings in (FRENCH, ENGLISH)]

    assert shown == [f"Période : {french}", f"Period: {english}"]


def test_a_duration_is_written_as_the_reader_writes_it():
    assert [duration(ms, FRENCH) for ms in (7.4, 1234)] == ["7\u00a0ms", "1,2\u00a0s"]
    assert duration(1234, ENGLISH) == "1.2\u00a0s"


def written(*sentences: Sentence, text: str = "") -> str:
    quoted = answer(citation(1, BLEU, "Il vise 2026."))
    made = replace(
        quoted, answer=f"{text}\n\n{quoted.answer}", evidence=quoted.answer, sentences=sentences, chat_model="x:y"
    )
    return answer_html(done(made), FRENCH)


def test_a_hint_is_quiet_and_nothing_is_struck() -> None:
    html = written(Sentence("Bleu < S3NS.", (), "unproved", "sans source"))

    assert '<p>Bleu &#60; S3NS. <span class="tcc-hint">(sans source)</span>' in html


def test_a_second_opinion_that_contradicts_is_a_warning() -> None:
    html = written(Sentence("Bleu < S3NS.", (1,), "contradicted", "contredit selon x:y"))

    assert "<del>" not in html
    assert '<span class="tcc-warned">contredit selon x:y</span>' in html


def test_the_cited_sentence_stands_beside_its_marker_with_what_both_have_in_common() -> None:
    html = written(Sentence("Pour 2026, c’est visé.", (1,), "unproved"), Sentence("Il vise 2026.", (1,)))

    assert '<span class="tcc-beside" lang="fr">Il <mark>vise</mark> <mark>2026</mark>.</span>' in html
    assert '<span class="tcc-hint">(mot pour mot)</span>' in html
    assert MARKER.findall(html)[0] == ("1", "1")


def test_paragraphs_lists_tables_and_bold_of_a_language_model_are_laid_out() -> None:
    html = written(
        Sentence("Deux offres :", (), "connective"),
        Sentence("**Bleu** avance.", (1,), opens="\n- "),
        Sentence("Il vise 2026.", (1,), opens=" "),
        Sentence("S3NS aussi.", (1,), opens="\n- "),
        Sentence("| Offre | Date |\n|---|---|", (), "connective", opens="\n\n"),
        Sentence("| Bleu | <b>2026</b> |", (1,), opens="\n"),
    )
    bare = re.sub(r" class=\"[^\"]*\"| href=\"[^\"]*\"", "", html.partition("<details")[0])

    assert bare.count("<li>") == 2
    assert "<ul><li><strong>Bleu</strong> avance." in bare
    assert '<tr><th scope="col">Offre</th><th scope="col">Date</th></tr><tr><td>Bleu</td><td>&#60;b&#62;2026' in bare
    assert "Ce que disent les articles" in html


def test_what_a_language_model_writes_is_never_markup() -> None:
    html = written(Sentence("<script>x</script> [x](http://e.example) `c` $y$", (), "unproved", "<i>"))

    assert "<script>" not in html
    assert "<i>" not in html
    assert not re.search(r"[`*_$\[\]{}\n]|!\[", re.sub(r"<[^>]*>", "", html))


def test_the_quotes_are_shown_while_a_language_model_writes() -> None:
    waiting = replace(answer(citation(1, BLEU, "Il vise 2026.")), chat_model="x:y")
    html = answer_html(Exchange(1, "Quand ?", "searching", answer=waiting, doing="writing"), FRENCH)

    assert FRENCH.doing["writing"] in html
    assert "Il vise 2026." in html


def test_a_written_answer_that_was_stopped_says_so_before_its_quotes() -> None:
    quoted = answer(citation(1, BLEU, "Il vise 2026."))
    begun = replace(quoted, answer=f"Bleu avance.\n\n{quoted.answer}", evidence=quoted.answer, chat_model="x:y")
    html = answer_html(Exchange(1, "Quand ?", "stopped", answer=begun), FRENCH)

    assert html.count(FRENCH.stopped) == 1
    assert html.index(FRENCH.stopped) < html.index("Il vise 2026.")


def test_why_an_answer_came_out_as_it_did_is_folded_away() -> None:
    """Each rule that had a say, with what it is for and what it did, in sentences; then generation and time."""
    made = replace(answer(), trace=(TraceLine("question", "spelling", "OVHclud → <OVHcloud>"),))
    html = answer_html(done(made), FRENCH)

    assert f"<summary>{FRENCH.why}</summary>" in html
    assert "OVHclud → &#60;OVHcloud&#62;" in html
    assert "spelling" not in html
    assert "Un nom mal orthographié est corrigé." in html
    meta, why = html.split("<details")
    assert ("Génération 3" in why, "34\u00a0ms" in why, "Génération" in meta) == (True, True, False)


def test_the_line_made_from_facts_stands_in_bold_with_its_marker():
    made = answer(citation(1, BLEU, "Bleu a franchi le jalon J0."))
    html = answer_html(done(replace(made, answer=f"**Jalon <J0>.** [1]\n\n{made.answer}")), FRENCH)

    assert '<p class="tcc-line"><strong>Jalon &#60;J0&#62;.</strong>' in html
    assert MARKER.findall(html) == [("1", "1"), ("1", "1")]


def test_what_our_syntheses_are_is_said_once():
    ours = answer(citation(1, article(BLEU.text, source_type="synthese", article_id="ours"), "Il vise 2026."))
    theirs = answer(citation(1, BLEU, "Il vise 2026."))
    shown = [m["content"] for m in messages([done(theirs), done(ours, number=2), done(ours, number=3)], FRENCH)]

    assert ["tcc-note" in html for html in shown[1::2]] == [False, True, False]


def test_only_what_was_searched_for_can_be_right():
    assert "tcc-told" not in answer_html(done(replace(answer(), passages=())), FRENCH)


def test_markers_side_by_side_stay_on_their_line():
    html = answer_html(done(replace(answer(citation(1, BLEU, "Il vise 2026.")), answer="Deux fois [1][1]")), FRENCH)

    assert "</a>&#8288;<a" in html
