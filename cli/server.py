"""An HTTP client for a front, with the API key of the settings."""

import httpx

from service.settings import Settings


def connect(address: str, settings: Settings) -> httpx.Client:
    """A client whose requests are sent to the front at this address."""
    key = settings.api_key
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    # Longer than the longest `Prefer: wait`.
    return httpx.Client(base_url=address, headers=headers, timeout=90)
