"""The page on which one signs in: plain HTML that loads nothing and runs no script."""

from __future__ import annotations

from urllib.parse import quote

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.strings import STRINGS

_STYLE = """
:root{color-scheme:light dark;--paper:#f4f5f7;--card:#fff;--ink:#1b2430;--line:#8791a0;--accent:#1d4ed8;--warn:#9f1d1d}
@media(prefers-color-scheme:dark){:root{--paper:#11151b;--card:#1a2029;--ink:#e7ebf0;--line:#7c8796;--accent:#8fb4ff;--warn:#ffb0a8}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main{width:100%;max-width:22rem;padding:1.75rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
h1{margin:0 0 .25rem;font-size:1.35rem;line-height:1.25}
p{margin:0 0 1rem}
label{display:block;margin:.9rem 0 .25rem;font-weight:600}
input{width:100%;min-height:2.75rem;padding:.5rem .75rem;font:inherit;color:inherit;background:var(--paper);
border:1px solid var(--line);border-radius:.5rem}
button{width:100%;min-height:2.75rem;margin-top:1.4rem;font:inherit;font-weight:600;color:var(--card);background:var(--accent);
border:1px solid var(--accent);border-radius:.5rem;cursor:pointer}
input:focus-visible,button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.trouble{margin-top:1rem;padding:.6rem .75rem;color:var(--warn);border:1px solid currentColor;border-radius:.5rem}
"""


def login_html(accepted: str, wanted: str, trouble: str = "", name: str = "") -> str:
    """In the first language of `accepted` (Accept-Language) that the page has; goes on to `wanted`.

    `trouble`: wrong, often, ended; `name`: what was given as one.
    """
    language = _language(accepted)
    strings = STRINGS[language]
    told = {"wrong": strings.wrong, "often": strings.often, "ended": strings.ended}.get(trouble, "")
    alert = f'<p class="trouble" role="alert" id="trouble">{escape(told)}</p>' if told else ""
    described = ' aria-describedby="trouble"' if told else ""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>{escape(strings.title)} – Trusted Cloud Chat</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>Trusted Cloud Chat</h1><p>{escape(strings.text)}</p>{alert}"
        f'<form method="post" action="/login?next={quote(wanted, safe="/")}">'
        f'<label for="name">{escape(strings.name)}</label>'
        f'<input id="name" name="name" value="{escape(name)}" autocomplete="username" autocapitalize="none" spellcheck="false" required{"" if name else " autofocus"}{described}>'
        f'<label for="password">{escape(strings.password)}</label>'
        f'<input id="password" name="password" type="password" autocomplete="current-password" required{" autofocus" if name else ""}{described}>'
        f"<button>{escape(strings.enter)}</button></form></main></body></html>"
    )


def _language(accepted: str) -> Language:
    for part in accepted.split(","):
        name = part.strip()[:2].casefold()
        if name in ("fr", "en"):
            return "en" if name == "en" else "fr"
    return "fr"
