"""A client of a weather service, with retries; the address is fixed and nothing is decided by a stranger."""

from __future__ import annotations

import json
import logging
import time
import urllib.request
from typing import Any

logger = logging.getLogger(__name__)
ENDPOINT = "https://weather.example.org/v1/stations"


class Client:
    """Gets readings. A request that fails is tried again after a while."""

    timeout = 10

    def __init__(self, headers: dict[str, str] | None = None) -> None:
        self.headers = {"Accept": "application/json", **(headers or {})}

    def get(self, station: int) -> dict[str, Any]:
        """The last reading of a station."""
        request = urllib.request.Request(f"{ENDPOINT}/{station:d}", headers=self.headers)
        for attempt in range(3):
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as response:
                    return dict(json.load(response))
            except OSError as exc:
                logger.warning("attempt %d failed: %s", attempt, exc)
                time.sleep(2**attempt)
        raise TimeoutError(station)

    def run(self, stations: list[int], debug: bool = False) -> None:
        """Log the temperature of each."""
        for station in stations:
            data = self.get(station)
            if debug:
                logger.debug("%r", data)
            logger.info("station %d: %s degrees", station, data["temperature"])
