"""Which addresses webhooks and fetched pages may be at: public ones, and those the operator allows.

A caller names the address, and the service would connect to it from inside the newsroom's network
(server-side request forgery). The name is resolved once, each address is checked, and the connection is
made to a checked one: a name that resolves to another address a moment later (DNS rebinding) gains
nothing.
"""

import asyncio
import os
import socket
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpcore
import httpx

from models.errors import DragomanError
from service.errors import InvalidRequest
from service.settings import Network

_SPECIAL = tuple(
    ip_network(network)
    for network in (
        # The blocks of the IANA registries of special-purpose addresses (RFC 6890) that some versions
        # of `ipaddress` call global.
        "192.0.0.0/24",  # IETF protocol assignments
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # automatic multicast tunnelling
        "192.88.99.0/24",  # 6to4 relay anycast
        "192.175.48.0/24",  # AS112
        # IPv6 addresses that contain an IPv4 address of any kind.
        "::/96",  # IPv4-compatible
        "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # local NAT64
        "2001::/23",  # IETF protocol assignments, with Teredo
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation (RFC 9637)
        "5f00::/16",  # segment routing (RFC 9602)
        "fec0::/10",  # site-local
    )
)
"""Networks that are not public although `ipaddress` says so."""

_RESOLVER_OPTIONS = "timeout:2 attempts:1"
"""Makes a lookup at a silent name server end within the time of an attempt (resolv.conf(5))."""


class NotPublic(DragomanError):
    """The address is neither public nor allowed by the operator."""

    code = "not-public"


def may_call(address: IPv4Address | IPv6Address, allow: Sequence[Network]) -> bool:
    """Return whether a webhook may call the address."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in allow):
        return True
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _SPECIAL)
    )


def check_url(url: str, allow: Sequence[Network]) -> None:
    """Raise InvalidRequest where the URL holds an IP address that no webhook may call.

    A name is not resolved here: its addresses are checked when it is used.
    """
    try:
        address = ip_address(httpx.URL(url).host)
    except ValueError:
        return
    if not may_call(address, allow):
        detail = (
            f"A webhook may not call {address}: it is neither public nor allowed by the operator."
        )
        raise InvalidRequest(detail, errors=[{"path": "/body/callback/url", "detail": detail}])


class PublicBackend(httpcore.AsyncNetworkBackend):
    """Connects only to addresses that `may_call` allows; raises NotPublic where a name has none."""

    def __init__(self, allow: Sequence[Network], lookups: int) -> None:
        """Resolve up to `lookups` names at a time; asyncio's own threads would be too few."""
        self._allow = allow
        self._backend = httpcore.AnyIOBackend()
        self._threads = ThreadPoolExecutor(lookups, thread_name_prefix="resolver")
        os.environ.setdefault("RES_OPTIONS", _RESOLVER_OPTIONS)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve the name once and connect to the first of its allowed addresses that answers."""
        allowed = [one for one in await self._resolve(host, port) if self._may_call(one)]
        if not allowed:
            raise NotPublic(f"{host} is neither public nor allowed by the operator.")
        for address in allowed[:-1]:
            try:
                return await self._backend.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._backend.connect_tcp(
            allowed[-1], port, timeout, local_address, socket_options
        )

    async def _resolve(self, host: str, port: int) -> list[str]:
        try:
            found = await asyncio.get_running_loop().run_in_executor(
                self._threads,
                lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM),
            )
        except OSError as error:
            raise httpcore.ConnectError(f"{host}: {error.strerror}") from error
        return list(dict.fromkeys(str(info[4][0]) for info in found))

    def _may_call(self, address: str) -> bool:
        return may_call(ip_address(address), self._allow)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._backend.sleep(seconds)
