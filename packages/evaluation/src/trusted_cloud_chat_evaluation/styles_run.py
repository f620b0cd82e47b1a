"""`evaluate styles`: questions about pasted texts, in domains and styles outside the training data."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trusted_cloud_chat.corpus import read_article
from trusted_cloud_chat.errors import UnusableError
from trusted_cloud_chat.language.blocks import block_at
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Answer, Article, Citation, Language, Span
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat_evaluation.aggregate import Measurement, Outcome, Share, Tell, by_group, means, spread, tracked
from trusted_cloud_chat_evaluation.answers_run import confusion_shares
from trusted_cloud_chat_evaluation.cases import CaseLine, read_lines
from trusted_cloud_chat_evaluation.matching import holds
from trusted_cloud_chat_evaluation.refusal_run import refusal_detail, refusal_figures, refusal_shares
from trusted_cloud_chat_evaluation.workbench import Workbench, set_bench


class _StyleLine(CaseLine):
    question: str
    language: Language
    quotes: tuple[str, ...]
    answer: str | None
    verdict: str | None


@dataclass(frozen=True, slots=True)
class StyleQuestion:
    id: str
    text: str
    language: Language
    article: Article
    spans: tuple[Span, ...]
    short: str | None

    def right(self, citation: Citation) -> bool:
        """Whether a quote overlaps an answering sentence or contains the short answer."""
        if citation.article.article_id != self.article.article_id:
            return False
        overlaps = any(span.start < citation.end and citation.start < span.end for span in self.spans)
        return overlaps or (self.short is not None and holds(citation.quote, self.short))


def read_texts(folder: Path) -> tuple[list[Article], list[StyleQuestion]]:
    """Reads the texts `folder/DOMAIN/STYLE.md` and their questions in `STYLE.jsonl`. Raises UnusableError, UsageError."""
    articles, asked = [], []
    for path in sorted(folder.glob("*/*.md")):
        article = read_article(path, folder, allow_undated=True, today=date.today())
        articles.append(article)
        for number, row in enumerate(read_lines(path.with_suffix(".jsonl"), _StyleLine), start=1):
            spans = [Span(article.text.index(quote), article.text.index(quote) + len(quote)) for quote in row.quotes]
            # A heading or a question is context, not an answer.
            told = tuple(span for span in spans if not _opens(article.text, span)) or tuple(spans)
            name = f"{article.article_id}-{number}"
            asked.append(StyleQuestion(name, row.question, row.language, article, told, row.answer))
    if not articles:
        raise UnusableError(f"{folder} has no texts: expected DOMAIN/STYLE.md with DOMAIN/STYLE.jsonl beside it")
    return articles, asked


def measure_styles(settings: Settings, embedder: Embedder, tell: Tell, folder: Path, split: str = "") -> Measurement:
    articles, asked = read_texts(folder)
    asked = asked[::2] if split == "half" else asked
    with set_bench(settings, embedder, articles, tell) as bench:
        outcomes = [_outcome(bench, one) for one in tracked(asked, "ask", tell)]
    figures = {
        "split": split or folder.name,
        **refusal_figures(outcomes, settings),
        **bench.indexing,
        **spread("ms", [outcome.detail["ms"] for outcome in outcomes]),
        **{f"by_{group}": by_group(outcomes, group) for group in ("domain", "style", "language")},
    }
    return Measurement(outcomes, figures, "right", {one.id: one.text for one in asked})


def _outcome(bench: Workbench, one: StyleQuestion) -> Outcome:
    answer = bench.ask(one.text)
    domain, _, style = one.article.article_id.partition("/")
    detail = {
        **refusal_detail(bool(one.spans), answer),
        "domain": domain,
        "style": style,
        "language": one.language,
        "question": one.text,
        "quotes": [citation.quote for citation in answer.citations] if answer else [],
    }
    return Outcome(one.id, styled_shares(one, answer), detail)


def styled_shares(one: StyleQuestion, answer: Answer | None) -> dict[str, Share]:
    outcome = answer.outcome if answer else "refused"
    right = [one.right(citation) for citation in answer.citations] if answer and outcome != "refused" else []
    told = outcome == "answered" or (outcome == "nearest" and any(right))
    shares = {
        **refusal_shares(bool(one.spans), outcome=outcome, told=told),
        **confusion_shares(bool(one.spans), refused=not told),
    }
    if one.spans:
        shares |= means({"first_right": float(right[:1] == [True]), "any_right": float(any(right))})
        shares |= {"precision": (float(sum(right)), float(len(right)))}
    return shares


def _opens(text: str, span: Span) -> bool:
    block = block_at(text, span.start)
    return (block is not None and block.kind == "heading") or text[: span.end].rstrip(" *").endswith("?")
