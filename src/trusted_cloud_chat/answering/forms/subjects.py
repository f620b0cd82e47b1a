"""A quote that begins with « Elle » or « L’opérateur » gets its subject in brackets, or the sentence before it.

The bracket follows the words that it explains: « Elle [Bleu] vise 2026 ». It stands in the sentence of the answer and
never in the citation. Where no single name fits, the quote begins one sentence earlier.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from trusted_cloud_chat.answering.names import read_names
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.clauses import OF_SOURCE
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Article, Query, Span
from trusted_cloud_chat.text import fold, split_sentences
from trusted_cloud_chat.text.lexical import STOPWORDS_EN, STOPWORDS_FR
from trusted_cloud_chat.understanding.asked import holds_kind

_IMPERSONAL = re.compile(
    r"Il (?:n[e’'] ?)?(?:faut|fallait|faudra|a fallu|aura fallu|s[’']agi|existe|y |reste|(?:lui|leur) reste|convient|suffit|semble|manque|ressort|"
    r"en coûte|(?:est|était) (?:interdit|possible|impossible|prévu|question|vrai|probable|nécessaire|clair|trop))|"
    r"It (?:\w+ ){1,3}(?:that|to)\b|It (?:took|takes|will take|remains)\b"
)
_PRONOUN = re.compile(r"(?:Il|Elle|It)(?= \w)")
_OTHER_NOUN = {
    "Il": re.compile(r"\b(?:(?:un|le|son|ce|cet|du|au)\b|[ld][’']|de (?:patron|directeur|président|nom)\b)"),
    "Elle": re.compile(r"\b(?:(?:une|la|sa|cette)\b|[ld][’'])"),
    "It": re.compile(r"\b(?:an?|the|its|this)\b"),
}
"""What a pronoun may stand for beside the name: « S3NS a reçu une qualification. Elle expire en 2028. »"""
_NEW_ACTOR = re.compile(
    r"\b(?:une?|d[’']une?|a|an|its|sa|son) (?:\w+ )?(?:filiale|coentreprise|co-entreprise|société|entreprise|groupe|éditeur|hébergeur|opérateur|fournisseur|"
    r"prestataire|jeune pousse|start-up|concurrent|spécialiste|subsidiary|company|joint venture|provider|competitor|specialist|firm)"
)
"""Whom « La filiale » or « L’entreprise » may stand for beside the name: « OVHcloud crée une filiale. La filiale… »"""
_UNNAMED = re.compile(
    r"(?:Ils|Elles|They|Celui-ci|Celle-ci|Ceux-ci|Celles-ci|Cela|Ceci|This|These|Son|Sa|Ses|Leurs?|Its|Their) \w"
)
_ACTOR = re.compile(
    r"(?:(?:L[’']|Cette |Cet )(?:opérateur|entreprise|hébergeur|éditeur|industriel|énergéticien)|"
    r"(?:La|Cette) (?:coentreprise|co-entreprise|société|filiale|firme|start-up|jeune pousse)|"
    r"(?:Le|Ce) (?:groupe|prestataire|fournisseur)|"
    r"(?:The|This) (?:company|operator|provider|group|joint venture|vendor|firm|subsidiary))"
    r"(?= (?![A-ZÉ]|des?\b|d[’']|du\b|commun|qui\b|que\b|qu[’']|français|américain|européen|allemand|télécom|historique|public|privé|national|"
    r"of\b|that\b|which\b))"
)
_DEMONSTRATIVE = re.compile(
    r"(?:Ce|Cet|Cette|Ces|This|These) (?!qui\b|que\b|qu[’']|sont\b|n[’']|fut\b|sera\b|jour\b|mois\b|année\b|semaine\b|"
    r"is\b|was\b|year\b|month\b)\w+\b(?! (?:de |du |des |d[’']|of )(?:[\w’'-]+ ){0,3}?\d)"
)
"""« Cette répartition du capital » tells not which, « cette hausse d’avril 2023 » does."""
_HANGING = re.compile(
    r"(?:D[’']après|Selon|Au moment de|Lors de|Avant|Après|Depuis|Dans|Pour|Avec|According to|After|Before|Since|In|With|At) "
    r"(?:ce|cet|cette|ces|this|that|these|those) (?!qui\b|que\b|qu[’']|année\b|mois\b|year\b|month\b)\w+\b(?! (?:de |du |des |d[’']|of ))|"
    r"(?:One|Two|Three|Some|Most|Both|All|None) of them\b|L[’']une? d[’']e(?:ux|lles)\b|(?:Deux|Trois|Certaine?s) d[’']entre e(?:ux|lles)\b|"
    r"(?:Ce|Cette|Ces) derni(?:er|ère)s?\b|\w+ (?:a|ont) suivi (?:en|le|peu|de peu)\b|"
    r"(?:Parmi|Among|Of) (?:eux|elles|them|ces|ses|leurs|those|these|its|their)\b|"
    r"(?:[\w’'-]+ ){0,4}?[Ss][’']y (?:ajout|joign)\w*|(?:À|A) (?:cela|ces \w+) s[’']ajout\w*|S[’']ajout\w*"
)
"""What opens a sentence that goes on from the one before it."""
_OPENS_WITH_PARTICIPLE = re.compile(
    r"(?!Si\b|Depuis\b|Ainsi\b|Aussi\b|Puis\b|Mais\b|Oui\b|Parmi\b|\w+di\b)[A-ZÉÈÀ]\w*(?:é|i|u|is|it|ert)e?s?\b[^,.;]{0,40}, "
    r"(?:il|elle|ils|elles) (?!faut\b|y a\b|existe|s[’']agit)"
)
"""« Saisi en référé, il a considéré… »: who, the sentence before says."""
_THEN = re.compile(r"\balors\b(?! qu)")
"""Without a year of its own such a sentence tells of a time that the one before it names."""
_OF_SEVERAL = re.compile(
    r"(?:(?:Selon|D[’']après|Pour|According to) [^,.]{2,40}, )?"
    r"(?:[Cc]ertaine?s|[Ll]es (?:deux |trois |quatre )?autres|[Dd][’']autres|[Ll]es? (?:premi(?:er|ère)s?|deuxièmes?|troisièmes?|seconde?s?)|"
    r"[Ll]a (?:première|deuxième|troisième|seconde)|[Ll]es deux|[Cc]hacune?|[Tt]ou(?:te)?s (?:les )?(?:deux|trois|quatre)|"
    r"[Ss]ome|[Tt]he (?:others?|first|second|third|former|latter)|[Oo]thers|[Bb]oth) "
    r"(?:(?:ne |n[’']|s[’']|l[’']|y |en |l[ae]s? |se |lui )?(?:a|ont|est|sont|était|étaient|sera|seront|avait|avaient|doi(?:t|vent)|peu(?:t|vent)|"
    r"vise|porte|concerne|correspond|is|are|was|were|has|have|had|will|see|say|call|find|(?!\w*[éèm]ents?\b)\w{3,}(?<!m)ent)\b)"
)
"""« Certains la jugent claire », « Le premier est… », "Some are…": of whom the sentence before tells. « Certains clients » says it."""
_DETERMINER = re.compile(r"(?:Le |La |Les |L[’']|The )?")
_FUNCTION_WORDS = (
    STOPWORDS_FR
    | STOPWORDS_EN
    | {"selon", "apres", "avant", "malgre", "enfin", "ensuite", "aucun", "aucune", "debut", "fin"}
)
_LOOKED_BACK = 1000
"""Characters before the quote in which the sentence before it is looked for."""
_MOST_WORDS = 60
"""A longer quote is no help to a reader: then it begins where it began."""


@dataclass(frozen=True, slots=True)
class Quote:
    """`article.text[span]`, and how the answer shows it: `text` has a bracketed subject at most."""

    article: Article
    span: Span
    text: str

    def covers(self, article: Article, span: Span) -> bool:
        same = (article.article_id, article.version) == (self.article.article_id, self.article.version)
        return same and self.span.start <= span.start and span.end <= self.span.end


def quote_of(choice: Selected, entities: EntityBook) -> Quote:
    """The chosen sentence, understandable by itself as far as the article allows."""
    article, span = choice.passage.article, choice.span
    said = article.text[span.start : span.end]
    actor, pronoun = _ACTOR.match(said), _PRONOUN.match(said)
    if _IMPERSONAL.match(said):
        return Quote(article, span, said)
    before = _sentence_before(article, span.start)
    if match := actor or pronoun:
        subject = _subject(article, before, entities, None if actor else match.group())
        if subject is not None:
            return Quote(article, span, f"{said[: match.end()]} [{subject}]{said[match.end() :]}")
    if (match or _goes_on(said)) and before is not None:
        whole = Span(before.start, span.end)
        together = article.text[whole.start : whole.end]
        if whole.start >= choice.passage.chunk.start and len(together.split()) <= _MOST_WORDS:
            return Quote(article, whole, together)
    return Quote(article, span, said)


def _goes_on(said: str) -> bool:
    """Whether a sentence leaves open what or when it is about."""
    undated = _THEN.search(said) and not re.search(r"\b(?:19|20)\d\d\b", said)
    return bool(
        _UNNAMED.match(said)
        or _OPENS_WITH_PARTICIPLE.match(said)
        or _DEMONSTRATIVE.match(said)
        or _HANGING.match(said)
        or _OF_SEVERAL.match(said)
        or undated
    )


def without_subject(text: str) -> str:
    """The words of the article alone, of a sentence that may have a bracketed subject."""
    return re.sub(r" \[[^\][]*\]", "", text, count=1)


def _subject(article: Article, before: Span | None, entities: EntityBook, pronoun: str | None) -> str | None:
    """The one name that fits, as it is written: in the sentence before, or in the title where there is none.

    `pronoun`: « Il », « Elle » or "It" where the quote opens with one.
    """
    context = article.text[before.start : before.end] if before else article.title
    known = entities.written(context)
    actors = [m for m in known if m.entity.kind == "actor"]
    if len({m.entity.name for m in actors}) != 1:
        return None
    first = actors[0]
    others = _other_names(context[: first.start], entities) or _other_names(context[first.end :], entities)
    determiner = _DETERMINER.match(context)
    at_start = determiner is not None and first.start == determiner.end()
    if pronoun is None:
        if _NEW_ACTOR.search(context[first.end :]):
            return None
        return first.text if at_start or not others else None
    # A pronoun stands for the subject of the sentence before: only a name that opens it, alone, is surely that.
    alone = not others and not _OTHER_NOUN[pronoun].search(context[first.end :])
    return first.text if at_start and alone else None


def _other_names(text: str, entities: EntityBook) -> bool:
    """Whether the text names somebody that the entities do not know, or begins with a word that may be a name."""
    return opens_with_a_name(text) or any(key.startswith("word:") for key in read_names(text, entities).keys)


def opens_with_a_name(text: str) -> bool:
    """Whether the first word, which owes its capital to its place, may be a name all the same."""
    first = re.match(r"\w+", text)
    return first is not None and first.group()[0].isupper() and fold(first.group()) not in _FUNCTION_WORDS


def names_somebody_else(query: Query, text: str, entities: EntityBook) -> bool:
    """Whether a text has a name that the question has not: « Vincent Coudrin n’est plus… » tells nobody who came after him."""
    if {mention.entity.name for mention in entities.actors(text)} - {*query.entities}:
        return True
    opening = text.lstrip('«“" \u00a0')
    opens = opens_with_a_name(opening) and fold(re.split(r"\W", opening, maxsplit=1)[0]) not in fold(query.text)
    return opens or holds_kind("who", query.text, text) > 0


def _sentence_before(article: Article, start: int) -> Span | None:
    spans = split_sentences(article.text, max(0, start - _LOOKED_BACK), start)
    # « L’information figure dans un dossier… » is no subject of what comes after it.
    while len(spans) > 1 and OF_SOURCE.search(fold(article.text[spans[-1].start : spans[-1].end])):
        spans = spans[:-1]
    if not spans or article.text[spans[-1].start : spans[-1].end].startswith("#"):
        return None
    return spans[-1]
