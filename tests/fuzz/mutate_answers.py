"""Checks every dialect on generated and mutated answers: ``python tests/fuzz/mutate_answers.py --count 100000``."""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import astuple, dataclass

from answers_to_fuzz import TASKS, check_answer, cut_places, make_answer
from family_answers import Family, families, real_outputs

from deepocr_kit.grounding import KNOWN_DIALECTS, Dialect

SHARE_OF_DEEPSEEK = 0.3
"""The rest of the answers goes to the other dialects in equal parts."""


@dataclass(frozen=True)
class Counts:
    """What was checked."""

    answers: int = 0
    characters: int = 0
    regions: int = 0
    early: int = 0
    issues: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        return (
            f"{self.answers} answers, {self.characters} characters, {self.regions} regions ({self.early} given before "
            f"the end), {self.issues} issues"
        )


def run(dialect: Dialect, family: Family, count: int, seed: int) -> Counts:
    """Check ``count`` answers in one dialect.

    Raises:
        AssertionError: With the seed of the answer, which repeats it.
    """
    counts = Counts()
    for number in range(seed, seed + count):
        dice = random.Random(number)
        raw_text = make_answer(dice, family)
        task = dice.choice(TASKS)
        try:
            parsed, early = check_answer(dialect, family, raw_text, task, cut_places(dice, len(raw_text)))
        except Exception as error:  # whatever it is, it is told with what repeats it
            place = f"--dialect {dialect.name} --seed {number} --count 1 (task {task.value})"
            raise AssertionError(f"{place}: {error!r}\n{raw_text!r}") from error
        counts += Counts(1, len(raw_text), len(parsed.regions), len(early), len(parsed.issues))
    return counts


def split(total: int, dialects: tuple[Dialect, ...]) -> dict[str, int]:
    """How many of ``total`` answers each dialect gets, by name."""
    others = [dialect.name for dialect in dialects if dialect.name != "deepseek-ocr"]
    if len(others) in (0, len(dialects)):
        return {dialect.name: total // len(dialects) for dialect in dialects}
    each = int(total * (1 - SHARE_OF_DEEPSEEK)) // len(others)
    return {"deepseek-ocr": total - each * len(others), **dict.fromkeys(others, each)}


def main(argv: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many answers in all")
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--dialect", help="name of the only dialect to check")
    options = parser.parse_args(argv)
    dialects = tuple(dialect for dialect in KNOWN_DIALECTS if options.dialect in (None, dialect.name))
    started = time.monotonic()
    total, material = Counts(), families()
    for name, count in split(options.count, dialects).items():
        dialect = next(dialect for dialect in dialects if dialect.name == name)
        counts = run(dialect, material[name], count, options.seed)
        total += counts
        print(f"{name}: {counts}", flush=True)
    print(
        f"{len(dialects)} dialects, {len(real_outputs())} real outputs among the samples: {total}; "
        f"all invariants hold ({time.monotonic() - started:.0f} s)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
