"""What providers and laws are compared by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from trusted_cloud_chat.answering.timeline.shares import SHARE
from trusted_cloud_chat.schema import Language


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is compared: how a question asks for it, and what a sentence that tells it has. Both of folded text."""

    fr: str
    en: str
    asked: re.Pattern[str]
    told: re.Pattern[str]
    usual_for: frozenset[str] = frozenset()
    """Kinds of entities for which it is shown where the question names no criterion."""
    newest: re.Pattern[str] | None = None
    """What a sentence has of which the newest tells it best."""
    staged: bool = False
    """A qualification: a sentence that tells it says how far it is."""
    questions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """For each kind of entity how its cell is asked for by itself, in French and English."""

    def label(self, language: Language) -> str:
        return self.en if language == "en" else self.fr

    def question(self, name: str, kind: str, language: Language) -> str | None:
        """What is asked of one entity to fill its cell; None where only the question itself tells."""
        asked = self.questions.get(kind)
        return asked[language == "en"].format(name=name) if asked else None


def asked_criteria(folded: str) -> list[Criterion]:
    """Those that the folded question names."""
    return [criterion for criterion in _CRITERIA if criterion.asked.search(folded)]


def usual_criteria(kind: str) -> list[Criterion]:
    """Those by which entities of this kind are compared where no criterion is named."""
    return [criterion for criterion in _CRITERIA if kind in criterion.usual_for]


_ACTORS = frozenset({"actor"})
_RULES = frozenset({"law", "scheme"})
_CRITERIA = (
    Criterion(
        "Définition",
        "Definition",
        re.compile(r"\bc'est quoi\b|\bnature\b|defini"),
        re.compile(
            r"\b(?:est|is) (?:une? |le |la |l'|an? |the )|, (?:une? |le |la |l'|an? |the )?(?!seule )(?:\w+ )?(?:qualification|certification|schema|"
            r"referentiel|loi|reglement|directive|circulaire|label|scheme|law|regulation|act)\b"
        ),
        usual_for=_RULES,
        questions={
            "law": ("Qu’est-ce que {name} ?", "What is {name}?"),
            "scheme": ("Qu’est-ce que {name} ?", "What is {name}?"),
        },
    ),
    Criterion(
        "Objet",
        "Purpose",
        re.compile(r"\bobjets?\b|\bbuts?\b|finalite|objectif|a quoi ser|\bpurpose|\baims?\b"),
        re.compile(
            r"\bser(?:t|vent) (?:\w+ )?a\b|\bvise(?:nt)? a\b|pour (?:objet|but|objectif)|\bautoris|\bpermet|\bencadre|\bprotege|\bserves\b|"
            r"\baims?\b|intended|\ballows?\b|\blets\b|designed to"
        ),
        usual_for=frozenset({"law"}),
        questions={"law": ("À quoi sert {name} ?", "What is {name} for?")},
    ),
    Criterion(
        "Qualification",
        "Qualification",
        re.compile(r"qualifi|secnumcloud|certifi|statut|status|\bsnc\b|jalon|milestone"),
        re.compile(r"qualifi|certifi|\bjalon|\bj[0-3]\b|milestone"),
        usual_for=_ACTORS,
        staged=True,
        questions={
            "actor": ("Où en est la qualification SecNumCloud de {name} ?", "Is {name} SecNumCloud qualified?"),
        },
    ),
    Criterion(
        "Actionnaires",
        "Shareholders",
        re.compile(r"actionn|capital|detien|appartien|propriet|\bown|sharehold|porteur|maison mere"),
        re.compile(
            r"actionn|\bcapital|detien|detenu|appartien|filiale (?:d|commune|a \d)|coentreprise|co-entreprise|societe commune|maison mere|"
            r"\bpossed\w* (?:[\w']+ ){0,4}\d[\d,.]* ?%|\bown(?:s|ed)?\b|subsidiary|joint venture|sharehold"
        ),
        usual_for=_ACTORS,
        newest=SHARE,
        questions={
            "actor": ("Qui détient {name} ?", "Who owns {name}?"),
        },
    ),
    Criterion(
        "Technologie",
        "Technology",
        re.compile(r"techno|logiciel|software|fondee?s? sur|\bbased on"),
        re.compile(
            r"(?<!partenariat )(?<!partenariats )(?<!partenaire )(?<!partenaires )technolog(?!y partner)|sous licence|bati\w* sur|fond\w* sur|repose|s'appuie|based on|built on|licen[cs]e"
        ),
        usual_for=_ACTORS,
        questions={
            "actor": ("Sur quelle technologie repose {name} ?", "What technology is {name} based on?"),
        },
    ),
    Criterion(
        "Dates",
        "Dates",
        re.compile(r"\bquand\b|\bdates?\b|calendrier|\bwhen\b|premier\b|first\b|timeline"),
        re.compile(
            r"(?=.*\b20\d\d\b).*?\b(?:lancee?s?|ouverte?s?|ouvre|creee?s?|obtenue?s?|obtient|recue?s?|franchi|demarre\w*|"
            r"prevue?s?|attendue?s?|adoptee?s?|promulgu\w*|(?:ete|est|fut|etait) publiee?s?|en vigueur|applicable|"
            r"launched|opened|created|obtained|received|expected|adopted|in force)\b"
        ),
        usual_for=_ACTORS | _RULES,
        questions={
            "actor": ("Quand {name} a-t-il été lancé ?", "When was {name} launched?"),
            "law": ("Quand {name} est-il entré en vigueur ?", "When did {name} come into force?"),
            "scheme": ("Quand {name} a-t-il été adopté ?", "When was {name} adopted?"),
        },
    ),
    Criterion(
        "Prix",
        "Prices",
        re.compile(r"\bprix\b|tarif|\bcout|\bchere?s?\b|cheap|price|pricing|\bcosts?\b"),
        re.compile(
            r"\bprix\b|tarif|\b(?:sur)?cout|\bchere?s?\b|factur|gratuit|rabais|\bremises? (?:de \d|commerciale)|price|pricing|\bcosts?\b|cheap|expensive|"
            r"(?<!millions d')(?<!milliards d')(?<!million )(?<!billion )(?:€|euros?\b|dollars?\b).{0,20}(?:/|\b(?:par|pour un|l')|\bper\b|\ban?\b) ?(?:heure|mois|an\b|go\b|gib|hour|month|year)"
        ),
    ),
    Criterion(
        "Montants",
        "Amounts",
        re.compile(r"montant|budget|combien|amount|how much|\bpes(?:e|ait|aient)\b"),
        re.compile(r"\d.*(?:€|euros?\b|dollars?\b|%)|[€$]\d"),
    ),
    Criterion(
        "Effectif",
        "Staff",
        re.compile(r"salaries?\b|employes?\b|effectif|collaborateurs|employees|headcount|\bstaff\b"),
        re.compile(
            r"(?=.*(?<![\w.,-])\d+(?!\w)).*(?:salari|employ|effectif|collaborat|personnes|agents|ingenieur|people|staff)"
        ),
    ),
    Criterion(
        "Clients",
        "Customers",
        re.compile(r"\bclients?\b|\bcustomers?\b"),
        re.compile(r"client|a choisi|ont choisi|a retenu|\bsigne|customer|signed|selected"),
    ),
    Criterion(
        "Sites",
        "Sites",
        re.compile(r"\bou\b .*(?:heberg|situe)|centres? de donnees|data ?cent|implant|localis|\bsites?\b"),
        re.compile(r"centres? de donnees|data ?cent|\bsites?\b|heberge|\bregions?\b|implant"),
    ),
    Criterion(
        "Exigences",
        "Requirements",
        re.compile(r"exigen|critere|obligat|regles?\b|require|criteri|niveau|level|\bdur\b"),
        re.compile(r"exig|oblig|impos|interdi|plafonn|critere|soumet|doivent|require|mandatory|niveau|level|must\b"),
        usual_for=_RULES,
        questions={
            "law": ("Qu’exige {name} ?", "What does {name} require?"),
            "scheme": ("Qu’exige {name} ?", "What does {name} require?"),
        },
    ),
    Criterion(
        "Champ d’application",
        "Scope",
        re.compile(r"s'appliqu|concern|\bchamp\b|\bvise\b|\bscope\b|appl(?:y|ies) to"),
        re.compile(r"s'appliqu|concern|\bchamp\b|\bvise\b|porte sur|applies to|\bcovers\b"),
        usual_for=_RULES,
        questions={
            "law": ("À qui {name} s’applique-t-il ?", "Who does {name} apply to?"),
            "scheme": ("À qui {name} s’applique-t-il ?", "Who does {name} apply to?"),
        },
    ),
)
