import pytest
from tests.contract.owners import Request

from chatkit_backend.identity import Principal
from chatkit_backend.store import MemoryStore, new_id, owner_of
from chatkit_backend.testing.store_contract import a_thread


def test_the_owner_is_the_principals() -> None:
    assert owner_of(Request(Principal(user_id="ann", tenant="acme"))) == "acme/ann"


def test_a_context_without_principal_is_refused_with_the_fix() -> None:
    with pytest.raises(TypeError, match=r"a dict without .*owner=<function from context to str>"):
        owner_of({"user_id": "ann"})


async def test_a_store_takes_an_owner_function_for_contexts_of_ones_own() -> None:
    store = MemoryStore[dict[str, str]](owner=lambda context: context["user_id"])
    ann = {"user_id": new_id("run")}
    thread = a_thread()
    await store.save_thread(thread, ann)
    assert await store.load_thread(thread.id, ann) == thread
