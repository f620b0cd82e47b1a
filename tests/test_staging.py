from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from builders import open_index, run, write_article
from fakes import HashedEmbedder

SHARED = "Le référentiel compte près de 360 exigences."


class TestSentences:
    def test_a_repeated_sentence_is_embedded_once(self, tmp_path: Path) -> None:
        """A sentence that two articles share goes to the embedder once, and both chunks have its vector."""
        for name in ("un", "deux"):
            write_article(tmp_path / "corpus", name, f"{SHARED} L’article {name} en parle.", title=f"Titre {name}")
        embedder = HashedEmbedder()

        run(tmp_path / "home", tmp_path / "corpus", embedder)

        assert embedder.passages.count(SHARED) == 1
        index = open_index(tmp_path / "home", embedder)
        for name in ("un", "deux"):
            article = index.article(name)
            assert article is not None
            (stored,) = index.read(lambda s, article=article: s.catalog.chunks_of(article.article_id, article.version))
            assert np.array_equal(stored.sentence_vectors[0], embedder.encode_passages([SHARED])[0].astype(np.float16))
        index.close()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="counts threads in /proc")
def test_products_of_matrices_leave_the_processor_alone() -> None:
    """NumPy gets no threads of its own: they would spin between products while texts are being embedded."""
    code = (
        "from trusted_cloud_chat.isolation import isolate; isolate()\n"
        "import os, numpy as np\n"
        "big = np.ones((600, 600), np.float32); big @ big\n"
        "print(len(os.listdir('/proc/self/task')))"
    )
    environ = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    found = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True, env=environ)
    assert found.stdout.strip() == "1"
