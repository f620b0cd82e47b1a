"""Write `data/document_frequency.tsv`: the number of passages of a SQuAD file in which each stem occurs.

python scripts/count_words.py PIAF.json > src/trusted_cloud_chat/data/document_frequency.tsv
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from trusted_cloud_chat.language.stems import lexical_tokens

LEAST = 2


def main(path: Path) -> None:
    data = json.loads(path.read_text("utf-8"))["data"]
    passages = [paragraph["context"] for article in data for paragraph in article["paragraphs"]]
    counts = Counter(token for passage in passages for token in set(lexical_tokens(passage)))
    print(f"passages\t{len(passages)}")
    for token, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count >= LEAST:
            print(f"{token}\t{count}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
