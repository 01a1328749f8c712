"""Answers to a form that the agent showed (pure)."""

from chatkit.types import (
    StructuredInput,
    StructuredInputAnswer,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputSubmission,
)

from chatkit_backend.errors import BadRequest, Conflict


def answered(
    item: StructuredInputItem, submission: StructuredInputSubmission
) -> StructuredInputItem:
    """A copy of `item` with the answers in it. A question without answer counts as skipped.

    Raises: Conflict (`structured_input_not_pending`), BadRequest (`unknown_question`).
    """
    if item.status != "pending":
        raise Conflict(
            "structured_input_not_pending", f"Item {item.id!r} is {item.status} already."
        )
    unknown = sorted(set(submission.answers) - {question.id for question in item.inputs})
    if unknown:
        raise BadRequest(
            "unknown_question", f"Item {item.id!r} has no question {', '.join(map(repr, unknown))}."
        )
    updated = item.model_copy(deep=True)
    updated.status = submission.status
    for question in updated.inputs:
        question.answer = _answer(question, submission)
    return updated


def _answer(
    question: StructuredInput, submission: StructuredInputSubmission
) -> StructuredInputAnswer:
    given = submission.answers.get(question.id)
    if submission.status == "skipped" or given is None or given.skipped or not given.values:
        return StructuredInputAnswer(skipped=True)
    single = isinstance(question, StructuredInputMultipleChoice) and not question.multiple
    return StructuredInputAnswer(values=given.values[:1] if single else given.values)
