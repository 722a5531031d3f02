"""The use cases of an open company that are made when they are first asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from app.domain.clock import Clock
from app.facts.graph import Graph
from app.facts.record import Record
from app.services.company_drafts import CompanyDrafts
from app.services.company_facts import CompanyFacts
from app.services.desk_parts import DeskParts
from app.services.prefill import DraftWriter
from app.services.sealing import Sealing
from app.services.standing import Standing
from app.store.disclosures import Disclosures
from app.store.documents import Documents
from app.store.filings import Filings
from app.store.vault import Vault

if TYPE_CHECKING:
    from app.services.desk_cases import DeskCases
    from app.services.desk_doors import DeskDoors
    from app.services.egov_desk import EgovDesk
    from app.services.grants.benchmark import BenchmarkDesk
    from app.services.grants.desk import GrantsDesk
    from app.services.hand_back import HandOvers
    from app.services.portal_filing import PortalFiling
    from app.services.public_records import PublicRecords
    from app.services.social.desk import SocialDesk


class DeskUses(ABC):
    """What a desk has beside its own; nothing of it is loaded by a company that does not use it."""

    vault: Vault
    graph: Graph
    parts: DeskParts
    standing: Standing
    doors: DeskDoors
    writer: DraftWriter
    clock: Clock
    person: str
    filings_store: Filings
    documents_store: Documents
    disclosures_store: Disclosures
    _drafts: CompanyDrafts
    _sealing: Sealing
    _facts: CompanyFacts

    @abstractmethod
    def keep(self) -> None:
        """Writes what is pending now."""

    @abstractmethod
    def answer_fact(self, path: str, text: str) -> Record:
        """States a fact as typed."""

    @abstractmethod
    def _arrive(self, records: Sequence[Record]) -> None:
        """Stored records that are to enter the graph."""

    @cached_property
    def grants(self) -> GrantsDesk:
        """支援: the kept grants and what fits this company; made when first asked for."""
        return self.parts.grants(self)

    @cached_property
    def cases(self) -> DeskCases:
        """What is done about filings that have arrived; made when first asked for."""
        from app.services.desk_cases import DeskCases

        return DeskCases(
            self.vault, self._drafts, self._sealing, self.standing, self.doors, self.clock,
            lambda: self.social,
        )  # fmt: skip

    @cached_property
    def social(self) -> SocialDesk:
        """社会保険: people, who needs which notice, and the notices as filings."""
        from app.services.social.desk import SocialDesk

        return SocialDesk(
            self.vault,
            self.graph,
            self.parts.catalogue,
            self.parts.library,
            self.parts.social(),
            self.standing,
            self.clock,
            arrived=self._arrive,
            person=self.person,
            before=self.keep,
        )

    @cached_property
    def egov(self) -> EgovDesk:
        """The rest of e-Gov: skeletons, fees, letters, verdicts; made when first asked for."""
        from app.services.egov_desk import EgovDesk

        return EgovDesk(
            self.vault, lambda: self.cases, self.standing, self.doors, self.writer,
            self._facts.row, self.clock,
        )  # fmt: skip

    @cached_property
    def hand_overs(self) -> HandOvers:
        """手渡し: filings that a person files by other means; made when first asked for."""
        from app.services.hand_back import HandOvers

        fonts = self.parts.resources / "fonts"
        return HandOvers(
            self.vault, self.doors.read_official, self._arrive, self.clock, fonts, self.person
        )

    @cached_property
    def public_records(self) -> PublicRecords:
        """What gBizINFO has published of this company; made when first asked for."""
        return self.parts.public_records(self)

    @cached_property
    def benchmark(self) -> BenchmarkDesk:
        """ローカルベンチマーク; made when first asked for."""
        from app.services.grants.benchmark import BenchmarkDesk

        parts = self.parts
        return BenchmarkDesk(
            parts.resources, parts.catalogue, self.graph, self.answer_fact, self.clock
        )

    def portal(self, filing_id: str) -> PortalFiling:
        """A sealed filing on its way through a portal's pages. Raises Known."""
        from app.services.portal_filing import open_portal

        return open_portal(
            self.filings_store, self.documents_store, self.disclosures_store, self.parts.library,
            self.parts.catalogue, filing_id, self.clock,
        )  # fmt: skip
