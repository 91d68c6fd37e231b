from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.charts.figure import Caption, svg
from ballast.charts.flow import Arrow, Node, arranged, crossings, flow, steps
from ballast.charts.theme import ACCENT, BEHIND

HOSTILE = '<script>alert("x")</script>'


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[str], list[Arrow]]:
    keys = [str(n) for n in range(draw(st.integers(1, 12)))]
    pairs = [(a, b) for n, a in enumerate(keys) for b in keys[n + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=20)) if pairs else []
    return keys, [Arrow(a, b) for a, b in chosen]


@given(graphs())
def test_every_arrow_runs_forwards_and_no_box_is_lost(
    graph: tuple[list[str], list[Arrow]],
) -> None:
    keys, arrows = graph
    step = steps(keys, arrows)
    assert all(step[a.start] < step[a.end] for a in arrows)
    layers = arranged(keys, arrows)
    assert sorted(key for layer in layers for key in layer) == sorted(keys)
    assert all(step[key] == at for at, layer in enumerate(layers) for key in layer)


@given(graphs())
def test_the_arrangement_crosses_no_more_lines_than_the_order_given(
    graph: tuple[list[str], list[Arrow]],
) -> None:
    keys, arrows = graph
    step = steps(keys, arrows)
    given_order = [[k for k in keys if step[k] == at] for at in range(max(step.values()) + 1)]
    assert crossings(arranged(keys, arrows), arrows) <= crossings(given_order, arrows)


def test_a_material_stands_one_step_before_the_first_that_takes_it() -> None:
    keys = ["ore", "seal", "iron", "ring", "bearing"]
    chain = [Arrow("ore", "iron"), Arrow("iron", "ring"), Arrow("ring", "bearing")]
    assert steps(keys, [*chain, Arrow("seal", "bearing")])["seal"] == 2


def drawn(width: int, **more: object) -> str:
    nodes = [
        Node("a", "铝土矿", "缺失 · 进口依赖", BEHIND, 0.0, hollow=True),
        Node("b", HOSTILE, "strong", ACCENT),
        Node("c", "copper rod, strip and tube of all kinds", "strong · 39 above scale", ACCENT,
             short="strong"),
    ]  # fmt: skip
    arrows = [Arrow("a", "b", broken=True), Arrow("b", "c")]
    return svg(flow(nodes, arrows, Caption("t"), "en", width=width, **more), inline=True)  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [340, 1040])
def test_names_are_escaped_and_missing_things_are_drawn_broken(width: int) -> None:
    picture = drawn(width)
    assert "<script" not in picture
    assert "铝土矿" in picture
    assert picture.count("stroke-dasharray") >= 2  # its edge, and the line that leaves it
    assert f' width="{width}" ' in picture


def test_a_text_without_room_gives_way_to_a_shorter_one() -> None:
    many = [Node(str(n), f"stage {n}", "present · 123 above scale", ACCENT, short="present")
            for n in range(7)]  # fmt: skip
    arrows = [Arrow(a.key, b.key) for a, b in pairwise(many)]
    narrow = svg(flow(many, arrows, Caption("t"), "en", width=1040), inline=True)
    assert "above scale" not in narrow
    assert "present" in narrow
    assert "above scale" in svg(flow(many[:2], arrows[:1], Caption("t"), "en", width=1040))


def test_what_cannot_be_seen_is_told() -> None:
    assert 'aria-label="ore goes into iron"' in drawn(1040, description="ore goes into iron")


def test_a_single_box_and_none_at_all_can_be_drawn() -> None:
    one = flow([Node("a", "a", "b", ACCENT)], [], Caption("t"), "en", width=1040)
    assert "<svg" in svg(one)
    assert "<svg" in svg(flow([], [], Caption("t"), "en", width=1040))
