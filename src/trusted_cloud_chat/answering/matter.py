"""What a question asks about by name (a turnover, a price, a takeover) and whether quotes speak of it at all.

The reader is at times sure of sentences about the right company and the wrong matter. Where none of the quotes, nor a title
cited, has a word of the matter, they are no answer. Of 1,516 questions about articles that the reader did not learn from, those at
or above a threshold of 0.40 when it was made, it refused 9 of the 271 that nothing answers, and of the 1,245 others one, whose
quotes were beside the point.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from trusted_cloud_chat.answering.partial import just_before, names_others
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Citation, Query
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding.antecedents import PERSON
from trusted_cloud_chat.understanding.asked import holds_kind

_REACH = 3.0
"""A sentence that speaks of the matter comes before better ones that do not when it scores at most this far below the best."""
_FAR = 4.0
"""That a date slipped is told in few of the words that announce it: « Le calendrier a glissé »."""
_MONEY = r"\beuros?\b|€|million|milliard|billion|dollar"


_Matters = tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]


def _patterns(*pairs: tuple[str, str]) -> _Matters:
    """How a question names a matter, and what a text that speaks of it has; of folded text."""
    return tuple((re.compile(asked), re.compile(told)) for asked, told in pairs)


_PRICE = _patterns(
    (
        r"\bprix\b|\btarifs?\b|\bcout|\bprices?\b|\bcosts?\b|(?:moins|plus) chere?s?\b|cheap|\bc'est combien\b",
        rf"prix|tarif|cout|price|cost|\bchere?s?\b|cheap|factur|gratuit|surcout|rabais|remise|%|^(?![\s\S]*(?:\baides?\b|beneficiaire|subvention|\bdote|accompagn|\bgrants?\b|capital social|chiffre d'affaires|amende|share capital|turnover))[\s\S]*(?:{_MONEY})",
    ),
)
_VALUES = _patterns(
    (
        r"^\W*(?:quel(?:le)? est )?(?:le |son )?ca (?:annuel |(?:en |de )?\d{4} )?(?:de |d'|du )",
        rf"chiffre d'affaires|turnover|revenu|recettes|{_MONEY}",
    ),
    (
        r"chiffre d'affaires|turnover|\brevenues?\b",
        rf"chiffre d'affaires|turnover|\brevenus?\b|revenue|recettes|\b(?:vend\w*|ventes?|encaiss\w*|sales|sold|earn\w*)\b.*(?:{_MONEY})",
    ),
    (
        r"(?:combien|nombre|how many|number|more|plus)\b.*(?:\bsalaries?\b|\bemployes?\b|collaborateurs|employees|\bstaff\b)|(?:^\W*|\b[ld]'|\b(?:les|ses|des|leurs?|quels?|son|cet|en|aux?|et) )effectifs?\b|headcount"
        r"|(?:personnes|gens|people)\b.*\b(?:travaillent|bossent|work)\b",
        r"salari|employ|effectif|collaborat|headcount|\bstaff|personnes|\bagents?\b|ingenieur|recrut|embauch|licenci|people",
    ),
    (
        r"^\W*(?:et |and )?(?:quels?|quelles?|qui|combien|which|what|who|how many|list\w*|citez)\b(?: (?:sont|are|de|des|les|the|ses|its|leurs|their|premiere?s|gros|grands|new|main|first|big|paying|\w+'s))*(?: d')? (?:clients?|customers?)\b(?!.*\b(?:donnees|data)\b)",
        r"client|customer|choisi|retenu|utilis|adopt|confi|chose|select|signed|signe|\buse[sd]?\b|usagers",
    ),
    (r"\bage\b|\bhow old\b", r"\bans\b|\bage\b|\bagee?\b|\bnee? (?:en|le)\b|years old|\bborn\b"),
    (
        r"^\W*(?:c'est quoi |quel\w* (?:est|sont) |what(?:'s| is| are) |which (?:\w+ )?(?:is|are) )?(?:l[ae]s? |the )?(?:\w+ )?(?:meilleure?s?|best)\b|"
        r"\bquel(?:le)?s? \w+(?: (?!va\b|vont\b|doi|peu|compte\b|est\b|a\b)\w+)? (?:choisir|prendre|utiliser|acheter)\b|\bwhich (?:\w+ ){1,3}should (?:i|we)\b",
        r"meilleur|\bmieux\b|\bbest\b|recommand|recommend|conseill|prefer|privilegi|\bdoi(?:t|vent)\b|exig|impos|oblig|\bmust\b|\bshould\b|require",
    ),
    (r"\brapporteu", r"rapporteu|rapportee? par"),
    (r"\bendett|\bdettes?\b|\bdebts?\b", r"\bendett|\bdette|\bdebt|\bemprunt|\bdoit\b|\bowe"),
    (r"\bscores?\b", r"\bscores?\b|\bnot(?:es?|ation)\b|\bpoints?\b|%|\bseal\b|\bsur (?:5|10|20|100)\b|/100?\b"),
    (
        r"\bpannes?\b|\boutages?\b|\bincendies?\b",
        r"panne|incident|incendie|feu\b|outage|indisponib|interrupt|interrompu|coupure|\bfire\b|pompiers|brul",
    ),
    (
        r"\b(?:combien|que) (?:pese|vaut|pesait|valait) le marche\b|\btaille du marche\b|\bmarket size\b|size of the .*\bmarket\b|how (?:big|large) is .*\bmarket\b",
        _MONEY,
    ),
    (
        r"\bbudgets?\b",
        r"budget|credits?\b|dotation|enveloppe|financ|invest|loi de finances|alloue|funding|allocat|cout|\bcosts?\b",
    ),
    (
        r"\b(?:combien|how many)\b.*\b(?:sont|are) qualifi|\b(?:quand|date|when)\b.*(?:\bqualification\b|\b(?:est|sera|ete|is|was|be|been)(?:-t)?(?:-\w+)? (?:ete )?(?:\w+ )?qualifi)",
        r"qualifi",
    ),
    (
        r"\brentab|\bprofitab|\b(?:fait|font|realise\w*|degage\w*)(?:-t)?(?:-(?:il|elle))? (?:des |un |du |de )?benefices?\b",
        r"rentab|benefi|profit|\bpertes?\b|\bdeficit|\bebitda|resultat net|\bmarge|\bloss|margin|net income",
    ),
    (
        r"\bcondamn",
        r"condamn|\boblig|\bpayer\b|\bjug(?:e|ement)\b|amende|\bfine|coupable|\bverdict|\bdommages|indemnit|damages|guilty|sentenced|convict|ordered",
    ),
)
_TOLD_FIRST = _patterns(
    (
        r"^\W*(?:et )?(?:qui|quels?|quelles?|who|which|what)\b.*\b(?:concurrente?s?|competitors?|rivals?) (?:de |d'|of )",
        r"concurren|compet|\brival",
    ),
    (
        r"amende|sanction|\bfined?\b|penalt|penalite",
        rf"amende|sanction|\bfine|penalt|penalite|condamn|%|{_MONEY}|suspen|\bretir|retrait|revo(?:qu|k|c)|\bradie|withdr|\bpeines?\b|prison",
    ),
)
_SLIPPED = _patterns(
    (
        r"\bretards?\b|\bplus tard (?:que|qu')|\bgliss(?:e|er)\b|\bdecalee?\b|\brepoussee?\b|\breportee?\b|\bdelay|\bslip|\bpostpon|\b(?:tenu|respecte) (?:son|le|leur) (?:calendrier|delai)|"
        r"\b(?:calendrier|delais?) .*\b(?:tenu|respecte)|\blater than\b",
        r"retard|plus tard que|gliss|decal|repouss|report|delay|later than|slip|postpon|\blate\b|au lieu d|instead of|respect|\btenu\b",
    ),
)
_WHO = _patterns(
    (
        r"\b(?:detien\w+|detenue?s?|possede\w*|appartien\w*|actionnaires?|owns|owned|shareholders?)\b(?!.*(?:certif|qualif|centre|donnees|\bcles?\b|\bdata\b|\bkeys?\b))",
        r"detien|deten|possed(?!\w* (?:[\w']+ ){0,2}(?:centre|donnees|cles?\b))|appart|actionn|capital|propriet|filial|coentreprise|co-entreprise|societe commune|groupe|"
        r"rachet|acqui|control|(?<!\bpris )(?<!\bprend )(?<!\bprendre )(?<!\bsa )\bparts?\b|majorit|consortium|"
        r"\bown|sharehold|stake|subsidiar|joint venture|bought|(?:cree|fonde|lance)\w* (?:\w+ ){0,3}par\b|(?:created|founded|launched) by|%",
    ),
    (
        r"\b(?:dirige\w*|presid(?:e|ai)\w*|heads|leads|chairs|runs)\b|\ba la tete d|\baux commandes\b|\b(?:qui est|c'est qui|qui c'est|who is|who's) (?:le |la |l'|the )?(?:pdg|patron|dg\b|direct(?!\w+ (?:techni|financ|juridi|commerci|scientif))|president|ceo|head|chair)",
        r"dirig|direct|presid|\bpdg\b|patron|\bceo\b|\bhead|\blead|\bled\b|chair|fondat|\btete\b|pilot|responsable|nomm|chief|managing|gerant|"
        r"\bdg\b|\bruns?\b",
    ),
    (r"\bdirect\w+ techni|\bcto\b|chief techn", r"techni|techno|\bcto\b"),
    (r"\bdirect\w+ financ|\bcfo\b|chief financ", r"financ|\bcfo\b"),
    (r"\bdirect\w+ (?:juridi|commerci|scientif)", r"juridi|commerci|scientif"),
)
"""Asked by « qui »: owners and heads. Whom a sentence about a head names first is looked at where quotes are chosen."""
_NAME_OF = re.compile(r"\bnoms? d(?:u|e|es)\b|\bnoms? d'|\bnames? of\b")
_STEPS = _patterns(
    (r"\bcassation\b|\bpourvoi", r"cassation|pourvoi|\bpourv"),
    (
        r"\b(?:fait|font|faire|fera|feront|interjet\w+) (?:\w+ )?appel\b(?! a\b| au)|\bappealed\b|\ban appeal\b",
        r"\bappel\b(?! a\b| au| d'offres)|appeal|pourvoi",
    ),
    (r"\bdeputes\b|\bassemblee nationale\b", r"deput|assemblee|parlement|promulgu"),
    (
        r"\ben justice\b|\bin court\b|\bsued\b",
        r"justice|tribuna|\bjuge|\bcour\b|court|sued|plaint|recours|assign|attaqu|saisi|appeal|lawsuit",
    ),
)
"""Steps of a dispute or of a bill: one taken tells nothing of the next."""
_SAYS = _patterns(
    (
        r"\bque (?:pense|repond)\w*|\bqu'(?:a|ont)(?: \w+)? (?:dit|declare|repondu|affirme)|\bqu'en pense|\bwhat (?:does|did|do) .{3,60}\b(?:say|think|reply)\b",
        r"estim|\bjug|\bdit\b|\bdis[ae]i?|declar|expliqu|defend|assur|affirm|regrett|souti|repond|denonc|critiq|salu|redout|crain|promet|promis|"
        r"appel\w* a|demand|reclam|plaid|souhait|\bveu(?:t|lent)\b|\bvoul|oppos|consider|\bpens|\bcroi|recommand|preconis|propos|\bavis|reproch|selon (?:lui|elle)|"
        r"\btient|\bdout|avert|insist|accus|contest|annonc|deplor|\bpointe|\balert|\bvoit\b|mis en garde|approuv|accueil|said|says|think|argu|claim|warn|call|"
        r"describ|view|critic|welcom|believ|\badm(?:et|is)\b|reconnai|rappel|presente?\b|\brelev|admit|acknowledg",
    ),
)
_SAID_BY = re.compile(
    r"\b(?:selon|d'apres|according to)\b|^pour (?!(?:l[ae]s?|une?|ce\w*|cela) )(?:[\w'-]+ ){1,3}?[\w'-]+,"
)
"""« Pour Vincent Strubel, SecNumCloud relève de… »."""
EVENTS = _SAYS + _patterns(
    (
        r"\brachet|\bracheter|\bacquis\b|\bacquisition\b|\bbuy\b|\bbought\b|\bpurchased?\b|\bacquired?\b",
        r"rachet|rachat|acqui|achet|achat|repris|reprend|\bbuy|bought|purchas|absor|(?:pris|prise|prend|prit) (?:le |du |de )?controle|took (?:over|control)|100 ?%|uniques? (?:actionn|propriet)|seule? (?:actionn|propriet)|sole (?:owner|shareholder)",
    ),
    (
        r"(?<!donnees )(?<!donnees de )\bquitt(?!er\b)|\babandonn|\brenonc|(?<!wants to )(?<!wishes to )(?<!data )(?<!data to )\bleave\b|(?<!is )(?<!are )\bleft\b|\blache",
        r"quitt|abandon|renonc|lach|rachet|leav|\bleft\b|drop|detourn|\bsort|depart|arret|remplac|migr|retir|withdr|\bcess|\bfin\b|renouvel|place de|\bparti[rsez]?\b|\bpart(?:ent|ant|ie)\b|chang|switch",
    ),
    (r"\bannul|\binvalid|overturn|struck down", r"annul|invalid|overturn|\bcass|rejet|suspen|struck|maint|confirm"),
    (
        r"^(?!.*\b(?:quand|jusqu|combien|depuis|when|how long)\b).*\b(?:est|sont)(?:-(?:il|elle)s?)? (?:\w+ )?(?:valides?|valables?|en vigueur|en place)\b|"
        r"\bstill (?:valid|in (?:force|place|effect))\b",
        r"valid|valable|vigueur|en place|\bannul|\becart|rejet|abrog|maint|s'appliqu|\bcaduc|overturn|struck|in (?:force|place|effect)|repeal|upheld|confirm",
    ),
    (r"\brevendue?s?\b|\bcedee?s?\b|\bsold off\b", r"vend|vente|\bced|cession|sold|sell|repris|rachet|acqui"),
    (r"\bfusionn|\bmerged?\b", r"fusion|merg|rapproch"),
    (
        r"(?<!s')\b(?:ete|est|sont|fut|etait)(?:-(?:il|elle|ils|elles))? (?:fonde|cree)e?s?\b|\bdate de (?:creation|fondation)\b|\bfounded\b|\b(?:was|were) (?:created|set up|established)\b",
        r"\bfond|\bcre[eao]|found|creat|\bset up\b|establish|naiss|\bnee?s? (?:en|d)|\blance[er]?|launched|annonc|present|unveil|ouv[re]|constitu|immatricul|\bbati|\bcommun",
    ),
    (
        r"\b(?:a|ont|avait|avaient|t-il|t-elle|ils|elles) (?:\w+ )?critique\b|\bcritiqu(?:er|ent|ait|aient)\b|\bcritiques (?:faites|adressees|formulees|contre|envers)|"
        r"\bcriticis",
        r"criti|reproch|denonc|contest|accus|inquiet|regrett|\battaqu|fustig|deplor|faille|limite|\bdout|\bcrain|polemi|tolle|plainte|alert|manqu|"
        r"risque|insuffi|condamn|rejet|hostil|\bcontre\b|\bjug|defaut|faibl|opaque|denounc|concern|object|worr|warn|lack|attack|complain|weak|against|"
        r"doubt|fear|fail|blam",
    ),
    (r"\blicenci|laid off|\bfired\b", r"licenci|suppr|emploi|fired|laid off|salari|plan social|depart"),
)
"""What is said to have happened, or somebody to have said. Whether it did, a yes or no may tell in other words."""


def untold_matter(query: Query, citations: Sequence[Citation], entities: EntityBook) -> bool:
    """Whether the question names a matter, and no quote with its title speaks of any that it names.

    Where the question names actors, a quote that names others alone does not count, whatever its title names; where
    a figure or a fact is asked for, nor does one of nobody unless its title or what stands before names one of them.
    """
    further = {"yes_no": _STEPS, "date": (*EVENTS, *_STEPS)}.get(query.kind, EVENTS)
    values, roles = _asked(query, (*_PRICE, *_VALUES, *_TOLD_FIRST, *further))
    if not values and not roles:
        return False
    said = [f"{citation.article.title}\n{citation.quote}" for citation in citations]
    actors = {mention.entity.name for mention in entities.actors(query.text)}
    about = [
        text
        for text, citation in zip(said, citations, strict=True)
        if not actors or _about(citation, actors, entities, sure=query.kind in ("number", "fact"))
    ]
    speaker = _speaker(query, entities)
    if speaker:
        about = [
            text
            for text in about
            if _spoken_by(speaker, text, entities) and _of_subject(query, speaker, text, entities)
        ]
        if any(_SAID_BY.search(fold(line)) for text in about for line in text.splitlines()):
            return False
    return not (_any_told(values, about) or _any_told(roles, [citation.quote for citation in citations]))


def telling(query: Query, ranked: Sequence[Selected], entities: EntityBook) -> Sequence[Selected]:
    """Of `ranked`, best first, those that speak of the price, event or role asked about, of one of those who are named or of nobody.

    Of a price only those that have a sum, where one is asked for.

    All of `ranked` where none is asked about, or no sentence that comes near the best one does.
    """
    values, roles = _asked(query, (*_PRICE, *_TOLD_FIRST, *EVENTS))
    late = _asked(query, _SLIPPED)[0] if query.kind == "yes_no" else []
    matters = [*values, *roles, *late]
    reach = _FAR if late else _REACH
    if not matters or not ranked:
        return ranked
    actors = {mention.entity.name for mention in entities.actors(query.text)}
    speaker = _speaker(query, entities)

    def tells(choice: Selected) -> bool:
        spoken = bool(speaker and _SAID_BY.search(fold(choice.text)))
        if choice.score < ranked[0].score - reach or not (spoken or _any_told(matters, [choice.text])):
            return False
        if speaker and not _spoken_by(speaker, choice.text, entities):
            return False
        if query.kind == "number" and holds_kind("number", query.text, choice.text) < 0:
            return False
        around = f"{choice.passage.article.title}\n{choice.text}"
        return not actors or bool(entities.named(around, actors)) or not entities.actors(choice.text)

    return [choice for choice in ranked if tells(choice)] or ranked


def _speaker(query: Query, entities: EntityBook) -> str | None:
    """Who is asked about for what they said, « Que pense l’ANSSI de S3NS ? », a person or a known name; None where that is not asked."""
    question = fold(query.text)
    if not any(asked.search(question) for asked, _ in _SAYS):
        return None
    first = next(iter(entities.find(query.text)), None)
    somebody = PERSON.search(query.text, 1, first.start if first else len(query.text))
    if somebody is not None:
        return somebody[0]
    return first.entity.name if first else None


def _spoken_by(speaker: str, text: str, entities: EntityBook) -> bool:
    """Whether the text names who is asked about; a person by the last name alone, too."""
    return bool(entities.named(text, {speaker})) or fold(speaker).split()[-1] in re.findall(r"[\w-]+", fold(text))


def _of_subject(query: Query, speaker: str, text: str, entities: EntityBook) -> bool:
    """Whether the text names one of those whom the question names beside the speaker, should it name any."""
    others = {mention.entity.name for mention in entities.find(query.text)} - {speaker}
    return not others or bool(entities.named(text, others))


def _asked(query: Query, matters: _Matters) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    """What a text has that speaks of those of `matters`, and of the roles, that the question names."""
    question = fold(query.text)
    values = [told for names, told in matters if names.search(question)]
    somebody = query.kind == "who" or _NAME_OF.search(question)
    roles = [told for names, told in _WHO if somebody and names.search(question)]
    return values, roles


def _about(citation: Citation, actors: Collection[str], entities: EntityBook, *, sure: bool) -> bool:
    """Whether the quote names one of `actors`, or nobody; where it must be `sure`, under a title or after a sentence that does."""
    if names_others(citation.quote, actors, entities):
        return False
    if not sure or entities.named(citation.quote, actors):
        return True
    before = just_before(citation).rpartition("\n\n")[2]  # another paragraph may be about another
    return bool(entities.named(f"{citation.article.title}\n{before}", actors))


def _any_told(matters: Sequence[re.Pattern[str]], texts: Sequence[str]) -> bool:
    return any(told.search(fold(text)) for told in matters for text in texts)
