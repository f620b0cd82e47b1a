"""Extracts the main text of a page, without menus, cards of other pages, hidden elements and advertisements."""

from itertools import islice
from typing import Any

from lxml import etree

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import fold

ELSEWHERE = ("aside", "nav", "footer", "form")
"""Elements that contain cards of other pages, menus and legal notices."""
_UNSEEN = ("script", "style", "noscript", "template", "svg", "iframe", "head", "select", "textarea", "input", "object")
_ROLES = frozenset(
    "navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar tablist".split()
)
_MENUS = frozenset(
    "nav navbar navigation navheader navfooter docnav breadcrumb breadcrumbs ariane pagination pager headerlink editsection noprint catlinks "
    "navbox printfooter linenos skiplink advert advertisement ad ads publicite".split()
)
"""Words in a class or an id that mark an element as boilerplate."""
_BESIDE = frozenset(
    "menu sidebar share sharing partage social related similaires newsletter footer promo toc sommaire cookie cookies consent banner "
    "modal popup recommended recommandations subscribe abonnement tags comments commentaires".split()
)
"""Words that mark it as boilerplate if it also has few words or many links."""
_NOTES = frozenset("note notes admonition warning tip important encadre callout caution remarque footnote".split())
_CONTROLS = ("button", "label", "option")
_IN_QUESTION = ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary")
"""Elements in which a button is the question of a collapsible answer."""
_IN_QUOTE = ("blockquote", "figure")
_IN_TEXT = ("article", "main", "section", *_IN_QUOTE)
_LISTS = ("ul", "ol", "dl", "table", "div", "section", "p", "td")
_MOST_OF_A_PAGE = 3
"""An element is removed for its class only if the page is this many times as long."""
_FEW, _CARD, _LINKS = 40, 60, 3
"""Maximum words of boilerplate and of a card; minimum links of a list of links."""
_SENTENCE, _NEAR = 8, 4
"""Minimum words of a paragraph; siblings examined on each side of a box."""
_DENSE, _LINKED = 0.75, 0.35
"""Minimum share of linked characters: in a list of links, and in an element whose tag or class marks it as boilerplate."""
_LEAST = 0.3
"""Minimum share of the words that must remain; below it the removed elements were the text."""
_OTHERS = ("a lire aussi", "lire aussi", "sur le meme sujet", "articles similaires", "articles lies", "a decouvrir", "dans la meme rubrique",
           "related", "read also", "read more", "more from", "you may also like", "les plus lus", "most read")  # fmt: skip
"""Beginnings of headings above cards of other pages."""


def main_part(tree: Any) -> tuple[Any, float]:
    """The element with the text of a page, without boilerplate, and its share of the page's prose."""
    body = next(tree.iter("body"), tree)
    drop_unseen(body)
    _drop_menus(body)
    prose = _words(body)
    part = _holder(body)
    if part is body or part.tag != "article":
        _drop_most(part, [a for a in part.iter("article") if _attached(a, part) and _is_card(a)])
    if part is body:
        _drop_most(part, _lists_of_links(part))
    _drop_headings_over_nothing(part)
    title = next(body.iter("h1"), None)
    if title is not None and part is not body and next(part.iter("h1"), None) is None:
        part.insert(0, title)
        title.tail, part.text = part.text, None
    return part, min(1.0, _words(part) / prose) if prose else 1.0


def drop_unseen(tree: Any) -> None:
    """Remove comments, scripts and hidden elements, except those that a button opens."""
    etree.strip_elements(tree, etree.Comment, etree.ProcessingInstruction, *_UNSEEN, with_tail=False)
    opened = {name for e in tree.xpath(".//*[@aria-controls]") for name in e.get("aria-controls").split()}
    for key in ("data-target", "data-bs-target"):
        opened |= {e.get(key).lstrip("#") for e in tree.xpath(f".//*[@{key}]")}
    hidden = ".//*[@hidden or @aria-hidden='true' or contains(translate(@style, ' ', ''), 'display:none')]"
    for element in tree.xpath(hidden):
        if not any(e.get("id") in opened for e in (element, *element.iterancestors()) if e.get("id")):
            drop(element)


def article_of(tree: Any) -> Any:
    """The `article` or `main` around the page's title, or the first one if there is no title, outside of asides and menus; else the page."""
    title = tree.find(".//h1")
    holders = [*title.iterancestors("article", "main")] if title is not None else [*tree.iter("article", "main")]
    return next((h for h in holders if not any(a.tag in ELSEWHERE for a in h.iterancestors())), tree)


def _holder(body: Any) -> Any:
    """The largest article; if none dominates (posts, live entries), the main element, else the page."""
    mains = [e for e in body.iter() if isinstance(e.tag, str) and (e.tag == "main" or e.get("role") == "main")]
    region = max(mains, key=_words, default=body)
    if _words(region) < _FEW and region is not body:
        region = body
    articles = [a for a in region.iter("article") if next(a.iterancestors("article"), None) is None]
    if not articles:
        return region
    sizes = {article: _words(article) for article in articles}
    titled = [a for a in articles if a.find(".//h1") is not None]
    best = max(titled or articles, key=lambda article: sizes[article])
    others = sum(size for article, size in sizes.items() if article is not best and not _is_card(article))
    if others > sizes[best] / 2 or sizes[best] < _words(region) / 3:
        return region
    return best if titled or len(articles) == 1 else region


def _drop_menus(body: Any) -> None:
    """Remove elements whose tag, role or class marks them as boilerplate."""
    whole = len(_text(body))
    for element in [e for e in body.iter() if isinstance(e.tag, str)]:
        if element is not body and _attached(element, body) and _is_beside(element, whole):
            drop(element)
    for control in list(body.iter(*_CONTROLS)):
        if next(control.iterancestors(*_IN_QUESTION), None) is None and _attached(control, body):
            drop(control)


def _is_beside(element: Any, whole: int) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:400].lower()
    tag, words = element.tag, set(patterns.LETTERS.findall(names))  # « mw-editsection » contains `editsection`
    marked, linked = words & (_MENUS | _BESIDE), _dense(element) >= _LINKED
    much = len(_text(element)) * _MOST_OF_A_PAGE >= whole
    if tag == "nav" or (element.get("role") in _ROLES and not words & _NOTES):
        return not much or linked
    if tag in ("header", "footer"):
        inside = _IN_TEXT if tag == "header" else _IN_QUOTE
        titled = tag == "header" and element.find(".//h1") is not None
        return not much and not titled and next(element.iterancestors(*inside), None) is None
    if tag == "aside":
        return not words & _NOTES and (bool(marked) or linked or not _in_text(element))
    if tag == "form":
        return not much
    if not marked or element.find(".//h1") is not None or tag in ("html", "body", "main", "article"):
        return False
    if marked == {"sidebar"} and _among_paragraphs(element):
        return linked  # a box in a manual's text
    if words & {"comments", "commentaires"} and _in_text(element):
        return True
    return not much and (bool(words & _MENUS) or linked or _words(element) <= _FEW)


def _among_paragraphs(element: Any) -> bool:
    """Whether an element has paragraphs, elements with enough words and no blocks, right before or after it."""
    around = (*islice(element.itersiblings(preceding=True), _NEAR), *islice(element.itersiblings(), _NEAR))
    alike = (e for e in around if e.tag in ("p", "div") and next(e.iterdescendants(*_LISTS), None) is None)
    return sum(_words(e) >= _SENTENCE for e in alike) > 1


def _in_text(element: Any) -> bool:
    return next(element.iterancestors("article", "main"), None) is not None


def _drop_most(part: Any, elements: list[Any]) -> None:
    """Remove the elements unless the page consists of them."""
    if sum(map(_words, elements)) < _words(part) * (1 - _LEAST):
        for element in elements:
            drop(element)


def _is_card(article: Any) -> bool:
    """Whether an article only introduces another page: it has few words and a heading that is a link."""
    if _words(article) > _CARD:
        return False
    links = [a for a in article.iter("a") if (a.get("href") or "#")[:1] != "#"]
    inside = any(next(link.iterancestors("h2", "h3", "h4", "h5"), None) is not None for link in links)
    return inside or any(link.find(f".//h{level}") is not None for link in links for level in range(2, 6))


def _lists_of_links(part: Any) -> list[Any]:
    """The outermost lists of links, which are menus if no element marks the text."""
    dense: list[Any] = []
    for element in part.iter(*_LISTS):
        links = sum(1 for a in element.iter("a") if a.get("href"))
        nested = any(above in dense for above in element.iterancestors())
        if links >= _LINKS and _dense(element) >= _DENSE and not nested:
            dense.append(element)
    return dense


def _drop_headings_over_nothing(part: Any) -> None:
    """Remove headings such as « À lire aussi » whose cards were removed."""
    for heading in [*part.iter("h2", "h3", "h4", "h5", "h6")]:
        if not _attached(heading, part) or not fold(_text(heading)).strip().startswith(_OTHERS):
            continue
        after = heading.getnext()
        if after is not None and after.tag in _LISTS and _dense(after) >= _DENSE:
            drop(after)
        drop(heading)


def _dense(element: Any) -> float:
    """The share of its characters that are linked."""
    whole = len("".join(_text(element).split()))
    linked = sum(len("".join(_text(a).split())) for a in element.iter("a") if a.get("href"))
    return linked / whole if whole else 1.0


def _text(element: Any) -> str:
    return "".join(element.itertext())


def _words(element: Any) -> int:
    return len(_text(element).split())


def _attached(element: Any, root: Any) -> bool:
    return element is root or any(above is root for above in element.iterancestors())


def drop(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()
