"""One value for each field so that all of them together fit best."""

from __future__ import annotations

from collections.abc import Sequence

from deepocr_kit.revisers.rules._scoring import Scored

__all__ = ["assign"]

MAX_WORK = 300_000
"""Steps of the exact method; beyond it fields take their values in order of score."""
TIE = 1e-9
"""Decides for the earlier field where two want the same value equally."""
LEAST = 0.3
"""Scores below are no better than no value."""


def assign(options: Sequence[Sequence[Scored]]) -> tuple[Scored | None, ...]:
    """Choose one option per field; no printed characters serve two fields; the sum of the scores is the largest.

    Args:
        options: Per field its options, best first.
    """
    spots = _spots([scored for field in options for scored in field])
    weights = [_by_spot(field, spots) for field in options]
    firsts = [max(row, key=lambda spot: row[spot].score) if row else None for row in weights]
    wanted = [spot for spot in firsts if spot is not None]
    if len(set(wanted)) == len(wanted):
        return tuple(row[spot] if spot is not None else None for row, spot in zip(weights, firsts, strict=True))
    columns = len(set(spots.values()))
    if len(weights) ** 2 * (columns + len(weights)) > MAX_WORK:
        return _greedy(weights)
    return _hungarian(weights, columns)


def _by_spot(field: Sequence[Scored], spots: dict[tuple[int, int, int], int]) -> dict[int, Scored]:
    """The best option of a field on each stretch of ink, best first."""
    best: dict[int, Scored] = {}
    for scored in field:
        if scored.score >= LEAST:
            best.setdefault(spots[_key(scored)], scored)
    return best


def _key(scored: Scored) -> tuple[int, int, int]:
    found = scored.candidate.found
    return scored.candidate.piece, found.start, found.end


def _spots(options: Sequence[Scored]) -> dict[tuple[int, int, int], int]:
    """A number per stretch of ink; stretches that overlap are one."""
    spots: dict[tuple[int, int, int], int] = {}
    current, piece, reach = -1, -1, -1
    for key in sorted({_key(scored) for scored in options}):
        if key[0] != piece or key[1] >= reach:
            current, piece, reach = current + 1, key[0], key[2]
        reach = max(reach, key[2])
        spots[key] = current
    return spots


def _greedy(weights: Sequence[dict[int, Scored]]) -> tuple[Scored | None, ...]:
    pairs = [(scored.score, field, spot) for field, row in enumerate(weights) for spot, scored in row.items()]
    chosen: list[Scored | None] = [None] * len(weights)
    taken: set[int] = set()
    for _, field, spot in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if chosen[field] is None and spot not in taken:
            chosen[field] = weights[field][spot]
            taken.add(spot)
    return tuple(chosen)


def _hungarian(weights: Sequence[dict[int, Scored]], columns: int) -> tuple[Scored | None, ...]:
    """Kuhn and Munkres' method with potentials; each field also has a column of its own that means no value."""
    size = columns + len(weights)
    row_potential = [0.0] * (len(weights) + 1)
    column_potential = [0.0] * (size + 1)
    owner = [0] * (size + 1)
    for row in range(1, len(weights) + 1):
        way = _augment(row, weights, columns, row_potential, column_potential, owner)
        column = way.pop()
        for previous in reversed(way):
            owner[column] = owner[previous]
            column = previous
    chosen: list[Scored | None] = [None] * len(weights)
    for column in range(1, columns + 1):
        if owner[column]:
            chosen[owner[column] - 1] = weights[owner[column] - 1].get(column - 1)
    return tuple(chosen)


def _augment(
    row: int,
    weights: Sequence[dict[int, Scored]],
    columns: int,
    row_potential: list[float],
    column_potential: list[float],
    owner: list[int],
) -> list[int]:
    """Columns of the cheapest way from ``row`` to a free column, 0 first."""
    size = len(owner) - 1
    owner[0] = row
    slack = [float("inf")] * (size + 1)
    before = [0] * (size + 1)
    used = [False] * (size + 1)
    column = 0
    while owner[column]:
        used[column] = True
        current = owner[column]
        for other in range(1, size + 1):
            if used[other]:
                continue
            cost = _cost(weights[current - 1], current - 1, other - 1, columns)
            reduced = cost - row_potential[current] - column_potential[other]
            if reduced < slack[other]:
                slack[other], before[other] = reduced, column
        free = [other for other in range(1, size + 1) if not used[other]]
        nearest = min(free, key=slack.__getitem__)
        delta = slack[nearest]
        for other in range(size + 1):
            if used[other]:
                row_potential[owner[other]] += delta
                column_potential[other] -= delta
            else:
                slack[other] -= delta
        column = nearest
    way = [column]
    while column:
        column = before[column]
        way.append(column)
    way.reverse()
    return way


def _cost(row: dict[int, Scored], field: int, column: int, columns: int) -> float:
    if column >= columns:
        return -LEAST if column - columns == field else 2.0
    scored = row.get(column)
    return TIE * field - scored.score if scored is not None else 2.0
