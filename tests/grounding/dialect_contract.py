"""What every dialect must do, as tests to inherit."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deepocr_kit.documents import Severity
from deepocr_kit.errors import GroundingError
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import Dialect, OcrTask, ParsedText

SIZE = Size(1000, 1400)
# one inherited test runs under several classes, which hypothesis warns about
SHARED = (HealthCheck.differing_executors, HealthCheck.too_slow)


@dataclass(frozen=True)
class Sample:
    """A well-formed answer."""

    raw_text: str
    task: OcrTask = OcrTask.DOCUMENT


class DialectContract:
    """Inherit it, and say what the dialect's answers look like."""

    dialect: ClassVar[Dialect]
    samples: ClassVar[dict[str, Sample]]
    """Well-formed answers by name: parsed without a warning, also when strict."""
    malformed: ClassVar[dict[str, str]]
    """Answers that strict parsing refuses, by name."""
    fragments: ClassVar[tuple[str, ...]]
    """Pieces of markup, whole and broken, to be mixed."""
    hostile: ClassVar[dict[str, str]]
    """Units that are repeated many times, by name."""
    markup: ClassVar[re.Pattern[str]]
    """What may stand outside of every span besides white space."""
    tasks: ClassVar[tuple[OcrTask, ...]] = (OcrTask.DOCUMENT,)
    """Tasks that have a prompt."""

    def parse(self, raw_text: str, task: OcrTask = OcrTask.DOCUMENT, *, strict: bool = False) -> ParsedText:
        return self.dialect.parse(raw_text, task=task, size=SIZE, strict=strict)

    def check(self, raw_text: str, parsed: ParsedText) -> None:
        """Spans lie in the text and do not overlap; what stands outside of them is markup."""
        spans = [region.span for region in parsed.regions] + [issue.span for issue in parsed.issues if issue.span]
        position = 0
        outside = []
        for span in sorted(span for span in spans if span is not None):
            assert position <= span[0] <= span[1] <= len(raw_text), f"{span} overlaps what ends at {position}"
            outside.append(raw_text[position : span[0]])
            position = span[1]
        outside.append(raw_text[position:])
        for stretch in outside:
            left = "".join(self.markup.sub(" ", stretch).split())

            assert not left, f"lost: {left[:80]!r}"
        assert all(region.span is not None for region in parsed.regions)
        assert len({region.id for region in parsed.regions}) == len(parsed.regions)

    def test_every_task_with_a_prompt_has_one_and_the_others_refuse(self) -> None:
        for task in OcrTask:
            query = "Total" if task is OcrTask.LOCATE else None
            if task in self.tasks:
                assert self.dialect.prompt(task, query=query)
            else:
                with pytest.raises(ValueError, match=task.value):
                    self.dialect.prompt(task, query=query)

    @settings(max_examples=40, deadline=None, suppress_health_check=SHARED)
    @given(raw_text=st.text(), task=st.sampled_from(list(OcrTask)))
    def test_nothing_is_lost_of_any_string(self, raw_text: str, task: OcrTask) -> None:
        self.check(raw_text, self.parse(raw_text, task))

    @settings(max_examples=80, deadline=None, suppress_health_check=SHARED)
    @given(data=st.data())
    def test_nothing_is_lost_of_mixed_markup(self, data: st.DataObject) -> None:
        pieces = st.one_of(st.sampled_from(self.fragments), st.text(max_size=4))
        raw_text = "".join(data.draw(st.lists(pieces, max_size=25)))
        task = data.draw(st.sampled_from(list(OcrTask)))

        self.check(raw_text, self.parse(raw_text, task))

    @settings(max_examples=60, deadline=None, suppress_health_check=SHARED)
    @given(data=st.data())
    def test_every_word_stands_in_exactly_one_span(self, data: st.DataObject) -> None:
        parts = data.draw(st.lists(st.sampled_from(self.fragments), max_size=20))
        words = [f"uniqueword{index:03d}zz" for index in range(len(parts))]
        raw_text = "".join(f"{part} {word} " for part, word in zip(parts, words, strict=True))
        parsed = self.parse(raw_text)
        spans = [region.span for region in parsed.regions] + [issue.span for issue in parsed.issues]
        held = re.findall(r"uniqueword\d{3}zz", "\0".join(raw_text[slice(*span)] for span in spans if span))

        assert sorted(held) == words

    @settings(max_examples=60, deadline=None, suppress_health_check=SHARED)
    @given(data=st.data())
    def test_strict_raises_exactly_when_there_is_more_than_information(self, data: st.DataObject) -> None:
        raw_text = "".join(data.draw(st.lists(st.sampled_from(self.fragments), max_size=12)))
        lenient = self.parse(raw_text)
        if all(issue.severity is Severity.INFO for issue in lenient.issues):
            assert self.parse(raw_text, strict=True) == lenient
        else:
            with pytest.raises(GroundingError):
                self.parse(raw_text, strict=True)

    def test_well_formed_answers_pass_without_a_warning(self) -> None:
        for name, sample in self.samples.items():
            parsed = self.parse(sample.raw_text, sample.task, strict=True)

            self.check(sample.raw_text, parsed)
            assert parsed.regions, name
            assert [issue for issue in parsed.issues if issue.severity is not Severity.INFO] == [], name

    def test_malformed_answers_are_refused_only_when_strict(self) -> None:
        for name, raw_text in self.malformed.items():
            self.check(raw_text, self.parse(raw_text))
            with pytest.raises(GroundingError):
                pytest.fail(f"{name}: {self.parse(raw_text, strict=True)}")

    def test_an_answer_that_is_cut_anywhere_keeps_its_text(self) -> None:
        for name, sample in self.samples.items():
            raw_text = sample.raw_text
            whole = " ".join(region.content for region in self.parse(raw_text, sample.task).regions)
            words = {
                match[0]: match.end()
                for match in re.finditer(r"\w{5,}", raw_text)
                if match[0] in whole and raw_text.count(match[0]) == 1
            }
            for cut in range(0, len(raw_text), max(1, len(raw_text) // 120)):
                parsed = self.parse(raw_text[:cut], sample.task)
                self.check(raw_text[:cut], parsed)
                kept = [region.content for region in parsed.regions]
                kept += [raw_text[slice(*issue.span)] for issue in parsed.issues if issue.span]
                lost = [word for word, end in words.items() if end < cut and word not in " ".join(kept)]

                assert lost == [], f"{name} cut at {cut}"

    def test_the_streaming_parser_gives_the_same(self) -> None:
        for sample in self.samples.values():
            parser = self.dialect.parser(task=sample.task, page_number=3, size=SIZE)
            for start in range(0, len(sample.raw_text), 7):
                parser.feed(sample.raw_text[start : start + 7])
            parsed = parser.finish()

            assert parsed == self.dialect.parse(sample.raw_text, task=sample.task, page_number=3, size=SIZE)
            assert all(region.id.startswith("p3r") for region in parsed.regions)

    def test_time_is_linear_on_hostile_input(self) -> None:
        for name, unit in {**self.hostile, **{k: v.raw_text for k, v in self.samples.items()}}.items():
            short = unit * max(1, 6_000 // len(unit))

            # eight times the length takes eight times as long; a quadratic parser would need 64 times
            assert self._seconds(short * 8) < 24 * self._seconds(short) + 0.1, name

    def _seconds(self, raw_text: str) -> float:
        """The best of two: what disturbs a measurement only makes it longer."""
        times = []
        for _ in range(2):
            begin = time.process_time()
            self.parse(raw_text)
            times.append(time.process_time() - begin)
        return min(times)
