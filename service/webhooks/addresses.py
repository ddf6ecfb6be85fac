"""Where a webhook may go: outward, never into the house.

A caller names the address, and the service would connect to it from inside the newsroom's network
(server-side request forgery). So it goes to public addresses alone, and to the networks that the
operator allows. The name is resolved once, each address is checked, and the connection is made to a
checked one: a name that means another address a moment later (DNS rebinding) gains nothing.
"""

import asyncio
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpcore
import httpx

from models.errors import DragomanError
from service.errors import InvalidRequest
from service.settings import Network

_INWARD = tuple(
    ip_network(network)
    for network in (
        "::/96",  # IPv4-compatible
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64 of a network's own
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local
    )
)
"""Public by `ipaddress`'s word, but an IPv4 address of any kind is inside, or it is the house's."""


class NotOutward(DragomanError):
    """The address is not public, and not in DRAGOMAN_WEBHOOK_ALLOW."""

    code = "not-outward"


def is_outward(address: IPv4Address | IPv6Address, allow: Sequence[Network]) -> bool:
    """Whether a webhook may go to the address."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in allow):
        return True
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _INWARD)
    )


def check_url(url: str, allow: Sequence[Network]) -> None:
    """InvalidRequest where the URL names an address that no webhook may go to.

    A name is not resolved here: what it means is checked when it is used.
    """
    try:
        address = ip_address(httpx.URL(url).host)
    except ValueError:
        return
    if not is_outward(address, allow):
        detail = (
            f"A webhook may not go to {address}: it is not public, nor allowed by the operator."
        )
        raise InvalidRequest(detail, errors=[{"path": "/body/callback/url", "detail": detail}])


class OutwardBackend(httpcore.AsyncNetworkBackend):
    """Connects to what `is_outward` allows, and to nothing else; NotOutward where a name has none."""

    def __init__(self, allow: Sequence[Network]) -> None:
        self._allow = allow
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve once, check, connect to the first checked address that answers."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"{host}: {error.strerror}") from error
        addresses = dict.fromkeys(str(info[4][0]) for info in found)
        outward = [one for one in addresses if is_outward(ip_address(one), self._allow)]
        if not outward:
            raise NotOutward(f"{host} is not public, nor in DRAGOMAN_WEBHOOK_ALLOW.")
        for address in outward[:-1]:
            try:
                return await self._backend.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._backend.connect_tcp(
            outward[-1], port, timeout, local_address, socket_options
        )

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._backend.sleep(seconds)
