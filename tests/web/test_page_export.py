"""Exports of a conversation."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

from markdown_it import MarkdownIt
from samples import HOSTILE, answer, article, citation, done

from trusted_cloud_chat import __version__
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Cell, Source, Table
from trusted_cloud_chat.web.escaping import ENGLISH, FRENCH
from trusted_cloud_chat.web.export import plain, to_markdown
from trusted_cloud_chat.web.handlers import Exchange, Problem

AT = datetime(2026, 11, 24, 16, 43, tzinfo=UTC)
BLEU = article(
    "Bleu a franchi le jalon J0. Il vise 2026.", publisher="Trusted Cloud Chat", source_type="synthese", url=None,
    sources=(Source("LeMagIT", "Bleu avance", "https://lemagit.example/a", PartialDate(2026, 3, 12)),),
)  # fmt: skip


def test_the_markdown_of_an_answer():
    """Read as a person reads it: quotes, attribution, dates, links, generation."""
    made = answer(citation(1, BLEU, "Il vise 2026."))

    assert (
        to_markdown([done(made)], strings=FRENCH, at=AT).replace("\u00a0", " ")
        == f"""\
# Conversation avec Trusted Cloud Chat

Exportée le 24 novembre 2026 · trusted-cloud-chat {__version__}

## 1. Où en est Bleu ?

« Il vise 2026. » \\[1\\] — synthèse du 12 mars 2026 d’après LeMagIT

### Sources

- \\[1\\] **Bleu avance** — synthèse du 12 mars 2026 d’après LeMagIT
  > Il vise 2026.

  - Article bleu, version 0123456789abcdef, 28–41
  - LeMagIT, Bleu avance, 12 mars 2026 : <https://lemagit.example/a>

*Citations mot pour mot de nos synthèses · Génération 3 · 34 ms*

"""
    )


def test_names_of_publications_are_typeset():
    usine = replace(BLEU, sources=(Source("L'Usine Digitale", "L'État 'servi'"),))
    text = to_markdown([done(answer(citation(1, usine, "Il vise 2026.")))], strings=FRENCH, at=AT)

    assert "  - L’Usine Digitale, L’État 'servi'" in text


def test_a_question_without_an_answer_is_exported_with_the_reason():
    exchange = Exchange(1, "q", "failed", problem=Problem(ENGLISH.index_empty))

    assert ENGLISH.index_empty in to_markdown([exchange], strings=ENGLISH, at=AT)


def test_a_question_stopped_before_its_first_sentence_is_said_to_be():
    assert FRENCH.stopped in to_markdown([Exchange(1, "q", "stopped")], strings=FRENCH, at=AT)


def test_no_quote_turns_what_follows_it():
    turned = article("Bleu \u202evise\u2066 2026.", title="Un\u202e titre", publisher="A\x1b")
    made = done(answer(citation(1, turned, turned.text), question="Où\u202e ?"))
    text = to_markdown([made], strings=FRENCH, at=AT)

    assert "« Bleu vise 2026. »".replace(" »", "\u00a0»").replace("« ", "«\u00a0") in text
    assert not re.search("[\u202e\u2066\x1b]", text)


def test_a_refusal_keeps_its_title_and_its_list():
    made = replace(
        answer(),
        answer="Aucun.\nProches :\n- Un\n- Deux\nReformulez.",
        outcome="refused",
        refusal_reason="out_of_domain",
    )
    text = to_markdown([done(made)], strings=FRENCH, at=AT)

    assert f"**{FRENCH.refusals['out_of_domain']}**" in text
    assert "Proches :\n\n- Un\n- Deux\n\nReformulez." in text


def test_foreign_text_renders_as_nothing_but_text():
    """A Markdown viewer fetches no image and runs nothing from an exported conversation."""
    bad = article(HOSTILE, title=HOSTILE, url="javascript:alert(1)", sources=(Source(HOSTILE, HOSTILE, "data:x"),))
    text = to_markdown([done(answer(citation(1, bad, HOSTILE), question=HOSTILE))], strings=FRENCH, at=AT)

    html = MarkdownIt("commonmark", {"linkify": False}).render(text)

    assert set(re.findall(r"<(\w+)", html)) <= {"h1", "h2", "h3", "p", "ul", "li", "strong", "em", "blockquote"}
    assert (
        unescape(re.sub(r"<[^>]*>", "", html)).count(HOSTILE) == 4
    )  # the answer shows a quote without Markdown’s signs


def test_a_line_cannot_begin_a_heading_a_list_or_a_rule():
    assert [plain(text) for text in ("# a", "- a", "1. a", "12) a", "=== a", "> a")] == [
        "\\# a", "\\- a", "1\\. a", "12\\) a", "\\=== a", "\\> a",
    ]  # fmt: skip


def test_typography_is_kept():
    made = answer(
        citation(
            1, article("Bleu vise 2026\u00a0: rien de plus.", publisher="A"), "Bleu vise 2026\u00a0: rien de plus."
        )
    )
    text = to_markdown([done(made)], strings=FRENCH, at=AT)

    assert "> Bleu vise 2026\u00a0: rien de plus." in text
    assert "«\u00a0Bleu vise 2026\u00a0: rien de plus.\u00a0»" in text


def test_what_a_language_model_wrote_keeps_its_form_and_nothing_else():
    quoted = answer(citation(1, BLEU, "Il vise 2026."))
    said = "**Bleu** vise 2026 [1].\n- ~~Il a *fini*.~~ (contredit par [1])\n- <b>x</b> (non vérifié)"
    made = replace(quoted, answer=f"{said}\n\n{quoted.answer}", evidence=quoted.answer)
    html = MarkdownIt("commonmark").enable("strikethrough").render(to_markdown([done(made)], strings=FRENCH, at=AT))

    assert "<strong>Bleu</strong> vise 2026 [1]." in html
    assert "<li><s>Il a *fini*.</s> (contredit par [1])</li>" in html
    assert "&lt;b&gt;x&lt;/b&gt; (non vérifié)" in html
    assert "«\u00a0Il vise 2026.\u00a0»" in html


def test_notices_are_exported():
    made = replace(answer(citation(1, BLEU, "Il vise 2026.")), notices=("Le modèle s’est tu.",))

    assert "*Le modèle s’est tu.*" in to_markdown([done(made)], strings=FRENCH, at=AT)


def test_a_table_is_a_table_whatever_stands_in_its_cells():
    table = Table(("Critère", "Bleu"), ((Cell("Dates"), Cell("Il | vise 2026.", (1,))),))
    written = "Voici :\n\n| Critère | Bleu |\n| --- | --- |\n| Dates | «\u00a0Il \\| vise 2026.\u00a0» [1] |"
    made = replace(answer(citation(1, BLEU, "Il vise 2026.")), answer=written, table=table)
    html = MarkdownIt("commonmark").enable("table").render(to_markdown([done(made)], strings=FRENCH, at=AT))

    assert html.count("<table>") == 1
    assert "<td>«\u00a0Il | vise 2026.\u00a0» [1]</td>" in html
