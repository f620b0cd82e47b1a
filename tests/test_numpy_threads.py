from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = "Le référentiel compte près de 360 exigences."


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
