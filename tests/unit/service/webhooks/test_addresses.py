import asyncio
import socket
from ipaddress import ip_address, ip_network
from typing import Any

import httpcore
import pytest

from service.errors import InvalidRequest
from service.webhooks.addresses import NotPublic, PublicBackend, check_url, may_call

NOT_PUBLIC = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # clouds answer with secrets there
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",  # 127.0.0.1 by NAT64
    "2002:7f00:1::",  # by 6to4
    "2001:0:1::1",  # by Teredo
    "::7f00:1",  # IPv4-compatible
    "64:ff9b:1::7f00:1",
    "fec0::1",
    "192.0.0.1",  # IETF protocol assignments
    "192.0.0.170",
    "192.0.2.1",  # documentation
    "192.88.99.1",  # 6to4 relay
    "198.18.0.1",  # benchmarking
    "203.0.113.1",
    "240.0.0.1",
    "::ffff:0:7f00:1",  # IPv4-translated
    "100::1",  # discard only
    "2001:2::1",  # benchmarking
    "2001:db8::1",  # documentation
    "3fff::1",
    "5f00::1",
]
PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_special_addresses_are_refused(address: str) -> None:
    assert not may_call(ip_address(address), ())
    host = f"[{address}]" if ":" in address else address
    if "%" not in address:  # which no URL can have
        with pytest.raises(InvalidRequest, match="neither public"):
            check_url(f"http://{host}:8080/hook", ())


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert may_call(ip_address(address), ())


def test_the_operator_can_allow_a_network() -> None:
    allow = (ip_network("10.1.0.0/16"),)
    assert may_call(ip_address("10.1.2.3"), allow)
    assert may_call(ip_address("::ffff:10.1.2.3"), allow)
    assert not may_call(ip_address("10.2.0.1"), allow)
    check_url("http://10.1.2.3/hook", allow)


def test_a_name_is_not_looked_up_when_the_request_comes() -> None:
    check_url("http://localhost/hook", ())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "017700000001"])
def test_names_and_spellings_of_local_addresses_are_not_connected_to(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(NotPublic):
            asyncio.run(PublicBackend((), 4).connect_tcp(host, port, timeout=5))
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_the_name_is_looked_up_once_and_the_checked_address_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name server that answers with an allowed address first, and with another afterwards."""
    answers = iter(["127.0.0.7", "127.0.0.1"])

    def resolve(host: Any, port: Any, *_: Any, **__: Any) -> list[Any]:
        if host == "rebound.example":
            host = next(answers)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]

    async def peer(port: int) -> str:
        backend = PublicBackend((ip_network("127.0.0.7/32"),), 4)
        stream = await backend.connect_tcp("rebound.example", port, timeout=5)
        address: str = stream.get_extra_info("server_addr")[0]
        await stream.aclose()
        return address

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with socket.create_server(("127.0.0.7", 0)) as listener:
        assert asyncio.run(peer(listener.getsockname()[1])) == "127.0.0.7"
    assert next(answers) == "127.0.0.1"  # nobody asked again


def test_a_name_that_does_not_exist_is_a_failed_connection() -> None:
    with pytest.raises(httpcore.ConnectError):
        asyncio.run(PublicBackend((), 4).connect_tcp("nobody.invalid", 80, timeout=5))
