"""A no told by a sentence that contradicts what is asked, whatever its words: « Vincent Coudrin n’est plus à la tête de la mission »
for « … pilote-t-il toujours la mission ? », « OVHcloud a augmenté ses prix » for « … a-t-il baissé ses prix ? ».

Of 2,277 yes-or-no questions beside the sentence that answers them (`training/`), it tells 25 of the 1,227 noes and calls none of the
1,050 yeses a no; of 1,504 about PIAF’s paragraphs, which its words were not chosen by, 13 of 755 and none of 749. A yes is not told so:
of the sentences that contradict nothing, too many say something else.
"""

from __future__ import annotations

import re

from trusted_cloud_chat.answering.evidence import Reading
from trusted_cloud_chat.answering.forms.polar_question import PolarQuestion
from trusted_cloud_chat.answering.polarity import DENYING, contradiction
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.text import fold, lexical_tokens

_TURNS_ROUND = re.compile(
    r"\b(?:sans|avant|apres|after|malgre|despite|uniquement|seule?s?|seulement|plus|moins|aussi|jamais|pas|ni|faux|tous|toutes|tout|autres?|encore|before|without|only|other|still|"
    r"quitt\w*|laiss\w*|leave|subsist\w*|remain\w*|abandonn\w*|critiqu\w*|perd\w*|limit\w*|plafon\w*|disagree|convien\w*|unsuitable)\b"
)
"""Words of a question that a negation may confirm: « a-t-il signé avant d’être qualifié ? »: « n’était pas encore qualifié »."""
_OF_ANOTHER = re.compile(r"\b(?:mais|but|pas tous|not all|tandis|alors que|whereas|soit aucune?|sans|without)\b")
"""The denial may be of something else that the sentence tells."""
_DENIES_NOTHING = re.compile(
    rf"\b(?:pas|not|jamais|never)\b(?!{DENYING})|(?<!est )(?<!sont )\bnon[ -](?:american|americain|europeen|resident|membre)\w*"
)
"""« N’est pas le seul à être qualifié », « n’a pas tardé à… », « des personnes non américaines »."""
_NONE = re.compile(r"\b(?:aucune?|no) (\w+)")
_LEAST_SHARED = 0.4
"""Share of the question's words, by rarity and names apart, that the sentence has: « n’a pas fait appel » is no denial of a fine."""


def contradicts(asked: PolarQuestion, choice: Selected) -> bool:
    """Whether the sentence, with its title and the one before it, names whom the question does and cannot be true with a yes."""
    article, supposed, entities = choice.passage.article, asked.reading.polarity, asked.reading.entities
    if article.language != asked.reading.language or not asked.is_about(choice.text, entities):
        return False
    folded = fold(choice.text)
    if _TURNS_ROUND.search(asked.folded) or _OF_ANOTHER.search(folded) or _DENIES_NOTHING.search(folded):
        return False
    day = article.date.last_day if article.date else asked.reading.day
    said = Reading(" ".join(choice.text.split()), article.language, day, entities)
    if supposed.weak or supposed.denials or asked.share_in(said.stems, article.language) < _LEAST_SHARED:
        return False
    if any(not set(lexical_tokens(none, article.language)) <= asked.reading.stems for none in _NONE.findall(folded)):
        return False  # « aucun obstacle »
    found = contradiction(supposed, said.polarity, same_language=True)
    if found == "negation":
        certain = len(said.polarity.strong) + said.polarity.not_yet == 1  # two denials may make a yes
    else:
        certain = found == "opposite" and not said.polarity.plans
    return certain and asked.names_all_around(choice, titled=True)
