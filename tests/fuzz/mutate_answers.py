"""Checks the parser on many generated and mutated answers: ``python tests/fuzz/mutate_answers.py --count 100000``."""

from __future__ import annotations

import argparse
import random
import sys
import time

from answers_to_fuzz import OWN_ANSWERS, TASKS, check_answer, cut_places, make_answer, real_answers

from deepocr_kit.grounding import DeepSeekOcrDialect, Dialect, dialect_named


def run(dialect: Dialect, count: int, seed: int) -> str:
    """Check ``count`` answers; a line that says how many were checked.

    Raises:
        AssertionError: With the seed of the answer, which repeats it.
    """
    samples = OWN_ANSWERS + real_answers()
    characters = regions = issues = 0
    for number in range(seed, seed + count):
        dice = random.Random(number)
        raw_text = make_answer(dice, samples, foreign=not isinstance(dialect, DeepSeekOcrDialect))
        task = dice.choice(TASKS)
        try:
            parsed = check_answer(dialect, raw_text, task, cut_places(dice, len(raw_text)))
        except Exception as error:  # whatever it is, it is told with what repeats it
            raise AssertionError(f"--seed {number} --count 1 (task {task.value}): {error!r}\n{raw_text!r}") from error
        characters += len(raw_text)
        regions += len(parsed.regions)
        issues += len(parsed.issues)
    return (
        f"{dialect.name}: {count} answers, {characters} characters, {regions} regions, {issues} issues, "
        f"made from {len(OWN_ANSWERS)} own and {len(samples) - len(OWN_ANSWERS)} real samples; all invariants hold"
    )


def main(argv: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many answers")
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--dialect", default="deepseek-ocr", help="name of the dialect")
    options = parser.parse_args(argv)
    started = time.monotonic()
    print(run(dialect_named(options.dialect), options.count, options.seed))
    print(f"{time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
