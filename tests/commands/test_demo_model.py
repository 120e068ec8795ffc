"""The demo with the real model, as its user runs it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.test_model import obtain

pytestmark = pytest.mark.model


def test_a_real_model_writes_a_word_that_nobody_typed() -> None:
    environ = os.environ | {"INGLENOOK_MODELS_DIR": str(obtain().parent)}
    command = [sys.executable, "-P", "-m", "inglenook", "demo", "--word", "zorblat"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "  return{+ zorblat(cart, sku, 1);+}\n" in done.stdout
    assert " evaluated, " in done.stdout
