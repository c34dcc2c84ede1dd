"""Counters of the service in the form that Prometheus reads; labels are routes and codes, never who or what."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "store_desk_requests", "Requests by route and status.", ("route", "status"), registry=self._registry
        )
        self.seconds = Histogram(
            "store_desk_request_seconds", "Time to answer.", ("route",), buckets=SECONDS, registry=self._registry
        )
        self.operations = Counter(
            "store_desk_operations", "Operations answered, by result.", ("result",), registry=self._registry
        )
        self.polls = Gauge("store_desk_polls_waiting", "Long polls that wait.", registry=self._registry)
        self.queue = Gauge("store_desk_requests_queued", "Requests in work or in line.", registry=self._registry)

    def shown(self) -> bytes:
        """All of them as text."""
        return generate_latest(self._registry)
