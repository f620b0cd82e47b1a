"""What an article may not bring with it: YAML that grows, and files from elsewhere."""

from __future__ import annotations

import resource
from datetime import date
from pathlib import Path

import pytest

from builders import is_fresh, run, write, write_article
from fakes import HashedEmbedder
from trusted_cloud_chat.corpus import corpus_files, front_matter, kinds_of
from trusted_cloud_chat.corpus.front_matter import split_front_matter
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.ingestion import IngestReport
from trusted_cloud_chat_evaluation.validation import corpus_articles

TEXT = "Le fournisseur est qualifié depuis janvier. Il ouvre un centre à Lille."
MOST_REASON = 300


def bomb() -> str:
    """A few hundred bytes that would become ten to the ninth words."""
    lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 9):
        lines.append(f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 10)}]")
    return "\n".join(["date: 2024", *lines])


class TestAliases:
    @pytest.mark.parametrize(
        "block",
        [bomb(), "title: &t Nuage\npublisher: *t", "a: &a {b: 1}\nc:\n  <<: *a", "title: &seul Nuage", "title: *perdu",
         "? &k cle\n: x", "a: &a [*a]", "sources: &s [{publisher: A}]"],
    )  # fmt: skip
    @pytest.mark.parametrize("loader", ["libyaml", "python"])
    def test_none_is_taken(self, block: str, loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """With a reason that is short, says where, and what to write instead."""
        if loader == "python":
            monkeypatch.setattr(front_matter, "_Loader", front_matter.yaml.SafeLoader)
        with pytest.raises(ArticleError) as refused:
            split_front_matter(f"---\n{block}\n---\n{TEXT}")

        assert "anchor or alias (line " in str(refused.value)
        assert "between quotes" in str(refused.value)
        assert len(str(refused.value)) <= MOST_REASON

    def test_they_are_refused_before_they_grow(self) -> None:
        """What stands for gigabytes takes next to no memory, and the others are read."""
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(ArticleError):
            split_front_matter(f"---\n{bomb()}\n---\n{TEXT}")

        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000

    @pytest.mark.parametrize("title", ["AT&T et *OVHcloud*", "'*Bleu*'", '"&co"', "R&D & nuage", "2 * 3"])
    def test_their_signs_may_stand_in_a_text(self, title: str) -> None:
        fields, _ = split_front_matter(f"---\ntitle: {title}\n---\n{TEXT}")

        assert fields.title == title.strip("'\"")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """One article of its own."""
    write_article(tmp_path / "corpus", "un", f"L’article un parle du nuage. {TEXT}", title="Un")
    return tmp_path / "corpus"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the corpus, with an article and a file that is nobody's article."""
    write_article(tmp_path / "ailleurs", "secret", f"Le secret est ailleurs. {TEXT}", title="Secret")
    write(tmp_path / "ailleurs/notes.png", "x")
    return tmp_path / "ailleurs"


def failed(report: IngestReport) -> dict[str, str]:
    return {failure["path"]: failure["reason"] for failure in report.failed}


class TestLinks:
    def test_out_of_the_corpus_none_is_followed(self, tmp_path: Path, corpus: Path, outside: Path) -> None:
        """A file, a folder, one that leads nowhere, one by way of another: each with the reason and what mends it."""
        (corpus / "fichier.md").symlink_to(outside / "secret.md")
        (corpus / "dossier").symlink_to(outside)
        (corpus / "nulle-part.md").symlink_to(outside / "rien.md")
        (corpus / "relatif.txt").symlink_to("../ailleurs/secret.md")
        (corpus / "sous").mkdir()
        (corpus / "sous/detour.md").symlink_to(corpus / "fichier.md")

        report = run(tmp_path / "home", corpus, HashedEmbedder())

        assert report.added == ["un"]
        assert set(failed(report)) == {"fichier.md", "dossier", "nulle-part.md", "relatif.txt", "sous/detour.md"}
        assert f"ingest {outside / 'secret.md'}" in failed(report)["fichier.md"]
        assert f"ingest {outside}`" in failed(report)["dossier"]
        assert all(len(reason) <= MOST_REASON for reason in failed(report).values())

    def test_inside_they_are_followed(self, tmp_path: Path, corpus: Path) -> None:
        """To a file: it is read, here under its other name. To a folder: what is in it is read where it is."""
        write_article(corpus / ".magasin", "deux", f"L’article deux. {TEXT}", title="Deux")
        (corpus / "deux.md").symlink_to(".magasin/deux.md")
        write_article(corpus / "sous", "trois", f"L’article trois. {TEXT}", title="Trois")
        (corpus / "encore").symlink_to("sous")

        report = run(tmp_path / "home", corpus, HashedEmbedder())

        assert (report.failed, sorted(report.added)) == ([], ["deux", "sous/trois", "un"])

    def test_a_link_to_a_folder_of_the_corpus_is_told(self, tmp_path: Path, corpus: Path) -> None:
        """One that leads back above itself too: nothing is lost, so nothing has failed."""
        write_article(corpus / "sous/fond", "deux", f"L’article deux. {TEXT}", title="Deux")
        (corpus / "boucle").symlink_to(".")
        (corpus / "sous/fond/haut").symlink_to("../..")
        (corpus / "encore").symlink_to("sous")

        whole = run(tmp_path / "home", corpus, HashedEmbedder())
        given = run(tmp_path / "home", corpus, HashedEmbedder(), corpus / "sous")

        assert (whole.failed, whole.skipped, sorted(whole.added)) == ([], {}, ["sous/fond/deux", "un"])
        told, again = (
            [notice["path"] for notice in report.notices if "read where they are" in notice["message"]]
            for report in (whole, given)
        )
        assert (told, again) == (["boucle", "encore", "sous/fond/haut"], ["sous/fond/haut"])

    def test_nobody_is_sent_to_what_is_not_there_or_no_file(self, tmp_path: Path, corpus: Path) -> None:
        """Out of the corpus, to nothing and to a device: to give that path would help nobody."""
        (corpus / "mort.md").symlink_to(tmp_path / "nulle-part")
        (corpus / "zero.md").symlink_to("/dev/zero")

        reasons = failed(run(tmp_path / "home", corpus, HashedEmbedder()))

        assert "leads nowhere" in reasons["mort.md"]
        assert "a device" in reasons["zero.md"]
        assert not any("ingest" in reason for reason in reasons.values())

    def test_the_corpus_itself_may_be_a_link(self, tmp_path: Path, corpus: Path) -> None:
        (tmp_path / "lien").symlink_to(corpus)
        (corpus / "aussi.md").symlink_to(corpus / "un.md")

        assert not [file for file in corpus_files(tmp_path / "lien") if file.fault]

    def test_what_is_itself_given_is_meant(self, tmp_path: Path, corpus: Path, outside: Path) -> None:
        """A link outside of the corpus, to a file or a folder; what is in the folder may still not lead out of it."""
        (tmp_path / "donne.md").symlink_to(outside / "secret.md")
        (tmp_path / "dossier").symlink_to(outside)
        (outside / "sorti.md").symlink_to(corpus / "un.md")

        one = run(tmp_path / "home", corpus, HashedEmbedder(), tmp_path / "donne.md")
        other = run(tmp_path / "home2", corpus, HashedEmbedder(), tmp_path / "dossier")

        assert (one.added, one.failed) == (["donne"], [])
        assert other.added == ["secret"]
        assert list(failed(other)) == [str(tmp_path / "dossier/sorti.md")]

    @pytest.mark.parametrize("given", ["fichier.md", "dossier", "dossier/secret.md"])
    def test_of_the_corpus_none_can_be_given(self, tmp_path: Path, corpus: Path, outside: Path, given: str) -> None:
        (corpus / "fichier.md").symlink_to(outside / "secret.md")
        (corpus / "dossier").symlink_to(outside)

        report = run(tmp_path / "home", corpus, HashedEmbedder(), corpus / given)

        assert (report.added, list(failed(report))) == ([], [given])

    def test_what_is_stored_for_it_stays(self, tmp_path: Path, corpus: Path, outside: Path) -> None:
        """An article whose file became a link has failed, and was not deleted."""
        run(tmp_path / "home", corpus, HashedEmbedder())
        (corpus / "un.md").unlink()
        (corpus / "un.md").symlink_to(outside / "secret.md")

        report = run(tmp_path / "home", corpus, HashedEmbedder())

        assert (report.deleted, list(failed(report)), report.chunks) == ([], ["un.md"], 1)

    def test_a_corpus_with_one_is_never_as_new_as_its_index(self, tmp_path: Path, corpus: Path, outside: Path) -> None:
        run(tmp_path / "home", corpus, HashedEmbedder())
        assert is_fresh(tmp_path / "home", corpus)

        (corpus / "nulle-part.md").symlink_to(outside / "rien.md")

        assert not is_fresh(tmp_path / "home", corpus)

    def test_evaluation_reads_none(self, corpus: Path, outside: Path) -> None:
        """As `ingest` does not."""
        (corpus / "fichier.md").symlink_to(outside / "secret.md")

        assert list(corpus_articles(corpus, date(2026, 11, 24))) == ["un"]

    def test_of_a_kind_that_is_not_read_it_is_passed_over(self, corpus: Path, outside: Path) -> None:
        (corpus / "notes.png").symlink_to(outside / "notes.png")

        others: set[Path] = set()
        assert [file.name for file in corpus_files(corpus, others)] == ["un.md"]
        assert kinds_of(others) == {".png": 1}
