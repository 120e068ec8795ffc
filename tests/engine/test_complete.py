"""The story of one completion, told by what reaches the model and what comes back."""

from __future__ import annotations

import asyncio

import pytest

from inglenook.engine.ask import Selected
from inglenook.engine.status import State, Status
from inglenook.models.errors import BackendFailed, BackendOffline
from inglenook.models.model import Model
from tests.support.desk import Desk, ScriptedModel

FILE = "def total(prices):\n    █\n\nprint(total([1]))\n"


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_model_is_shown_the_hole_and_its_answer_comes_back() -> None:
    async with Desk("return sum(prices)") as desk:
        desk.open(FILE)
        assert await desk.ask() == "return sum(prices)"
        assert desk.model.calls[0].shown == FILE


async def test_typing_an_answer_out_asks_the_model_once() -> None:
    async with Desk("return sum(prices)") as desk:
        desk.open(FILE)
        rest = await desk.ask()
        for key in "return sum(prices":
            desk.type(key)
            rest = rest[1:]
            assert await desk.ask() == rest
        assert sum(call.shown == FILE for call in desk.model.calls) == 1
        assert [call.shown for call in desk.model.calls[1:]] in (
            [],
            [FILE.replace("█", "return sum(prices)█")],  # the look ahead
        )


async def test_a_wrong_character_asks_again() -> None:
    async with Desk("return sum(prices)", "x = 1") as desk:
        desk.open(FILE)
        await desk.ask()
        desk.type("#")
        desk.request()
        assert (await desk.call(1)).shown == FILE.replace("█", "#█")


async def test_a_change_below_the_cursor_asks_again() -> None:
    async with Desk("return 1", "return 2") as desk:
        desk.open(FILE)
        assert await desk.ask() == "return 1"
        at = desk.cursor.offset
        end = desk.cursor.document.text.length
        desk.edit(end - 2, end - 1, ")  # changed", at)
        assert await desk.ask() == "return 2"


async def test_a_newer_request_closes_the_older_one_before_it_asks() -> None:
    async with Desk() as desk:
        desk.open(FILE)
        older = desk.request(automatic=False)
        call = await desk.call(0)
        desk.type("x")
        newer = desk.request(automatic=False)
        second = await desk.call(1)
        assert call.closed.is_set()
        assert desk.model.at_once == 1
        assert (await older).texts == ()
        second.end(" = 1")
        assert (await newer).texts == (" = 1",)


async def test_typing_what_is_being_streamed_takes_the_stream_over() -> None:
    async with Desk() as desk:
        desk.open(FILE)
        older = desk.request()
        call = await desk.call(0)
        call.say("return sum")
        await settle()
        desk.type("ret")
        newer = desk.request()
        await settle()
        assert older.done()
        assert not call.closed.is_set()
        call.end("(prices)")
        assert (await newer).texts == ("urn sum(prices)",)
        assert (await older).texts == ()


async def test_typing_something_else_than_what_is_streamed_ends_it() -> None:
    async with Desk() as desk:
        desk.open(FILE)
        older = desk.request()
        call = await desk.call(0)
        call.say("return sum")
        await settle()
        desk.type("pr")
        desk.request()
        await desk.call(1)
        assert call.closed.is_set()
        assert (await older).texts == ()


async def test_a_stream_that_was_taken_over_and_went_elsewhere_is_asked_for_anew() -> None:
    async with Desk() as desk:
        desk.open("x = █\n")
        older = desk.request()
        call = await desk.call(0)
        call.say("foo(")
        await settle()
        desk.type("foo(")
        newer = desk.request()
        await settle()
        call.end("")  # what remains is nothing that was not typed
        second = await desk.call(1)
        second.end("bar)")
        assert (await newer).texts == ("bar)",)
        assert (await older).texts == ()


async def test_cancelling_a_request_closes_the_stream_before_it_returns() -> None:
    async with Desk() as desk:
        desk.open(FILE)
        request = desk.request()
        call = await desk.call(0)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        assert call.closed.is_set()


async def test_closing_the_document_ends_its_stream_and_answers() -> None:
    async with Desk() as desk:
        desk.open(FILE)
        request = desk.request()
        call = await desk.call(0)
        desk.close()
        assert (await request).texts == ()
        await asyncio.wait_for(call.closed.wait(), 1)


async def test_shutting_down_ends_everything() -> None:
    async with Desk() as desk:
        desk.open(FILE)
        request = desk.request()
        call = await desk.call(0)
        await desk.completer.close()
        assert call.closed.is_set()
        assert (await request).texts == ()


async def test_what_was_typed_meanwhile_is_taken_off_the_answer() -> None:
    async with Desk() as desk:
        desk.open(FILE)
        request = desk.request()
        call = await desk.call(0)
        desk.type("return ")
        call.end("return sum(prices)")
        answer = await request
        assert answer.texts == ("sum(prices)",)
        assert answer.offset == desk.cursor.offset
        assert answer.document is desk.cursor.document


async def test_an_answer_to_a_document_that_went_elsewhere_is_empty() -> None:
    async with Desk() as desk:
        desk.open(FILE)
        request = desk.request()
        call = await desk.call(0)
        desk.type("pass")
        call.end("return sum(prices)")
        assert (await request).texts == ()


async def test_an_invoked_request_gets_distinct_alternatives() -> None:
    async with Desk("a = 1", "a = 1", "b = 2") as desk:
        desk.open(FILE)
        answer = await desk.request(automatic=False, wanted=3)
        assert answer.texts == ("a = 1", "b = 2")


async def test_invoking_after_an_automatic_answer_asks_for_alternatives() -> None:
    async with Desk("a = 1", "b = 2", "c = 3") as desk:
        desk.open(FILE)
        assert await desk.ask() == "a = 1"
        answer = await desk.request(automatic=False, wanted=3)
        assert answer.texts == ("a = 1", "b = 2", "c = 3")


async def test_the_selected_item_of_a_popup_is_continued() -> None:
    async with Desk("(prices)") as desk:
        desk.open("def total(prices):\n    return su█\n")
        at = desk.cursor.offset
        answer = await desk.request(selected=Selected(at - 2, at, "sum"))
        assert desk.model.calls[0].shown == "def total(prices):\n    return sum█\n"
        assert answer.texts == ("(prices)",)


async def test_accepting_is_answered_by_what_was_looked_up_ahead() -> None:
    async with Desk("prices = list(prices)", "\n    return sum(prices)") as desk:
        desk.open(FILE)
        text = await desk.ask()
        ahead = await desk.call(1)
        await ahead.closed.wait()
        await settle()
        desk.type(text)
        assert await desk.ask() == "\n    return sum(prices)"
        assert sum("list(prices)█" in call.shown for call in desk.model.calls) == 1


async def test_looking_ahead_makes_way_for_a_real_request() -> None:
    async with Desk("prices = list(prices)") as desk:
        desk.open(FILE)
        await desk.ask()
        ahead = await desk.call(1)
        desk.type("y")
        desk.request()
        await desk.call(2)
        assert ahead.closed.is_set()
        assert desk.model.at_once == 1


async def test_two_documents_take_turns_at_one_model() -> None:
    async with Desk() as desk:
        desk.open(FILE, "one.py")
        first = desk.request(automatic=False)
        call = await desk.call(0)
        desk.open(FILE, "two.py")
        second = desk.request(automatic=False)
        await settle()
        assert len(desk.model.calls) == 1
        call.end("return 1")
        assert (await first).texts == ("return 1",)
        (await desk.call(1)).end("return 2")
        assert (await second).texts == ("return 2",)
        assert desk.model.at_once == 1


async def test_a_backend_that_fails_is_a_status_and_the_next_request_works() -> None:
    async with Desk() as desk:
        desk.open(FILE)
        request = desk.request(automatic=False)
        (await desk.call(0)).fail(BackendOffline("Nothing answers."))
        assert (await request).texts == ()
        assert desk.statuses[-1].state is State.OFFLINE
        request = desk.request(automatic=False)
        (await desk.call(1)).end("return 1")
        assert (await request).texts == ("return 1",)
        assert desk.statuses[-1].state is State.IDLE


async def test_without_a_backend_requests_are_answered_and_one_status_says_why() -> None:
    desk = Desk(model=ScriptedModel(loaded=False))
    desk.found = None
    async with desk:
        desk.supply.start()
        await settle()
        desk.open(FILE)
        for _ in range(50):
            assert await desk.ask() == ""
        assert desk.supply.status.text == "Nothing is there."
        assert len(desk.statuses) == 1


async def test_a_request_that_comes_before_the_first_search_ended_waits_for_it() -> None:
    desk = Desk("return 1", model=ScriptedModel(loaded=False, answers=["return 1"]))
    found = asyncio.Event()
    find = desk.supply.find

    async def slowly() -> tuple[Model | None, Status]:
        await found.wait()
        return await find()

    desk.supply.find = slowly
    async with desk:
        desk.supply.start()
        desk.open(FILE)
        request = desk.request()
        await settle()
        assert not request.done()
        found.set()
        desk.model.loads.set()
        assert (await request).texts == ("return 1",)


async def test_a_storm_of_cancelled_requests_does_not_stop_a_model_from_loading() -> None:
    model = ScriptedModel(loaded=False)
    async with Desk(model=model) as desk:
        desk.supply.start()
        await settle()
        assert desk.statuses[-1].state is State.LOADING
        desk.open(FILE)
        for key in "return":
            desk.type(key)
            request = desk.request()
            await settle()
            request.cancel()
        assert not model.calls
        model.loads.set()
        await settle()
        assert desk.statuses[-1].state is State.IDLE
        model.answers.append(" 1")
        assert await desk.ask() == " 1"


async def test_files_of_secrets_get_no_automatic_text_and_give_none_to_others() -> None:
    async with Desk("123") as desk:
        desk.open("TOKEN = █\n", ".env", "python")
        assert await desk.ask() == ""
        assert not desk.model.calls
        assert await desk.ask(automatic=False) == "123"
        assert desk.session.others("file:///desk/other.py") == ()


async def test_a_crlf_file_gets_crlf() -> None:
    async with Desk("if prices:\n        return 1\n    return 0") as desk:
        desk.open(FILE.replace("\n", "\r\n"))
        assert await desk.ask() == "if prices:\r\n        return 1\r\n    return 0"


@pytest.mark.parametrize(
    ("before", "after"),
    [("x = foo(█)\n", "x = foo(█"), ("x = █\n", "x = █\ny = 1\n"), ("x = (█", "x = (█)")],
)
async def test_a_change_at_the_end_of_the_file_asks_again(before: str, after: str) -> None:
    async with Desk("a, b") as desk:
        desk.open(before)
        first = await desk.ask()
        at, end = desk.cursor.offset, desk.cursor.document.text.length
        desk.edit(at, end, after.partition("█")[2], at)
        desk.model.answers = ["c"]
        assert await desk.ask() == "c" != first


async def test_what_an_open_file_defines_is_part_of_the_question() -> None:
    async with Desk("old") as desk:
        desk.open("x = 1\n█", "other.py")
        await asyncio.sleep(0.2)
        desk.open("x = █\n")
        assert await desk.ask() == "old"
        here = desk.cursor
        desk.open("def f(a): ...\n█", "other.py")
        await asyncio.sleep(0.2)
        desk.cursor = here
        desk.model.answers = ["new"]
        assert await desk.ask() == "new"


async def test_an_answer_is_kept_for_what_its_prompt_was_made_of() -> None:
    """Not for what is open when it comes: the next request is asked with that."""
    async with Desk() as desk:
        desk.open("x = █\n")
        here = desk.cursor
        request = desk.request(automatic=False)
        call = await desk.call(0)
        desk.open("def f(a): ...\n█", "other.py")
        await asyncio.sleep(0.2)
        call.end("old")
        assert (await request).texts == ("old",)
        desk.cursor = here
        desk.model.answers = ["new"]
        assert await desk.ask(automatic=False) == "new"


async def test_what_is_known_is_given_while_the_model_is_asked_who_it_is() -> None:
    """A name can mean other weights by now; it is looked at now and then."""
    async with Desk("return 1") as desk:
        desk.open(FILE)
        for _ in range(3):
            assert await desk.ask() == "return 1"
        await settle()
        assert desk.model.confirmed == 1


async def test_an_error_in_a_later_alternative_loses_none() -> None:
    async with Desk() as desk:
        desk.open(FILE)
        request = desk.request(automatic=False, wanted=3)
        (await desk.call(0)).end("return 1")
        (await desk.call(1)).fail(BackendFailed("It broke."))
        assert (await request).texts == ("return 1",)


async def test_typing_while_alternatives_are_asked_for_gets_the_text_that_is_there() -> None:
    async with Desk() as desk:
        desk.open(FILE)
        request = desk.request(automatic=False, wanted=3)
        (await desk.call(0)).end("return 1")
        second = await desk.call(1)
        desk.type("r")
        assert await desk.ask() == "eturn 1"
        assert (await request).texts == ()
        await asyncio.wait_for(second.closed.wait(), 1)


async def test_a_file_of_secrets_is_not_completed_by_taking_over_either() -> None:
    async with Desk() as desk:
        desk.open("TOKEN = █\n", ".env")
        desk.request(automatic=False)
        (await desk.call(0)).say("123")
        await settle()
        desk.type("1")
        assert await desk.ask() == ""
        await asyncio.wait_for((await desk.call(0)).closed.wait(), 1)


async def test_nobody_looks_ahead_in_a_file_of_secrets() -> None:
    async with Desk("123") as desk:
        desk.open("TOKEN = █\n", ".env")
        assert await desk.ask(automatic=False) == "123"
        await asyncio.sleep(0.1)
        assert len(desk.model.calls) == 1


async def test_what_was_looked_up_ahead_is_held_to_the_syntax_too() -> None:
    async with Desk("prices = 1", "\n    x = = 2") as desk:
        desk.open(FILE)
        text = await desk.ask()
        ahead = await desk.call(1)
        await ahead.closed.wait()
        await settle()
        desk.type(text)
        assert await desk.ask() == ""


async def test_the_line_end_of_a_file_may_change() -> None:
    async with Desk("if prices:\n        return 1", "if prices:\n        return 2") as desk:
        desk.open(FILE)
        assert "\r" not in await desk.ask()
        text = str(desk.cursor.document.text).replace("\n", "\r\n")
        desk.edit(0, desk.cursor.document.text.length, text, desk.cursor.offset + 1)
        assert await desk.ask() == "if prices:\r\n        return 2"


async def test_a_popups_item_does_not_take_over_the_stream_of_the_plain_text() -> None:
    async with Desk() as desk:
        desk.open("x = su█\n")
        desk.request()
        (await desk.call(0)).say("m(")
        await settle()
        at = desk.cursor.offset
        request = desk.request(selected=Selected(at - 2, at, "sum"))
        (await desk.call(1)).end("(prices)")
        assert (await request).texts == ("(prices)",)


async def test_typing_elsewhere_ends_what_typing_here_asked_for() -> None:
    async with Desk() as desk:
        desk.open(FILE, "one.py")
        first = desk.request()
        call = await desk.call(0)
        desk.open(FILE, "two.py")
        desk.request()
        await desk.call(1)
        assert call.closed.is_set()
        assert (await first).texts == ()


async def test_a_search_that_breaks_is_a_status_and_goes_on() -> None:
    desk = Desk(model=ScriptedModel(loaded=False))

    async def broken() -> tuple[Model | None, Status]:
        raise RuntimeError("what nobody thought of")

    desk.supply.find = broken
    async with desk:
        desk.supply.start()
        desk.open(FILE)
        assert await desk.ask() == ""
        assert desk.statuses[-1].state is State.OFFLINE


async def test_a_file_with_mere_cr_is_completed_as_text() -> None:
    async with Desk("return 1") as desk:
        desk.open("def f(x):\r    █\r\rprint(1)\r")
        assert await desk.ask() == "return 1"
