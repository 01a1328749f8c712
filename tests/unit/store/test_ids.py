import time
from typing import get_args

from chatkit.store import StoreItemType, default_generate_id

from chatkit_backend.store.ids import PREFIXES, new_id, new_item_id


def test_a_million_ids_are_all_different_and_sort_by_the_order_of_their_making() -> None:
    made = [new_id("msg") for _ in range(1_000_000)]
    assert len(set(made)) == 1_000_000
    assert made == sorted(made)


def test_an_id_is_a_prefix_and_128_bits_that_begin_with_the_milliseconds() -> None:
    before = time.time_ns() // 1_000_000
    prefix, _, digits = new_id("thr").partition("_")
    after = time.time_ns() // 1_000_000
    assert prefix == "thr"
    assert len(digits) == 32
    assert before <= int(digits[:12], 16) <= after


def test_prefixes_are_the_sdks_own() -> None:
    item_types: tuple[StoreItemType, ...] = get_args(StoreItemType)
    assert set(PREFIXES) == set(item_types)
    for item_type in item_types:
        ours, theirs = new_item_id(item_type), default_generate_id(item_type)
        assert ours.partition("_")[0] == theirs.partition("_")[0]
