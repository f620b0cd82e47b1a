"""The regular expressions other than those in `model_patterns.py` and in data, each named for what it matches.

Texts are untrusted, so each pattern takes linear time on any input (`tests/language/test_growth.py`): repetitions do not
backtrack (possessive `*+` and `++`, or a following part that cannot start alike), a run is matched only from its first
character (`(?<!…)`), and elsewhere the length is bounded.
"""

import re

from trusted_cloud_chat.dates import MONTH_NAMES

Pattern = re.Pattern[str]
_SPACE = " \t\n\u00a0\u202f\u2009"

# Characters
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
BREAKABLE_SPACE = re.compile(r"[^\S\u00a0\u202f]+")
ACCENTED_LETTER = re.compile(r"[àâçéèêëîïôùûüœ]", re.IGNORECASE)
STRAIGHT_APOSTROPHE_IN_WORD = re.compile(r"(?<=\w)'(?=\w)")

# Words and numbers
TOKEN = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
NUMBER_OR_WORD = re.compile(r"\d+(?:\.\d+)+|\w+")
GROUPED_NUMBER_OR_WORD = re.compile(r"\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)|\d+(?:[.,]\d+)*|[^\W_]+")
WORD_NUMBER_OR_SIGN = re.compile(r"\d+(?:\.\d+)+|[^\W_]+|[%€$]")
LETTERS = re.compile(r"[^\W\d_]+")
ASCII_WORD = re.compile(r"(?<!\w)[a-z]+(?!\w)")
LETTER_OR_DIGIT = re.compile(r"\w")
ELISION = re.compile(r"\b(?:l|d|j|m|t|s|c|n|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu|entr)'(?=\w)", re.IGNORECASE)
AUJOURDHUI = re.compile(r"\baujourd'hui\b", re.IGNORECASE)
FEMININE_PARTICIPLE = re.compile(r"ées?$")
PLURAL_PARTICIPLE = re.compile(r"és$")
THOUSANDS_SPACE = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
MILLIARDS_OF_EUROS = re.compile(r"(?<=\d) ?(?:mds?|milliards?) ?(?:d'|de )?(?:€|euros?)", re.IGNORECASE)
MILLIONS_OF_EUROS = re.compile(r"(?<=\d) ?(?:m|millions?) ?(?:d'|de )?(?:€|euros?)", re.IGNORECASE)
EURO_BILLIONS = re.compile(r"€(?=\d)(\d[\d.,]*) ?(?:bn|billion)\b", re.IGNORECASE)
EURO_MILLIONS = re.compile(r"€(?=\d)(\d[\d.,]*) ?(?:m|million)\b", re.IGNORECASE)
THOUSANDS_OF_EUROS = re.compile(r"(?<=\d) ?k€", re.IGNORECASE)
EURO_SIGN = re.compile(r"€")
PER_CENT = re.compile(r"(?<=\d) ?(?:%|pour ?cent\b|percent\b)", re.IGNORECASE)

# Sentences and blocks
SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++"  # terminator
    rf"(?:[{_SPACE}]?»|[\"”’')\]*_])*"  # closing marks, with the space that French puts before »
    r"(?:\[\d+\])*"  # footnote number
    rf"(?=[{_SPACE}]|$)"
)
SENTENCE_BORDER = re.compile(r"(?<![.!?…])[.!?…]++(?:\s?»|[\"”’')\]])*(?=\s+(?:[«\"“(\[]\s*)?[A-ZÀ-ÖØ-Þ0-9])|\n+")
SENTENCE_OPENER = re.compile(
    rf"[{_SPACE}]*+(?:[-–—•][{_SPACE}]*+)?[*_]*+(?:(?:[«\"“(\[][{_SPACE}]*+|[{_SPACE}]++)[*_]*+)?[^\W_]"
)
BLOCK_BORDER = re.compile(r"\n[ \t]*\n\s*|\n(?=[ \t]*(?:#{1,6} |[-*•] |\d{1,2}[.)] ))|(?<=\n)(?=#)")
_NUMBERED = r"[A-Z]?(?:\. ?)?[\w*]+(?:[.-]\d+)*(?: (?:bis|ter|quater))?"
_PART = (
    r"partie|livre|titre|chapitre|(?:sous-)?section|paragraphe|article|annexe|part|book|title|chapter|annex|appendix"
)
PART_OF_A_WORK = re.compile(rf"(?:{_PART})[ \u00a0]{_NUMBERED}(?=$|[ \u00a0]?[:.–—-]|[ \u00a0]\()", re.IGNORECASE)
LIST_NUMBER = re.compile(r"\d{1,3}[.)][ \t]+(?=\S)")
LISTED = re.compile(r"(?:\d{1,3}[.)°]|[a-z]\)|[–—•-])\s")
GAP_BETWEEN_WORDS = re.compile(r"(?<=\S)\s+(?=\S)")
LEADER = re.compile(r"(?<![.…·_])(?<![.…·_] )(?:[.…·_] ?){4,}+\s*+\d{0,4}$")
"""The dots and the page number at the end of a line in a table of contents."""
HEADING_LINE = re.compile(r"^#{1,6} .*$", re.MULTILINE)
INITIAL_BEFORE_STOP = re.compile(r"(?:^|[\s(«\"'’.-])[A-ZÀÂÉÈÊÎÔÛÇ](?:\.-?[A-ZÀÂÉÈÊÎÔÛÇ]){0,20}$")
NUMBERED_CAPITAL = re.compile(r"\d\s*[A-Z]$")
WORD_GAP = re.compile(r"[\s(«\"'’\u00a0\u202f]")

# Articles and questions
_MONTH = "|".join(MONTH_NAMES)
_GAP = "[ \t\u00a0\u202f]+"
_SPOKEN_DATE = rf"(?:\d{{1,2}}(?:er)?{_GAP})?(?:{_MONTH}){_GAP}\d{{4}}"
DATE_PREFIX = re.compile(rf"\s*+date(?:[ \t]*+:)?[ \t]++({_SPOKEN_DATE}|\d\S*?)[.,;:]?(?:[ \t]+|\n|\Z)", re.IGNORECASE)

_SHORT_MONTH = "jan|janv|feb|fév|févr|mar|apr|avr|jun|jul|juil|aug|sep|sept|oct|nov|dec|déc"
_ANY_MONTH = rf"(?:{_MONTH}|(?:{_SHORT_MONTH})\b\.?)"
_DAY = (
    rf"(\d{{4}}-\d\d-\d\d|\d\d?/\d\d?/\d{{4}}|\d\d?\.\d\d?\.\d{{4}}|\d{{1,2}}(?:er|st|nd|rd|th)?{_GAP}{_ANY_MONTH}{_GAP}\d{{4}}"
    rf"|{_ANY_MONTH}{_GAP}\d{{1,2}}(?:st|nd|rd|th)?,?{_GAP}\d{{4}})"
)
_LINE_START = r"[\s*_>#(]*+"
_WEEKDAY = r"(?:(?:le |on )?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|\w{3,6}day),? )?(?:le |on )?"
_AFTER_DAY = r"(?=[T*_]*\s*(?:$|[|·(–—-]|\d\d?\s?[h:]|\d\d:|à \d|at \d|par |by ))"
DATE_LABEL = re.compile(
    rf"^{_LINE_START}(?:date de )?(?:publication|parution|mise en ligne|publiée? le)[\s:*_]*$", re.IGNORECASE
)
DONE_AT = re.compile(rf"^{_LINE_START}fait (?:à [^,.]{{1,40}}, )?le {_DAY}[*_]*\s*(?:[.,;]|$)", re.IGNORECASE)
DATELINE = re.compile(rf"{_LINE_START}(?:[^\W\d][^.]{{1,40}}?, )?{_WEEKDAY}{_DAY}{_AFTER_DAY}", re.IGNORECASE)
_PUBLISHED = (
    r"publi(?:é|ée|és|ées|shed)|paru[es]{0,2}|mise? en ligne|postée?|posted|envoyée?|affichée?|adoptée?|votée?|établie?"
    r"|recueillis?|fait|recorded|date(?: (?:de |d[’'])(?:publication|parution|mise en ligne|émission))? ?:|version|révision"
)
_EDITED = "updated|mise?s? à jour|modifiée?|actualisée?|edited"
_PIECE = "article|actualité|billet|communiqué|contenu|document|dossier|information|note|page|texte"
_CITED = "(?! (?:et )?(?:relati|portant|fixant|modifiant))"
DATED_BY = re.compile(
    rf"^{_LINE_START}(?:(?:{_PIECE}) |[^.]{{0,60}}?[,|·(–—-] ?)??\b(?:{_PUBLISHED}|{_EDITED})(?!\w)[^.\d]{{0,30}}?{_DAY}{_CITED}",
    re.IGNORECASE,
)
_MEETING = "séance|compte[- ]rendu|procès-verbal|assemblée générale|délibération|minutes"
MEETING_OF = re.compile(rf"^{_LINE_START}(?:{_MEETING})\b[^.\d]{{0,80}}{_DAY}[*_.\s]*$", re.IGNORECASE)
DAY_IN_LINE = re.compile(rf"(?<!du )(?<!de )(?<!au )(?<!of )(?<!\d){_DAY}", re.IGNORECASE)
EDITED = re.compile(_EDITED, re.IGNORECASE)
_DEADLINE = r"jusqu|limite|avant le|until|before|valid|deadline|expir|échéance|inscri|pourvoir"
_OTHER_DAY = r"supersede|remplac|abrog|replac|naissance|\bnée? le|\bborn|prochain|à partir|à compter|dès le|depuis|appli(?:que|cable)|vigueur|since|effective"
NOT_PUBLISHED = re.compile(f"{_DEADLINE}|{_OTHER_DAY}", re.IGNORECASE)
COMPARED_FIGURE = re.compile(
    r"\b(?:plus|moins|more|less|fewer|over|under|least|most|top) (?:d[e’'] ?|à |than )?\d[\d.,]*(?: \d{3})*",
    re.IGNORECASE,
)
DAY_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?([0-2]\d|3[01]))?(?!\d)")
FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
UNQUOTED_COLON = re.compile(r"^([ -]*[A-Za-z_]+): +([^\s\"'\[{|>&*#].*?:(?: (?:.*[^ \t\n])?)?)[ \t]*$", re.MULTILINE)
SAVED_FROM = re.compile(r"(?:saved from url=\(\d+\)|SingleFile\s+url:\s*)(https?://[^\s\"'<>]{1,2000})")
LAST_CHANGED = re.compile(r"modified|updated|revision", re.IGNORECASE)
_TARGET = r"\((?:[^()\s]|\([^()\s]{0,500}\)){0,2000}(?: +\"[^\n\"]{0,300}\")?\)"
HTML_OF_A_PIECE = re.compile(r"<(?:(table|script|style|svg)\b[^<>]{0,999}>|!--)", re.IGNORECASE)
HTML_ROW = re.compile(r"<tr\b[^<>]{0,999}>", re.IGNORECASE)
HTML_CELL = re.compile(r"<t[hd]\b[^<>]{0,999}>", re.IGNORECASE)
HTML_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})(?:\s[^<>]{0,1999})?/?>")
TEMPLATE = re.compile(r"\{\{[^{}]{0,500}\}\}|\{%[^{}]{0,500}%\}")
CODE_SPAN = re.compile(r"(?<!`)(`{1,3})(?!`)[^`\n]{1,500}(?<!`)\1(?!`)|\x00")
PUT_BACK = re.compile(r"\x00(\d{1,9})\x00")
LINK_TARGET = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]: +<?\S{1,2000}>?(?: +[\"'(][^\n]{0,300})?[ \t]*$", re.MULTILINE)
MARKDOWN_IMAGE = re.compile(rf"!\[[^\[\]]{{0,500}}\](?:{_TARGET}|\[[^\[\]\n]{{0,200}}\])")
MARKDOWN_LINK = re.compile(rf"(?<!\\)\[([^\[\]]{{0,1000}})\](?:{_TARGET}|\[[^\[\]\n]{{0,200}}\])")
SHOWN_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^\s<>]{1,2000})>")
DIRECTIVE = re.compile(r"^:{2,9} ?[\w-]{1,60}(?:\[([^\]\n]{0,300})\])?(?:\{[^{}\n]{0,300}\})?[ \t]*$", re.MULTILINE)
HTML_HEADING = re.compile(r"<h([1-6])\b[^<>]{0,500}>([^\x00]{0,500}?)</h\1\s*>", re.IGNORECASE)
MARK_OF_GENERATOR = re.compile(
    r"^:{3,}[^\n]*$|^(?:> ?)*\[![A-Z]{2,20}\][ \t]*$|^\[(?:TOC|\[_TOC_\])\]$|(?<![ \t])[ \t]*+\{[:#.][^{}\n]{1,200}\}[ \t]*$",
    re.MULTILINE,
)
IDENTIFIER = re.compile(r"^\S{1,200}$")

# The page and the command line
NUMBERED = re.compile(r"[a-z]{1,4}\d{1,3}")
CLAUSE_SIGN = re.compile(r"[?!:()]")
LIST_SIGN = re.compile(r"[,;](?=\s)|(?<=\s)\+(?=\s)")
MARKER = re.compile(r"\[(\d{1,3})\]")
SIGN_IN_WORD = re.compile(r"(?<=[^\W_])[*_]+(?=[^\W_])")
LOOSE_EMPHASIS = re.compile(r"\*\*+|(?<!\w)__+|(?<!_)__++(?!\w)")
LINE_SIGN = re.compile(r"\n[ \t]*(?:>[ \t]?|[-*+] )+")
INLINE_MARKDOWN = re.compile(r"[*_`\\\[&]")
MARKUP_BUT_LAYOUT = re.compile(r"[\\`\[\]<>&!#$]|(?<!\*)\*(?!\*)")
MARKDOWN_SIGN = re.compile(r"[\\`*_\[\]<>|~$&]|^[#+=-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")
BLANK_LINES = re.compile(r"\n{3,}")
COLUMN_BAR = re.compile(r"(?<!\\)\|")
OWN_COMMAND = re.compile(r"trusted-cloud-chat [a-z]+( --[a-z]+)?")
BEFORE_DOUBLE_SIGN = re.compile(r" (?=[:;?!»])|(?<=«) ")
KEPT_ON_A_LINE = re.compile(
    r"(\S{1,24} [;:?!»]+|\b\w{1,20}-(?:t-)?(?:ils?|elles?|on|ce|je|tu|[nv]ous)\b)", re.IGNORECASE
)
DIGITS = re.compile(r"\d+")
