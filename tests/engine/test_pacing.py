"""What pacing decides, given a rhythm and a speed: numbers in, numbers out."""

from __future__ import annotations

from inglenook.engine.pacing import (
    Rhythm,
    Speed,
    budget,
    max_tokens,
    wait,
    worth_another,
    worth_prefetching,
)
from inglenook.models.model import Timings
from inglenook_context.window import LARGE, SMALL


def typing_every(seconds: float, keys: int = 12) -> Rhythm:
    rhythm = Rhythm()
    for key in range(keys):
        rhythm = rhythm.after_key(100 + key * seconds)
    return rhythm


def test_an_instant_model_is_asked_at_once() -> None:
    assert wait(Speed(first_token=0.005), typing_every(0.15)) == 0


def test_a_model_that_was_never_measured_is_asked_at_once() -> None:
    assert wait(Speed(), typing_every(0.15)) == 0


def test_a_slow_model_is_asked_only_when_the_next_key_fails_to_come() -> None:
    seconds = wait(Speed(first_token=0.4), typing_every(0.15))
    assert 0.15 < seconds <= 0.35


def test_nobody_waits_longer_than_the_model_would_have_taken() -> None:
    assert wait(Speed(first_token=0.1), typing_every(0.3)) < 0.1


def test_a_pause_in_typing_is_no_part_of_the_rhythm() -> None:
    rhythm = typing_every(0.15)
    assert rhythm.after_key(rhythm.last + 30).mean == rhythm.mean


def test_a_slow_engine_gets_small_prompts_and_no_prefetching() -> None:
    slow = Speed().after_answer(0.5, Timings(evaluated=300, prompt_ms=2000))
    fast = Speed().after_answer(0.1, Timings(evaluated=300, prompt_ms=100))
    assert (budget(slow, 4096), worth_prefetching(slow)) == (SMALL, False)
    assert (budget(fast, 4096), worth_prefetching(fast)) == (LARGE, True)


def test_a_small_window_gets_small_prompts() -> None:
    assert budget(Speed(), context_tokens=2048) == SMALL
    assert budget(Speed(), context_tokens=0) == LARGE


def test_a_handful_of_evaluated_tokens_says_nothing_about_the_speed() -> None:
    assert Speed().after_answer(0.1, Timings(evaluated=2, prompt_ms=80)).prompt_per_second is None


def test_a_block_may_be_as_long_as_the_model_writes_in_its_time() -> None:
    assert max_tokens(Speed(predicted_per_second=5), multiline=True) == 48
    assert max_tokens(Speed(predicted_per_second=54), multiline=True) == 162
    assert max_tokens(Speed(predicted_per_second=900), multiline=True) == 256
    assert max_tokens(Speed(predicted_per_second=5), multiline=False) == 64


def test_alternatives_are_worth_it_while_they_come_soon() -> None:
    assert worth_another(spent=0.002, answers=1)
    assert worth_another(spent=0.7, answers=1)
    assert not worth_another(spent=0.8, answers=1)


def counted(characters: int, tokens: int, truncated: bool = False) -> Speed:
    timings = Timings(prompt_tokens=tokens, truncated=truncated)
    return Speed().after_answer(None, timings, characters)


def test_a_budget_is_as_many_tokens_for_every_tokenizer() -> None:
    coarse, fine = counted(4_400, 1_000), counted(2_800, 1_000)
    assert budget(coarse, 0).snippets == 4_400 < 4_500
    assert budget(fine, 0).snippets == 2_800
    assert budget(Speed(), 0) == LARGE


def test_a_budget_does_not_move_with_every_count() -> None:
    speed = Speed()
    budgets = set()
    for characters in (3_500, 3_640, 3_710, 3_480, 3_590):
        speed = speed.after_answer(None, Timings(prompt_tokens=1_000), characters)
        budgets.add(budget(speed, 0))
    assert budgets == {LARGE}


def test_a_count_that_cannot_be_is_not_believed() -> None:
    for speed in (counted(3_600, 4), counted(90, 1_000), counted(4_400, 1_000, truncated=True)):
        assert budget(speed, 0) == LARGE
