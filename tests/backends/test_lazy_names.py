"""Importing the seam loads no vendor's SDK; the names are there on first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from deepocr_kit import backends


@pytest.mark.parametrize("name", backends.__all__)
def test_every_public_name_can_be_had(name):
    assert getattr(backends, name) is not None


def test_dir_lists_the_public_names():
    assert dir(backends) == sorted(backends.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'Nonsense'"):
        _ = backends.Nonsense


def test_importing_backends_and_doubles_loads_no_sdk():
    code = (
        "import sys, deepocr_kit.backends, deepocr_kit.testing\n"
        "print([name for name in ('openai', 'boto3', 'rapidocr', 'pytest') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.strip() == "[]"
