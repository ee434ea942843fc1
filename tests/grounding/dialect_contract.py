"""What every dialect must do, as tests to inherit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.grounding.lossless import check_spans

from deepocr_kit.documents import Region, Severity
from deepocr_kit.errors import ClosedError, GroundingError
from deepocr_kit.geometry import Size
from deepocr_kit.grounding import Dialect, OcrTask, ParsedText
from steady_time import LOOSELY_LINEAR, growth

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
    streamed: ClassVar[tuple[str, ...]] = ()
    """Samples whose regions come while the answer arrives."""
    tasks: ClassVar[tuple[OcrTask, ...]] = (OcrTask.DOCUMENT,)
    """Tasks that have a prompt."""

    def parse(self, raw_text: str, task: OcrTask = OcrTask.DOCUMENT, *, strict: bool = False) -> ParsedText:
        return self.dialect.parse(raw_text, task=task, size=SIZE, strict=strict)

    def check(self, raw_text: str, parsed: ParsedText) -> None:
        """Spans lie in the text and do not overlap; what stands outside of them is markup."""
        check_spans(raw_text, parsed, self.markup)

    def feed(
        self, pieces: Iterable[str], task: OcrTask, *, page_number: int = 1
    ) -> tuple[tuple[Region, ...], ParsedText]:
        """What a stream gives early, and what it gives in the end."""
        parser = self.dialect.parser(task=task, page_number=page_number, size=SIZE)
        early = tuple(region for piece in pieces for region in parser.feed(piece))
        return early, parser.finish()

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

    @pytest.mark.parametrize("size", [1, 7, 100, 100_000])
    def test_a_stream_gives_the_same_whatever_its_chunks(self, size: int) -> None:
        for name, sample in self.samples.items():
            raw_text = sample.raw_text * 3
            whole = self.dialect.parse(raw_text, task=sample.task, page_number=3, size=SIZE)
            pieces = (raw_text[start : start + size] for start in range(0, len(raw_text), size))
            early, parsed = self.feed(pieces, sample.task, page_number=3)

            assert parsed == whole, name
            assert early == whole.regions[: len(early)], name
            assert all(region.id.startswith("p3r") for region in parsed.regions), name

    def test_any_cut_in_two_gives_the_same(self) -> None:
        for raw_text, task in [(sample.raw_text, sample.task) for sample in self.samples.values()]:
            whole = self.parse(raw_text, task)
            for cut in range(0, len(raw_text) + 1, max(1, len(raw_text) // 150)):
                early, parsed = self.feed((raw_text[:cut], raw_text[cut:]), task)

                assert parsed == whole
                assert early == whole.regions[: len(early)]

    @settings(max_examples=80, deadline=None, suppress_health_check=SHARED)
    @given(data=st.data())
    def test_any_split_of_mixed_markup_gives_the_same(self, data: st.DataObject) -> None:
        pieces = data.draw(st.lists(st.one_of(st.sampled_from(self.fragments), st.text(max_size=4)), max_size=40))
        task = data.draw(st.sampled_from(list(OcrTask)))
        raw_text = "".join(pieces)
        cuts = sorted({0, len(raw_text), *data.draw(st.lists(st.integers(0, len(raw_text)), max_size=12))})
        early, parsed = self.feed((raw_text[start:end] for start, end in pairwise(cuts)), task)
        whole = self.parse(raw_text, task)

        assert parsed == whole
        assert early == whole.regions[: len(early)]

    def test_regions_come_while_the_answer_arrives(self) -> None:
        for name in self.streamed:
            sample = self.samples[name]
            one, whole = self.parse(sample.raw_text, sample.task), self.parse(sample.raw_text * 4, sample.task)
            early, _ = self.feed(sample.raw_text * 4, sample.task)

            assert len(early) >= len(whole.regions) - len(one.regions) - 1, (name, len(early), len(whole.regions))

    def test_a_strict_stream_refuses_only_what_a_strict_parser_refuses(self) -> None:
        answers = [(sample.raw_text, sample.task) for sample in self.samples.values()]
        answers += [(raw_text * 3, OcrTask.DOCUMENT) for raw_text in self.malformed.values()]
        for raw_text, task in answers:
            parser = self.dialect.parser(task=task, size=SIZE, strict=True)
            try:
                for start in range(0, len(raw_text), 40):
                    parser.feed(raw_text[start : start + 40])
            except GroundingError:
                with pytest.raises(GroundingError):
                    self.parse(raw_text, task, strict=True)

    def test_a_finished_stream_takes_no_more(self) -> None:
        parser = self.dialect.parser(size=SIZE)
        first = parser.finish()

        assert parser.finish() is first
        with pytest.raises(ClosedError):
            parser.feed("more")

    def test_the_time_of_a_stream_is_linear_on_hostile_input(self) -> None:
        for name, unit in {**self.hostile, **{k: v.raw_text for k, v in self.samples.items()}}.items():
            short = unit * max(1, 2_000 // len(unit))

            assert self._growth(self._stream, short) <= LOOSELY_LINEAR, name

    def test_time_is_linear_on_hostile_input(self) -> None:
        for name, unit in {**self.hostile, **{k: v.raw_text for k, v in self.samples.items()}}.items():
            short = unit * max(1, 3_000 // len(unit))

            assert self._growth(self.parse, short) <= LOOSELY_LINEAR, name

    def _growth(self, read: Callable[[str], object], short: str) -> float:
        return growth(lambda: read(short), lambda: read(short * 8), times=8, limit=LOOSELY_LINEAR)

    def _stream(self, raw_text: str) -> object:
        return self.feed((raw_text[start : start + 3] for start in range(0, len(raw_text), 3)), OcrTask.DOCUMENT)
