"""Find clients, campaigns and storyboards by words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.models import Campaign, Client, Job
from webapp.services import campaigns, clients, dashboard, matching, paging

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from webapp.models import User
    from webapp.services.dashboard import JobCard
    from webapp.services.paging import Page

FEW = 6
"""Results of each kind while all kinds are shown."""
KINDS = ("clients", "campaigns", "storyboards")


@dataclass(frozen=True)
class Found:
    """Hold what a search found: a page of each kind, archived things included."""

    words: list[str]
    clients: Page[Client]
    campaigns: Page[Campaign]
    storyboards: Page[JobCard]

    @property
    def total(self) -> int:
        """Return how many things were found."""
        return self.clients.total + self.campaigns.total + self.storyboards.total


def find(person: User, query: str, *, kind: str = "", page: int = 1) -> Found | None:
    """Look for rows that contain every word of the query; None when there is no word to look for.

    `kind` (one of KINDS) asks for a full page of that kind; the others stay short.
    """
    words = matching.words(query)
    if not words:
        return None

    def place(of: str) -> tuple[int, int]:
        return (page, paging.PER_PAGE) if of == kind else (1, FEW)

    found_clients = clients.listed(person, query, archived=None)
    found_campaigns = campaigns.listed(person, query)
    return Found(
        words,
        paging.paged(found_clients, found_clients.with_only_columns(Client.id), *place("clients")),
        paging.paged(found_campaigns, found_campaigns.with_only_columns(Campaign.id), *place("campaigns")),
        dashboard.job_page(dashboard.listed(person, *_about(query)), *place("storyboards")),
    )


def _about(query: str) -> list[ColumnElement[bool]]:
    columns = (Job.title, Job.product, Job.audience, Job.key_message, Job.call_to_action, Job.style, Job.tone)
    return matching.matches(query, *columns, Client.name, Campaign.name)
