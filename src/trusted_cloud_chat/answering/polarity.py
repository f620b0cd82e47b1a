"""Whether two texts about the same thing say it or deny it: negations, opposites, plans told as facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trusted_cloud_chat.dates import MONTHS_EN, MONTHS_FR
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import content_words, fold, lexical_tokens
from trusted_cloud_chat.text.tense import TO_COME

_NEGATION = re.compile(
    r"\bni\b(?:[^.;:]{1,60}?\bni\b)+|\b(?:pas(?! (?:seulement|moins))|jamais|rien|aucune?s?|guere|nullement|ni|nulle?|sans|non|not(?! only)|never|"
    r"no(?! later)|none|nor|neither|without|cannot)\b|n't\b|\bn(?:e |')(?:[\w']+ ){1,2}plus\b(?! qu)|"
    r"\bn(?:e |')(?:(?:y|l'|le|la|les|en|se|s'|lui) ?)?(?:peu(?:t|vent)|pouvai(?:t|ent)|sau(?:rait|raient|ra|ront)|pour(?:rait|raient|ra|ront))"
    r"(?! (?:\w+ ){0,2}(?:pas|plus|jamais|rien|guere|que|qu)\b)"
)
_WEAK = re.compile(
    r"\b(?:pas|not)\b(?: \w+){0,4} (?:avant|before|until|encore|yet)\b|(?:pas|not) (?:encore|yet)\b|"
    r"\b(?:depass|exced|exceed)\w* (?:pas|not)\b|\b(?:not|pas)\b (?:to )?(?:depass|exced|exceed)\w*|\bpas plus de\b|\bno more than\b|"
    r"\bsans (?:y |rien )?(?:ajouter|preciser)|\bnon negociable\w*|\baucune?\b(?: [\w-]+){0,6} plus d[e']|\b(?:au plus|au maximum|at most)\b"
)
"""Negations that another wording does without: « pas avant 2025 », « ne dépasse pas 5 % »."""
_NOT_YET = re.compile(
    r"\b(?:pas|not)\b(?: \w+){0,4} (?:encore|yet)\b|\b(?:pas|not) (?:encore|yet)\b|n't\b(?: \w+){0,3} yet\b|\b(?:toujours|encore) pas\b"
)
"""What is not yet may be told as a plan, and never as done."""
DENYING = (
    r"(?! (?:seulement|uniquement|qu(?:e\b|')|tarde|manque d|(?:le |la |les |l')?(?:seule?s?|premiere?s?|derniere?s?|uniques?)\b|only\b|"
    r"(?:the )?(?:first|last)\b))"
)
"""Of a pattern, after « pas » or "not": « n’est pas le seul à être qualifié » and « n’a pas tardé à l’obtenir » deny nothing."""
_NO_DENIAL = re.compile(
    r"\b(?:sans date|non date\w*|undated|without (?:a )?date|aucune date|no date|non[ -](?:lucratif|profit)\w*)\b"
)
"""Said of a source, a plan or a kind of company; none denies anything about the rest of the sentence."""
_FIRM = (
    "refus|rejet|rejec|declin|repouss|ecarte|evinc|dismiss|turned down", "exclu|en dehors|hors du champ|except|sauf", "interdi|ban\\b|banned|bans|forbid|prohibit|block|bloqu",
    "empech|prevent", "abandon|renonc|drop|withdr|retir", "dement|niai?\\b|nie\\b|nier|deni|deny", "absen|manqu|lack|faute d|depourvu",
    "echou|echec|fail|panne", "annul|cancel|infirm|invalid|overturn", "suspen", "oppos|contest", "impossib|incapab|unable",
    "perd(?:u|re|ra|ait)|privee?s? de s|lost\\b|loses?\\b|losing\\b|depriv", "cess(?:e|ait|er|a)|ceas|stopp",
)  # fmt: skip
_FAINT = (
    "inconnu|unknown|ignor", "inachev|unfinish|restai\\w* a\\b|reste a\\b|still|had yet|has yet|have yet|toujours attend|en attente", "insuffis",
    "facultati|optional|dispens|exempt", "independ|isol|deconnect", "secret|ferme\\b|clos",
)  # fmt: skip
_DENIALS = tuple(re.compile(rf"\b(?:{words})\w*") for words in (*_FIRM, *_FAINT))
"""Words that deny without a negation, those of a group meaning about the same in either language."""
FIRM_DENIALS = range(len(_FIRM))
"""The groups of which none can be said where a quote denies nothing; the others also describe: « isolé », « reste à »."""
_UNDONE = re.compile(
    r"\b(?:abandon|renonc|echou|perd(?:u|re|ra|ait)|cess(?:e|er|ait|a)\b|annul|withdr|fail|lost\b|loses?\b|cancel|dropp)\w*"
)
"""Of those, what undoes the thing that is told."""
_SUPPOSED = re.compile(r"\b(?:if\b|si\b|s'ils?\b|en cas d[e'])[^,;]*")
"""What is only supposed to happen undoes nothing."""
_RESTRICTION = re.compile(
    r"\bn(?:e |')(?:\w+[' -]){1,4}qu(?:e\b|')|\bn'(?:est|etait|sera) qu|\b(?:seulement|uniquement|only|malgre|despite)\b"
)
_DOUBLE = re.compile(
    r"\bn(?:e |')(?:empech|interdi|exclu|ignor|oppos)\w* (?:pas|nullement)|\b(?:pas|not) (?:exclu|interdi|empech|impossib|prevent|exclud|forbid|prohib)"
)
_BORDER = re.compile(r"[,;:()]| (?:et|mais|and|but|tandis que|alors que|while) ")
_SCOPE_WORDS = 5
_AHEAD = (
    "ce",
    "cette",
    *map(fold, MONTHS_FR),
    "ete",
    "automne",
    "hiver",
    "printemps",
    "an",
    "mois",
    "trimestre",
    "semestre",
)
_LAST = (
    "".join(rf"(?<!\b{word} )" for word in _AHEAD)
    + r"(?:dernier|derniere(?! (?:annee|semaine)))|last\b(?! (?:"
    + "|".join(map(fold, MONTHS_EN))
    + r"|week|month|quarter|year|summer|winter|spring|autumn)\b)"
)
"""« En janvier dernier » is a date, « ce dernier » somebody, and neither an opposite of « premier »."""
_OPPOSITES = (
    (r"accept|approuv|approv|agree", r"refus|rejet|reject|den(?:y|ied)"),
    (r"autoris(?!ations? (?:(?:donn|accord|delivr|octroy)ee|obtenue))|authori|permet|permis|feu vert|green light|go-ahead|allow|permit|approuv|approv|clear(?:ed|s)? (?:the|its|their|[\w-]+'s) ", r"interdi|forbid|ban(?:ned|s)?\b|prohib|block|bloqu"),
    (r"valid(?!e en)", r"invalid|annul|overturn"),
    (r"gagn|gain|benefic|excedent|profit|won\b", r"perd|perte|deficit|lost|loss"),
    (r"contre\b|against|hostil", r"en faveur|favorabl|in favou?r"),
    (r"davantage|more\b", r"(?<!au )moins\b(?! de \d)|less\b|fewer"),
    (r"hausse|augment|progress|croiss|croit|bondi|relev(?!e\b|ent\b)|(?:a|ont|est|sont|ete)(?:-(?:t-)?(?:ils?|elles?|on))? releve|alourd|rise|rose|raise|grow|grew|increas", r"baiss|abaiss|redui[st]|dimin|recul|chut|repli|fall|fell|decreas|drop|declin"),
    (r"major", r"minor"), (r"obligatoir|mandator|compulsor", r"facultat|optionn|optional"),
    (r"(?<!go )(?<!went )(?<!going )publi(?:c|cs|ques?)\b", r"privee?s?\b|private\b"), (r"interne", r"externe"),
    (r"ouver|ouvri|lanc|open|launch", r"ferm|clos|arret(?!es? (?:du\b|minist|pref|publie|paru|pris\b))(?!s? (?:de la (?:cour|cjue)|du conseil|schrems))|shut|close"),
    (r"avant\b|before\b", r"apres\b|after\b"), (r"inclu|comprend|compris|includ", r"exclu|exclud"),
    (r"superieur|higher", r"inferieur|lower"), (r"(?<!au )plus d[e']|over\b|more than", r"(?<!au )moins d[e']|under\b|less than"),
    (r"acheve|termin|complet|finish", r"inachev|incomplet|unfinish"), (r"conform|respect|compl(?:y|ie)", r"contrair|viol|enfrein|breach"),
    (r"confirm|upheld|uphold", r"infirm|dement|overturn|deni|deny"), (r"achet|rachet|acqui|buy|bought|purchas", r"vend(?!redi)|cede|sell|sold"),
    (r"premier|premiere|first", _LAST), (r"reuss|success|succeed", r"echou|echec|fail"),
    (r"favorab|salu|welcom", r"defavorab|critiqu|hostil|critici"), (r"confie|attribu|award|entrust", r"retir|withdr"),
    (r"adhe(?:r|s)|rejoi|join", r"quitt|leave|left\b"), (r"connu", r"inconnu"), (r"suffisa", r"insuffisa"),
    (r"maint(?:ien|enu)|conserv|keep|kept", r"abandon|renonc|supprim|drop"), (r"gratuit|free of", r"payant"),
    (r"obtenu|acquis|obtained", r"attend|esper|vis(?:e|ait)|expect|await|depos\w+ (?:sa|son|une?) (?:demande|dossier|candidature)|appl(?:y|ied) for"),
    (r"premiere?s? (?!semestre|trimestre)|first (?!half|quarter)", r"deuxieme (?!semestre|trimestre)|second (?!half|quarter)"),
    (r"tou(?:s|tes) (?:les|ses|leurs|ces)\b|l'ensemble des\b|all (?:of )?(?:the|its|their|these)\b|every\b",
     r"certaine?s\b|quelques\b|une partie d[eu]s?\b|some\b|part of\b|a few\b"),
    (r"adopt|passed\b", r"rejet|rejec|vot\w+ (?:down|contre|against)"),
    (r"annul|invalid|str(?:ike|uck) down|overturn|casse",
     r"(?:ecart|rejet|debout)\w+\b.{0,30} (?:(?:le|la|ce|son|un|les) |l')(?:recours|demande|requete)|dismiss|upheld|uphold|maint(?:ien|enu)|confirm"),
    (r"reven(?:ir|ue?)\b|retour(?! d.exp)|return|re(?:joi|integr)", r"quitt|leave|left\b|leaving"),
    (r"(?:ecarte|evinc|recale|perdant|unsuccessful|turned down|lost out|losing)\w*", r"award|attribu|\bretenu|retient|selected|chosen|choisi\w*|won\b"),
    (r"doubl", r"tripl|quadrupl"), (r"tripl", r"quadrupl"),
)  # fmt: skip
"""The start of words of which only one can be true of a thing; French and English. « L’autorisation donnée » is what a text is about, and
allows nothing by itself."""
_PAIRS = tuple((re.compile(rf"\b(?:{a})"), re.compile(rf"\b(?:{b})")) for a, b in _OPPOSITES)
_PLAN = re.compile(
    r"\b(?:doi(?:t|vent)|devai(?:t|ent)|devrai\w*|vis(?:e|ent|ait|aient)|esp(?:ere|erait|erent)|espere\w*|compt(?:e|ait) (?:sur|etre|obtenir|ouvrir|accompagner|atteindre)|"
    r"prevo(?:it|yait|ient)|prevues?|prevus?|prom(?:et|ettait|is|ise)|candidats?|envisag\w*|pourrai\w*|attendu\w*|attend(?:ait)?\b|projet\w*|objectif\w*|"
    r"souhait\w*|veut|voul\w*|propos\w*|ambition\w*|tabl\w+ sur|brigu\w*|pretend\w*|en cours|en vue|va\b|vont\b|d'ici|avant fin|"
    r"plans?\b|planned|aim\w*|expect\w*|hop(?:e|es|ed|ing)|due\b|intend\w*|would|will|should|could|may\b|might|want\w*|seek\w*|to be\b|s'engag\w*|en route|en chemin|en voie|on its way|still)\b"
)
_TO_COME = re.compile(TO_COME)
_DONE = re.compile(
    r"\b(?:a|ont|avoir|est|sont|fut|furent|a ete|ont ete|has|have|was|were|is|been) (?:\w+ment )?(?:ete |been )?"
    r"(?:obten\w*|qualifi\w*|certifi\w*|ouver\w*|lanc\w*|livr\w*|acheve\w*|termin\w*|adopt\w*|migr\w*|atteint\w*|entre\w*|signe\w*|obtain\w*|qualified|"
    r"certified|opened|launched|completed|adopted|migrated|reached|rejoint|cree\w*|demarr\w*|accompagn\w*|suivi\w*|arriv\w*|disponible\w*|available|delivered|appliqu\w*)"
)


_NOW = re.compile(
    r"\b(?:obtien(?:t|nent)|decroche(?:nt)?|recoi(?:t|vent)|ouvre(?:nt)?|devien(?:t|nent)|demarre(?:nt)?|acheve(?:nt)?|"
    r"obtains?|gets?|receives?|opens?|becomes?|completes?)\b"
)
"""The same in the present, which tells a plan as a fact."""


@dataclass(frozen=True, slots=True)
class Polarity:
    """A text folded, its stems, the stems in reach of each negation, and the groups of its denying words."""

    folded: str
    stems: frozenset[str]
    strong: tuple[frozenset[str], ...]
    """Negations that a right paraphrase must render by another one or by a denying word."""
    weak: int
    not_yet: int
    """« pas encore », which is among the weak ones too."""
    restrictions: int
    """« ne … que », "only": what a negation may be told as."""
    denials: tuple[tuple[int, frozenset[str]], ...]
    """The group of each denying word, and the content stems around it."""

    @property
    def plans(self) -> bool:
        return bool(_TO_COME.search(self.folded) or _PLAN.search(self.folded))


def read_polarity(text: str, language: Language = "fr") -> Polarity:
    folded = fold(text)
    strong, weak, not_yet = _negations(folded, language)
    restrictions = len(_RESTRICTION.findall(folded))
    denials = tuple(
        (group, _around(folded, match, language))
        for group, pattern in enumerate(_DENIALS)
        for match in pattern.finditer(folded)
    )
    return Polarity(folded, content_words(text, language), strong, weak, not_yet, restrictions, denials)


def contradiction(said: Polarity, evidence: Polarity, *, same_language: bool) -> str | None:
    """Why the two cannot both be true: `negation`, `opposite` or `plan`; None where nothing tells.

    A denying word that both have cancels out: « n’a pas été rejeté » finds nothing in « a été rejeté » to stand by.
    """
    # « n’empêche pas » allows: such a negation of the quote excuses none of the sentence's.
    denied = [scope for scope in evidence.strong if not same_language or any(scope & mine for mine in said.strong)]
    allowed = int(bool(_DOUBLE.search(evidence.folded)))
    denied = denied[allowed:]
    if len(said.strong) > len(denied) + max(0, _excuses(said.strong, evidence, said, same_language) - allowed):
        return "negation"
    denied = [scope for scope in evidence.strong if not same_language or _covered(scope, said.stems)][allowed:]
    excused = said.weak + said.restrictions + _excuses(tuple(denied), said, evidence, same_language)
    if len(denied) > len(said.strong) + excused:
        return "negation"
    if _tells_what_is_not_yet(said, evidence) or (same_language and undoes_alone(said, evidence)):
        return "negation"
    if opposed(said, evidence):
        return "opposite"
    if (
        evidence.plans
        and not said.plans
        and any(done.search(said.folded) and not done.search(evidence.folded) for done in (_DONE, _NOW))
    ):
        return "plan"
    return None


def _tells_what_is_not_yet(said: Polarity, evidence: Polarity) -> bool:
    """Whether one side says « pas encore » of what the other tells as done."""
    denying = {group for group, _ in evidence.denials} - {group for group, _ in said.denials}
    if said.not_yet and not (evidence.not_yet or evidence.strong or evidence.weak or denying or evidence.plans):
        return True
    told_otherwise = said.not_yet or said.strong or said.weak or said.denials or said.plans
    done = _DONE.search(said.folded) and not _DONE.search(evidence.folded)
    return bool(evidence.not_yet and done and not told_otherwise)


def undoes_alone(said: Polarity, evidence: Polarity) -> bool:
    """Whether « a renoncé à » or « a perdu » has nothing like it in evidence that denies nothing at all."""
    if evidence.strong or evidence.weak or evidence.restrictions or evidence.denials:
        return False
    return bool(_UNDONE.search(_SUPPOSED.sub("", said.folded))) and not (said.strong or said.weak)


def _negations(folded: str, language: Language) -> tuple[tuple[frozenset[str], ...], int, int]:
    """For each strong negation the content stems around it within its clause, and how many are weak, and « pas encore »."""
    not_yet = [match.span() for match in _NOT_YET.finditer(folded)]
    weak = [match.span() for match in _WEAK.finditer(folded)]
    passed = [*weak, *not_yet, *(match.span() for match in _NO_DENIAL.finditer(folded))]
    strong = tuple(
        _around(folded, match, language)
        for match in _NEGATION.finditer(folded)
        if not any(start < match.end() and match.start() < end for start, end in passed)
    )
    return strong, len(weak), len(not_yet)


def _around(folded: str, match: re.Match[str], language: Language) -> frozenset[str]:
    before = _BORDER.split(folded[: match.start()])[-1]
    after = _BORDER.split(folded[match.end() :])[0]
    near = lexical_tokens(before, language)[-_SCOPE_WORDS:] + lexical_tokens(after, language)[:_SCOPE_WORDS]
    inside = lexical_tokens(match.group(), language) if match.group().startswith("ni ") else []
    return frozenset([*near, *inside])  # « ni Bleu ni S3NS » is one denial, of both


def _excuses(scopes: tuple[frozenset[str], ...], other: Polarity, own: Polarity, same_language: bool) -> int:
    """Denying words of the other text, not in this one, that are said of something which `scopes` deny."""
    mine = {group for group, _ in own.denials}
    denied = frozenset().union(*scopes)
    return len({g for g, near in other.denials if g not in mine and (not same_language or near & denied)})


def _covered(scope: frozenset[str], stems: frozenset[str]) -> bool:
    return bool(scope) and len(scope & stems) >= 0.5 * len(scope)


def opposed(
    said: Polarity, evidence: Polarity, pairs: Sequence[tuple[re.Pattern[str], re.Pattern[str]]] = _PAIRS
) -> bool:
    """One side says a word, the other only its opposite; a negation on one side alone makes them agree."""
    if bool(said.strong or said.weak) != bool(evidence.strong or evidence.weak):
        return False
    for first, second in pairs:
        for mine, other in ((first, second), (second, first)):
            if (
                mine.search(said.folded)
                and not mine.search(evidence.folded)
                and other.search(evidence.folded)
                and not other.search(said.folded)
            ):
                return True
    return False


def has_opposite(said: str, evidence: str) -> bool:
    """Whether the folded evidence has the opposite of a word of what is said, even beside the word itself: it may be said of that."""
    return any(
        mine.search(said) and other.search(evidence)
        for first, second in _PAIRS
        for mine, other in ((first, second), (second, first))
    )


def has_likeness(one: str, other: str) -> bool:
    """Whether two folded texts, in whichever languages, have words of one side of a pair of opposites: « adhérer », “join”."""
    return any(side.search(one) and side.search(other) for pair in _PAIRS for side in pair)
