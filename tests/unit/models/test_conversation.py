import pytest
from agents import TResponseInputItem

from chatkit_backend.models.conversation import NOT_TYPED, ToolOutput, read
from chatkit_backend.server.context_message import OPENING


def test_a_plain_string_is_one_user_message() -> None:
    assert read("Hello").user_messages == ("Hello",)


def test_strings_and_lists_of_parts_are_read_alike() -> None:
    given: list[TResponseInputItem] = [
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "first"},
        {"role": "user", "type": "message", "content": [{"type": "input_text", "text": "two"}]},
    ]
    conversation = read(given)
    assert conversation.user_messages == ("one", "two")
    assert conversation.answers == 1


@pytest.mark.parametrize("opening", NOT_TYPED)
def test_context_in_the_user_s_role_is_no_user_message(opening: str) -> None:
    given: list[TResponseInputItem] = [
        {"role": "user", "content": "Hello"},
        {"role": "user", "content": [{"type": "input_text", "text": f"{opening} …"}]},
    ]
    assert read(given).user_messages == ("Hello",)


def test_the_application_s_context_message_is_known() -> None:
    assert OPENING.startswith(NOT_TYPED)


def test_outputs_since_the_last_message_carry_their_tool_s_name() -> None:
    given: list[TResponseInputItem] = [
        {"role": "user", "content": "add"},
        {"type": "function_call", "call_id": "c1", "name": "add", "arguments": "{}"},
        {"role": "user", "content": "Context supplied by the application …"},
        {"type": "function_call_output", "call_id": "c1", "output": "3"},
    ]
    assert read(given).outputs == (ToolOutput("add", "3"),)
    given.append({"role": "user", "content": "thanks"})
    assert read(given).outputs == ()


def test_unknown_items_are_skipped() -> None:
    assert read([{"type": "item_reference", "id": "msg_1"}]).user_messages == ()
