"""Parses a typed text and its conversation into a `Question`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from trusted_cloud_chat.entities import Entity, EntityBook
from trusted_cloud_chat.errors import QuestionError
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.normalise import is_unicode
from trusted_cloud_chat.language.periods import Period, find_periods
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.question import follow_up
from trusted_cloud_chat.question.asking import asking, coordinated, shared_head
from trusted_cloud_chat.question.intents import LEANING, OF_THE_ASSISTANT, QUESTION, SMALL_TALK, IntentClassifier
from trusted_cloud_chat.question.kinds import KindClassifier
from trusted_cloud_chat.question.parts import split
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.question.spelling import expansions, with_names
from trusted_cloud_chat.schema import EVERYTHING, Language, Query, Scope, Turn
from trusted_cloud_chat.trace import Trace

MAX_QUESTION = 4000
"""Maximum length in characters; a longer text is a document, not a question."""
ABOUT_THE_TALK = ("help", "evidence")
"""Question kinds about the conversation itself; they do not change its subject."""
_OF_THE_PRESENT = ("how_changed", "yes_no", "who")
"""Question kinds that ask about the present unless the question names a period."""
_NEAR_EVIDENCE = ("about", "help", "reaction", "rework")
"""Intents that the classifier confuses with the kind `evidence` (« d’où tenez-vous cela ? »)."""
_NAMELESS = SMALL_TALK | {"help"}
"""Intents that a text with an entity cannot have."""


@dataclass(frozen=True, slots=True)
class QuestionReader:
    """Parses questions with an entity book and two classifiers. Thread-safe."""

    entities: EntityBook
    kinds: KindClassifier
    intents: IntentClassifier

    def read(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        today: date,
        as_of: date | None = None,
        within: Scope = EVERYTHING,
        trace: Trace | None = None,
        told: Callable[[], Sequence[str]] = tuple,
    ) -> Question:
        """Parses `question`, completed from `turns` if it refers to them. `told` returns the entity names of the last answer. Raises QuestionError."""
        before: Question | None = None
        for turn in turns:
            earlier = self._read(turn.question, before, today, as_of, within, Trace())
            before = earlier if _has_subject(earlier) else before
        before = replace(before, told=told) if before else None
        return self._read(question, before, today, as_of, within, trace or Trace())

    def _read(
        self, typed: str, before: Question | None, today: date, as_of: date | None, within: Scope, trace: Trace
    ) -> Question:
        asked = checked(typed)
        language = detect_language(asked, default=before.query.language if before else "fr")
        text = with_names(asked, self.entities, trace)
        day = min(as_of, today) if as_of else today
        query = Query(text=text, language=language, today=day, as_of=as_of, within=within)
        questions = asking(text, language, self._is_small_talk)
        if len(questions) == 1 and before is not None and self._leans(query, questions[0]):
            query = replace(query, text=questions[0])  # « Très clair. Et S3NS ? »
        whole = self._one(query, before, trace)
        questions = questions if len(questions) > 1 else coordinated(query.text, language)
        if (
            len(questions) > 1
            and self._parts_well(whole, questions, before)
            and trace.fires("several", " · ".join(questions))
        ):
            return self._several(whole, questions, before, trace)
        return whole

    def _parts_well(self, whole: Question, questions: Sequence[str], before: Question | None) -> bool:
        """Whether the text can be split: it compares no names, and the conversation, a name or its first question gives the subject."""
        if (whole.query.kind == "comparison" and whole.query.parts) or whole.query.intent != QUESTION:
            return False
        return before is not None or bool(whole.mentions) or not self._leans(whole.query, questions[0])

    def _leans(self, query: Query, text: str) -> bool:
        """Whether `text` needs a previous question."""
        return follow_up.leans(self._one(replace(query, text=text), None, Trace()))

    def _several(self, whole: Question, questions: Sequence[str], before: Question | None, trace: Trace) -> Question:
        """Parses each question as a follow-up of the one before it; the first may refer to a name later in the text."""
        parts: list[Question] = []
        head = shared_head(questions)
        for text in questions:
            leaned_on = [before or (whole if whole.mentions else None), *parts][-1]
            one = self._one(replace(whole.query, text=text, parts=()), leaned_on, trace.apart())
            bare = self._one(replace(one.query, text=text[head:].strip()), None, Trace()) if head else one.own
            parts.append(replace(one, is_part=True, own=bare, whole=whole.searched))
        return replace(whole, query=replace(whole.query, parts=tuple(questions)), several=tuple(parts))

    def _one(self, query: Query, before: Question | None, trace: Trace) -> Question:
        """Parses one question, and completes it from `before` if it is a follow-up."""
        text, language = query.text, query.language
        kind, intent = self._classified(text, trace, first=before is None)
        query = replace(query, kind=kind, intent=intent)
        alone = trace.apart()
        own = self._whole(query, text, find_periods(text, query.today, spoken=True), alone)
        may_lean = query.intent in LEANING or (query.intent == QUESTION and query.kind not in ABOUT_THE_TALK)
        if before is not None and may_lean and follow_up.leans(own):
            shown = after(text, before.query.text, language)
            if trace.fires("follow_up", shown):
                if intent != QUESTION and self.intents.intent_of(f"{before.searched} {text}") == QUESTION:
                    own = replace(own, query=replace(own.query, intent=QUESTION))  # « c’est abandonné ou en pause ? »
                return self._joined(own, before, shown, trace)
        trace.take(alone)
        if before is None or not may_lean or own.mentions:
            return own
        shown = after(text, before.query.text, language)
        leaning = None if own.periods else partial(self._joined, own, before, shown)
        return replace(own, goes_on=True, leaning=leaning)

    def _classified(self, text: str, trace: Trace, *, first: bool) -> tuple[str, str]:
        """Returns (kind, intent). The `first` question of a conversation is not of kind `evidence` if it names an entity."""
        kind = self.kinds.kind_of(text)
        if first and kind == "evidence" and self.entities.find(text):
            kind = "fact"
        if not trace.fires("kind", kind):
            kind = "fact"
        intent = self.intents.intent_of(text)
        if (intent in _NEAR_EVIDENCE and kind == "evidence") or (intent in _NAMELESS and self.entities.find(text)):
            intent = QUESTION
        if intent != QUESTION and not trace.fires("intent", intent):
            intent = QUESTION
        if intent in OF_THE_ASSISTANT:
            kind = "help"
        elif kind == "help" or (kind == "evidence" and intent != QUESTION):
            kind = "fact"
        return kind, intent

    def _is_small_talk(self, text: str) -> bool:
        return self.intents.intent_of(text) in SMALL_TALK and not self.entities.find(text)

    def _joined(self, own: Question, before: Question, shown: str, trace: Trace) -> Question:
        """Completes a follow-up from the previous question; `shown` is the search text displayed to the user."""
        searched, read, exchanged = follow_up.joined(own, before)
        kind = before.query.kind if exchanged and own.query.kind == "fact" else own.query.kind
        query = replace(own.query, text=searched, kind=kind)
        whole = self._whole(query, read, own.periods or before.periods, trace, splits=exchanged)
        names = dict.fromkeys([*whole.query.entities, *(e.name for e in follow_up.of_both(own, before))])
        query = replace(whole.query, text=shown, entities=tuple(names))
        behind = None if exchanged else before
        return replace(
            whole,
            query=query,
            context=before.searched,
            behind=behind,
            own=own,
            goes_on=not own.mentions or follow_up.one_of_them(own),
        )

    def _whole(
        self, query: Query, read: str, periods: Sequence[Period], trace: Trace, *, splits: bool = True
    ) -> Question:
        """Builds the question of `query.text`; `read`: the text for embedder and reader; `splits`: whether to build one question per entity too."""
        text = query.text
        mentions = tuple(self.entities.find(text))
        shown, related = expansions(mentions)
        parts = split(text, query.kind, mentions) if splits else []
        if parts and not trace.fires("parts", " · ".join(entity.name for entity, _ in parts)):
            parts = []
        if periods and not trace.fires("period", ", ".join(period.label for period in periods)):
            periods = ()
        other_times = [period for period in periods if period.closes != query.today]
        now = not other_times and (query.kind in _OF_THE_PRESENT or says("now", text, query.language))
        query = replace(
            query,
            entities=tuple(dict.fromkeys(mention.entity.name for mention in mentions)),
            dates=tuple(period.label for period in periods),
            aliases=shown,
            parts=tuple(part for _, part in parts),
        )
        now = now and trace.fires("newest")
        whole = Question(query, text, read, mentions, related, tuple(periods), now)
        return replace(whole, parts=tuple(self._part(whole, entity, part) for entity, part in parts))

    def _part(self, whole: Question, entity: Entity, text: str) -> Question:
        """The question about one entity alone."""
        mentions = tuple(self.entities.find(text))
        names = tuple(dict.fromkeys([entity.name, *(m.entity.name for m in mentions)]))
        return replace(
            whole,
            query=replace(whole.query, text=text, entities=names, parts=()),
            searched=text,
            read_as=text,
            mentions=mentions,
            related=expansions(mentions)[1],
            about=entity,
        )


def _has_subject(question: Question) -> bool:
    """Whether a follow-up may refer to it."""
    query = question.query
    return query.kind not in ABOUT_THE_TALK and (query.intent == QUESTION or bool(query.entities))


def after(text: str, before: str, language: Language) -> str:
    """The search text displayed for a follow-up: « et S3NS, après « Quand Bleu sera-t-il qualifié ? » »."""
    text, before = text.rstrip("?.! \u00a0\u202f"), before[: follow_up.MOST_CHAINED]
    return f"{text}, after “{before}”" if language == "en" else f"{text}, après «\u00a0{before}\u00a0»"


def checked(question: str) -> str:
    """The question on one line. Raises QuestionError if it is empty, too long or not valid Unicode."""
    asked = " ".join(question.split())
    if not is_unicode(asked):
        raise QuestionError("the question contains a lone surrogate: expected text in UTF-8")
    if not patterns.LETTER_OR_DIGIT.search(asked):
        raise QuestionError("the question is empty: expected a sentence such as « Qui a obtenu SecNumCloud ? »")
    if len(asked) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(asked)} characters, at most {MAX_QUESTION} are allowed: ask it in a few sentences"
        )
    return asked
