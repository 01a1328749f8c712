"""Answers of every kind: whatever way they take, they must come out alike."""

from chatkit_backend.testing.model_server import (
    Answer,
    Call,
    Cut,
    Fail,
    Refuse,
    Say,
    Stop,
    Think,
    Truncate,
    Wait,
)

ANSWERS = {
    "text": Answer("One two three four five six"),
    "one word": Answer("One"),
    "words that come by themselves": Answer(Say("One two three four", between=Wait(0.01))),
    "text with citations": Answer(Say("One two three", citations=("https://x.test",)), "and four"),
    "a tool call": Answer("Let me look that up", Call("look_up", {"a": 1})),
    "only a tool call": Answer(Call("look_up", {"a": 1})),
    "reasoning": Answer(Think("Hm, let me see"), "It is four as far as I see"),
    "a refusal": Answer(Refuse("I cannot help with that")),
    "an end by the limit": Answer("As far as it goes", Truncate()),
    "a failure": Answer("Half of the answer", Fail()),
    "a failure after a while": Answer("Half of the answer", Wait(0.02), Fail()),
    "a broken connection": Answer("Half of the answer", Wait(0.02), Cut()),
    "a broken connection among the words": Answer(Say("Half of the answer", between=Cut())),
    "a stream without its end": Answer("Half of the answer", Stop()),
}
