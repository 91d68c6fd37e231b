"""What an address may: buckets that empty, fill again and are forgotten in bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ballast.node.servers.budget import TICK_SECONDS, BudgetLimits, Budgets, network_of

STRANGER = "192.0.2.1"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def made(**limits: int) -> tuple[Budgets, Clock]:
    clock = Clock()
    return Budgets(BudgetLimits(**limits), clock), clock


def passes(budgets: Budgets, clock: Clock, seconds: float) -> None:
    clock.now += seconds
    budgets.tick()


def test_requests_are_allowed_up_to_the_burst_and_then_by_the_second() -> None:
    budgets, clock = made(requests_per_second=10, request_burst=20)
    assert [budgets.may_ask(STRANGER) for _ in range(21)] == [True] * 20 + [False]
    passes(budgets, clock, 0.5)
    assert [budgets.may_ask(STRANGER) for _ in range(6)] == [True] * 5 + [False]
    passes(budgets, clock, 3600)
    assert sum(budgets.may_ask(STRANGER) for _ in range(100)) == 20


def test_failures_are_forgiven_slowly() -> None:
    budgets, clock = made(failures_per_minute=6, failure_burst=2)
    budgets.failed(STRANGER)
    assert budgets.may_try(STRANGER)
    budgets.failed(STRANGER)
    assert not budgets.may_try(STRANGER)
    assert budgets.may_try("192.0.2.2")
    passes(budgets, clock, 9)
    assert not budgets.may_try(STRANGER)
    passes(budgets, clock, 2)
    assert budgets.may_try(STRANGER)


@given(
    st.lists(st.tuples(st.integers(20, 600), st.integers(20, 300_000)), max_size=200),
    st.integers(0, 600),
)
def test_a_stranger_never_gets_more_than_the_multiple_and_the_allowance(
    asked: list[tuple[int, int]], seconds: int
) -> None:
    budgets, clock = made(
        amplification=3, unproven_burst=10_000, unproven_bytes_per_second=100, request_burst=10**6
    )
    sent = received = 0
    for request, answer in asked:
        sent += request
        if budgets.may_send(STRANGER, request, answer):
            received += answer
        passes(budgets, clock, seconds / 100)
    passed = clock.now - 1000 + TICK_SECONDS
    assert received <= 3 * sent + 10_000 + 100 * passed


def test_who_is_proven_gets_everything_for_a_while() -> None:
    budgets, clock = made(proven_seconds=60)
    budgets.prove(STRANGER)
    assert all(budgets.may_send(STRANGER, 60, 262_144) for _ in range(100))
    passes(budgets, clock, 61)
    assert not all(budgets.may_send(STRANGER, 60, 262_144) for _ in range(100))


def test_the_addresses_of_one_household_share_a_budget() -> None:
    budgets, _ = made(requests_per_second=1, request_burst=100)
    asked = [budgets.may_ask(f"2001:db8:0:{n:x}::{n:x}") for n in range(200)]
    assert sum(asked) == 100
    assert budgets.may_ask("2001:db8:1::1")


def test_networks_are_forgotten_in_bounds_and_the_latest_are_kept() -> None:
    budgets, clock = made(networks=64, requests_per_second=1, request_burst=1)
    for n in range(64):
        budgets.may_ask(f"10.0.0.{n}")
        passes(budgets, clock, 0.1)
    assert not budgets.may_ask("10.0.0.63")
    budgets.may_ask("10.0.1.1")
    assert budgets.forgotten == 8
    assert not budgets.may_ask("10.0.0.63")
    for n in range(2000):
        budgets.may_ask(f"10.1.{n // 250}.{n % 250}")
    assert budgets.forgotten >= 1900


@given(st.ip_addresses(v=6))
def test_an_address_is_in_the_network_of_its_network(address: object) -> None:
    network = network_of(str(address))
    assert network_of(network) == network


def test_failures_of_datagrams_lock_nobody_out_of_the_other_doors() -> None:
    budgets, clock = made(failures_per_minute=60, failure_burst=2)
    for _ in range(5):
        budgets.failed(STRANGER, claimed=True)
    assert not budgets.may_try(STRANGER, claimed=True)
    assert budgets.may_try(STRANGER)
    passes(budgets, clock, 1.1)
    assert budgets.may_try(STRANGER, claimed=True)
    for _ in range(2):
        budgets.failed(STRANGER)
    assert not budgets.may_try(STRANGER)


def test_a_flood_of_addresses_does_not_make_failures_forgotten() -> None:
    budgets, clock = made(failures_per_minute=1, failure_burst=2, networks=64)
    budgets.failed("198.51.100.1")
    budgets.failed("198.51.100.1")
    for number in range(1000):
        passes(budgets, clock, 0.01)
        budgets.may_ask(f"10.0.{number >> 8}.{number & 255}")
    assert budgets.forgotten
    assert not budgets.may_try("198.51.100.1")


def test_an_address_is_proven_for_its_time() -> None:
    budgets, clock = made(proven_seconds=10)
    assert not budgets.is_proven(STRANGER)
    budgets.prove(STRANGER)
    assert budgets.is_proven(STRANGER)
    passes(budgets, clock, 11)
    assert not budgets.is_proven(STRANGER)


def test_datagrams_under_a_false_address_slow_no_connection_of_it() -> None:
    budgets, _ = made(requests_per_second=1, request_burst=10)
    assert sum(budgets.may_ask(STRANGER, claimed=True) for _ in range(50)) == 10
    assert sum(budgets.may_ask(STRANGER) for _ in range(50)) == 10
