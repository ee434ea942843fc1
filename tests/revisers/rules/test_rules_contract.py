"""The rules reviser keeps the contract of all revisers."""

from __future__ import annotations

import pytest

from deepocr_kit.revisers import Reviser, RulesReviser
from deepocr_kit.testing import ReviserContract


class TestRulesReviser(ReviserContract):
    @pytest.fixture
    def reviser(self) -> Reviser:
        return RulesReviser()
