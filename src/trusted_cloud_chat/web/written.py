"""A language model's answer as HTML: paragraphs, lists and tables, each sentence with its markers and hints. Pure."""

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from trusted_cloud_chat.language.blocks import shown
from trusted_cloud_chat.language.stems import content_words, word_spans
from trusted_cloud_chat.schema import Answer, Citation, Sentence
from trusted_cloud_chat.web.escaping import escape, marker, typeset
from trusted_cloud_chat.web.strings import NBSP, STRINGS

_Kind = Literal["p", "ul", "ol", "table"]


def written_html(number: int, answer: Answer) -> str:
    """The model's words, shown above `answer.evidence`; empty without a language model."""
    if not answer.evidence:
        return ""
    html = ""
    for kind, blocks in groupby(_blocks(answer.sentences), key=lambda block: block[0]):
        parts = [(block[1], number, answer) for block in blocks]
        if kind == "p":
            html += "".join(f"<p>{_inline(*part)}</p>" for part in parts)
        elif kind == "table":
            rows = "".join(_row(*part) for part in parts)
            html += f'<div class="tcc-table"><table>{rows}</table></div>'
        else:
            html += f"<{kind}>{''.join(f'<li>{_inline(*part)}</li>' for part in parts)}</{kind}>"
    title = STRINGS[answer.language].quotes_under
    return f'<div class="tcc-written">{html}</div><p class="tcc-under">{escape(title)}</p>'


def _blocks(sentences: Sequence[Sentence]) -> list[tuple[_Kind, list[Sentence]]]:
    """Sentences that share a paragraph, a list item or a row."""
    found: list[tuple[_Kind, list[Sentence]]] = []
    for sentence in sentences:
        sign = sentence.opens.strip()
        if found and sentence.opens == " ":
            found[-1][1].append(sentence)
        elif sentence.text.startswith("|"):
            found.append(("table", [sentence]))
        else:
            found.append(("ul" if sign == "-" else "ol" if sign else "p", [sentence]))
    return found


def _inline(sentences: Sequence[Sentence], number: int, answer: Answer) -> str:
    return " ".join(_with_mark(_bold(one.text), one, number, answer) for one in sentences)


def _row(sentences: Sequence[Sentence], number: int, answer: Answer) -> str:
    """A row is one sentence; the mark is in its last cell."""
    (sentence, *_) = sentences
    row, _, rule = sentence.text.partition("\n")
    tag = 'th scope="col"' if rule else "td"
    *cells, last = [_bold(cell.strip()) for cell in row.strip().strip("|").split("|")]
    cells.append(_with_mark(last, sentence, number, answer))
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag[:2]}>' for cell in cells)}</tr>"


def _with_mark(html: str, sentence: Sentence, number: int, answer: Answer) -> str:
    cited = {citation.n: citation for citation in answer.citations}
    markers = "".join(f"{NBSP}{_cited(number, cited[n], sentence.text)}" for n in sentence.citations)
    told = sentence.reason or (STRINGS[answer.language].verbatim if sentence.status == "proved" else "")
    if sentence.status == "contradicted":
        return f'{html}{markers} <span class="tcc-warned">{escape(told)}</span>'
    # The brackets show that the hint belongs to the sentence before it.
    return html + markers + (f' <span class="tcc-hint">({escape(told)})</span>' if told else "")


def _cited(number: int, citation: Citation, said: str) -> str:
    """The marker of a citation, and its words for pointer and keyboard; words that the sentence shares are highlighted."""
    article, common = citation.article, content_words(said, citation.article.language)
    words = shown(article.text, citation.start, citation.end)
    html, done = "", 0
    for word in word_spans(words, article.language):
        if word.token in common:
            html += f"{typeset(words[done : word.start])}<mark>{escape(words[word.start : word.end])}</mark>"
            done = word.end
    beside = f'<span class="tcc-beside" lang="{article.language}">{html}{typeset(words[done:])}</span>'
    return f'<span class="tcc-cite">{marker(number, citation.n)}{beside}</span>'


def _bold(text: str) -> str:
    parts = text.split("**")
    return "".join(f"<strong>{typeset(part)}</strong>" if n % 2 else typeset(part) for n, part in enumerate(parts))
