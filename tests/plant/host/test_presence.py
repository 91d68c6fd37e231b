"""The host's own STATE: will, birth, defence, exit; primary, secondary and other hosts."""

from __future__ import annotations

import pytest
from tests.plant.host.edge_node import (
    NODE,
    OWN,
    born,
    data,
    online,
    requests,
    topic,
)

from ballast.errors import Refused
from ballast.plant.host.actions import (
    Connect,
    Disconnect,
    Doubt,
    Flagged,
    HostSeen,
    Publish,
    Reason,
    Stale,
    Subscribe,
)
from ballast.plant.host.application import Host, HostSettings


def test_the_session_is_clean_and_the_will_is_the_retained_offline_state() -> None:
    will = Publish(OWN, b'{"online":false,"timestamp":1000}', 1, True)
    assert Host(HostSettings("ballast")).connect(1000) == (Connect(will, True, 0),)


def test_it_subscribes_to_everything_and_its_own_state_before_the_birth_with_the_wills_time() -> (
    None
):
    host = Host(HostSettings("ballast"))
    host.connect(1000)
    subscribed, announced = host.connected(1700)
    assert isinstance(subscribed, Subscribe)
    assert {"spBv1.0/#", OWN} <= set(subscribed.filters)
    assert announced == Publish(OWN, b'{"online":true,"timestamp":1000}', 1, True)


@pytest.mark.parametrize(
    "told",
    [
        b'{"online":false,"timestamp":1000}',
        b'{"online":false,"timestamp":900}',
        b'{"online":true,"timestamp":900}',
        b"",
        b"OFFLINE",
        b"\xff not json",
    ],
)
def test_the_retained_state_is_defended_against_equal_older_empty_and_broken_messages(
    told: bytes,
) -> None:
    again = online().received(OWN, told, 5000)
    assert again == (Publish(OWN, b'{"online":true,"timestamp":1000}', 1, True),)


def test_the_echo_of_its_own_birth_is_not_answered() -> None:
    assert online().received(OWN, b'{"online":true,"timestamp":1000}', 5000) == ()


def test_against_a_newer_offline_state_it_reconnects_with_a_will_and_birth_newer_still() -> None:
    host = online()
    flagged, left, joined = host.received(OWN, b'{"online":false,"timestamp":9000}', 5000)
    assert flagged == Flagged(None, Doubt.CONTESTED, 5000)
    assert left == Disconnect()
    assert isinstance(joined, Connect)
    assert joined.will == Publish(OWN, b'{"online":false,"timestamp":9001}', 1, True)
    assert host.connected(5001)[1] == Publish(OWN, b'{"online":true,"timestamp":9001}', 1, True)
    # Not again within the cool-down: two hosts of one name would take turns for ever.
    assert host.received(OWN, b'{"online":false,"timestamp":9999}', 6000) == (
        Flagged(None, Doubt.CONTESTED, 6000),
    )


def test_leaving_to_reconnect_makes_what_was_live_stale() -> None:
    told = born().received(OWN, b'{"online":false,"timestamp":9000}', 5000)
    assert Stale(NODE, 5000, Reason.DISCONNECTED) in told


def test_a_clean_exit_publishes_offline_before_it_disconnects() -> None:
    assert online().close(7000) == (
        Publish(OWN, b'{"online":false,"timestamp":7000}', 1, True),
        Disconnect(),
    )


def test_a_secondary_host_has_no_state_but_asks_for_rebirths() -> None:
    host = online(primary=False)
    assert Host(HostSettings("ballast", primary=False)).connect(1) == (Connect(None),)
    assert host.received(OWN, b"", 2000) == ()
    assert requests(host.received(topic("NDATA"), data(4, 1.0), 3000))
    with pytest.raises(Refused, match="secondary"):
        host.command(NODE, "t", 1.0, 4000)
    assert host.close(5000)[-1] == Disconnect()


def test_states_of_other_hosts_are_read_in_the_old_and_the_new_form() -> None:
    host = online()
    assert host.received("STATE/scada", b"ONLINE", 2000) == (HostSeen("scada", True, None, True),)
    extended = b'{"online":false,"timestamp":5,"bd_seq":3,"client_id":"x"}'
    assert host.received("spBv1.0/STATE/scada", extended, 2000) == (
        HostSeen("scada", False, 5, False),
    )
