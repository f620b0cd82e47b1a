"""HTML, templates and links in Markdown: words stay, signs go, code is left alone."""

from __future__ import annotations

import pytest

from trusted_cloud_chat.corpus.markup import without_markup


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Le <strong>tarif</strong> est de<br />12&nbsp;€.", "Le tarif est de\n12\u00a0€."),
        ("Voir [le guide](https://a.fr/guide_(2)) et [l’annexe][1].\n\n[1]: https://a.fr/annexe \"Annexe\"", "Voir le guide et l’annexe.\n\n"),
        ("![Un quai](Pictures/1000.png)Le quai [![build](b.svg)](https://ci.fr) ouvre.", "Le quai  ouvre."),
        ("{{< note >}}\nLe quai {{ site.nom }} ouvre. {% include x %}", "\nLe quai  ouvre. "),
        ("<!-- TODO:\nà revoir -->Le quai ouvre.", "Le quai ouvre."),
        ("<h2 id='a'>Tarifs</h2><ul><li>un</li><li>deux</li></ul>", "\n\n## Tarifs\n\n\n\n\n- un\n- deux\n\n"),
        ("<table><tr><th>Quai</th><th>Prix</th></tr><tr><td><b>A</b></td><td>3 €</td></tr></table>", "\n\n| Quai | Prix |\n|---|---|\n| A | 3 € |\n\n"),
        ("Écrivez à <https://a.fr/x>, `<br>` et List<String> restent, 3 < 4 aussi.", "Écrivez à https://a.fr/x, `<br>` et List<String> restent, 3 < 4 aussi."),
        ("## Tarifs {#tarifs}\n\n:::note\nUn prix.\n:::", "## Tarifs\n\n\nUn prix.\n"),
        ("::pin[Un bouton]{required=true}\n\n::demo{storyId=a--b}\nUn std::vector.", "Un bouton\n\n\nUn std::vector."),
        (":::guideline[✅ À faire]{col=6}\n\nUn bleu.\n\n:::", "✅ À faire\n\nUn bleu.\n\n"),
        ("<h3 align='center'>\n  <big>Nos gestes</big>\n</h3>\nUn.", "\n\n### Nos gestes\n\n\nUn."),
        ("> [!NOTE]\n> Le quai ferme.\n\nLa note [!] reste.", "\n> Le quai ferme.\n\nLa note [!] reste."),
        ("```html\n<b>[a](b)</b>\n```\n<b>gras</b>", "```html\n<b>[a](b)</b>\n```\ngras"),
        ("La note [1] et l’option [--essai] restent.", "La note [1] et l’option [--essai] restent."),
    ],
)  # fmt: skip
def test_what_is_no_text_goes(written: str, said: str) -> None:
    assert without_markup(written) == said


@pytest.mark.parametrize(
    "text", ["<!-- x", "<table><tr><td>x", "<script>x", "[a](x", "{{ x", "\x000\x00x", "<b" * 99 + "x"]
)
def test_what_is_not_closed_stays(text: str) -> None:
    assert without_markup(text).endswith("x")
