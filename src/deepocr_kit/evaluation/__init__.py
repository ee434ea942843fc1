"""Judges what was read against what is true."""

from __future__ import annotations

from deepocr_kit.evaluation.anls import anls_star
from deepocr_kit.evaluation.cases import FoundCases, find_cases, load_document, load_result
from deepocr_kit.evaluation.comparison import FieldComparison, Outcome, compare_fields
from deepocr_kit.evaluation.expected import ExpectedBox
from deepocr_kit.evaluation.items import ItemScores
from deepocr_kit.evaluation.judging import (
    EvaluationCase,
    OnJudged,
    evaluate,
    evaluate_async,
    evaluate_results,
    evaluate_reviser,
    judge,
)
from deepocr_kit.evaluation.report import DocumentEvaluation, EvaluationReport
from deepocr_kit.evaluation.report_html import render_report
from deepocr_kit.evaluation.scores import Coverage, EvidenceScores, FieldScores, coverage_at
from deepocr_kit.evaluation.summary import EvaluationSummary, FieldSummary

__all__ = [
    "Coverage",
    "DocumentEvaluation",
    "EvaluationCase",
    "EvaluationReport",
    "EvaluationSummary",
    "EvidenceScores",
    "ExpectedBox",
    "FieldComparison",
    "FieldScores",
    "FieldSummary",
    "FoundCases",
    "ItemScores",
    "OnJudged",
    "Outcome",
    "anls_star",
    "compare_fields",
    "coverage_at",
    "evaluate",
    "evaluate_async",
    "evaluate_results",
    "evaluate_reviser",
    "find_cases",
    "judge",
    "load_document",
    "load_result",
    "render_report",
]
