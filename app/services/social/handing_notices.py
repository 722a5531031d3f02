"""Needed notices as filings that a person files by hand: the same exact files, never sent by us.

This is the way of a firm without an API key, and of every real company for these six notices: their
手続ID and covering form are not public (DESIGN 1), so a real vault seals none of them for e-Gov.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import Known
from app.domain.filing import HAND_OVER
from app.forms.nenkin.encode import NenkinFile
from app.forms.payload import pack
from app.services.hand_over import HandingOver
from app.services.my_number import kept_apart, refuse_missing
from app.services.social.notice import Notice
from app.services.social.numbers_asked import asked_of
from app.services.social.prepare import Prepared
from app.services.social.sealing_notices import NoticeSealing, against, standing_in
from app.services.social.views import SocialForm
from app.store.rows import NewFiling

if TYPE_CHECKING:
    from app.services.my_number import MyNumbers

EDITION = "CSV形式届書作成仕様書 第16.2版"


class NoticeHanding:
    """Hands the notices of one company over; `sealing` knows how they are prepared and kept."""

    def __init__(self, sealing: NoticeSealing, handing: HandingOver) -> None:
        self._sealing = sealing
        self._handing = handing

    def seal(
        self, form: SocialForm, notices: Sequence[Notice], my_numbers: MyNumbers | None
    ) -> tuple[str, ...]:
        """One filing for each file, all of them or none. Raises Known with the first reason."""
        own = self._sealing
        numbers = my_numbers.texts() if my_numbers else {}
        prepared = own.preparing.prepare(form.form, notices, numbers)
        sent = frozenset(prepared.reports)
        refuse_missing(asked_of(n for n in notices if n.key in sent), my_numbers)
        reasons = against(prepared)
        if reasons:
            raise Known("not-sealable", reasons[0])
        told = {notice.key: notice for notice in notices}
        parts = zip(prepared.files, prepared.keys_by_file(), strict=True)
        with own.vault.write(durable=True):
            ids = tuple(
                self._file(form, prepared, file, [told[key] for key in keys], my_numbers)
                for file, keys in parts
            )
            own.preparing.sealed(prepared)
        return ids

    def give(self, filing_ids: Sequence[str], folder: Path) -> Path:
        """Writes each filing's files under `folder`; gives the folder of the first, or `folder` itself
        where there are several. Raises Known."""
        made = [self._handing.give(filing_id, folder) for filing_id in filing_ids]
        return made[0] if len(made) == 1 else folder

    def _file(
        self,
        form: SocialForm,
        prepared: Prepared,
        file: NenkinFile,
        notices: Sequence[Notice],
        my_numbers: MyNumbers | None,
    ) -> str:
        own = self._sealing
        filer = own.standing.filer()
        more = (*own.sheet(prepared), *own.standing.attachments())
        package = pack(
            "tewatashi",
            ((file.name, file.content), *((a.file_name, a.content) for a in more)),
        )
        inside: AbstractContextManager[MyNumbers | None] = standing_in(my_numbers, file)
        with inside as numbers:
            new = NewFiling(
                draft_id="",
                procedure_id=form.procedure_id,
                edition=EDITION,
                door=HAND_OVER,
                company_name=filer.company_name,
                corporate_number=filer.corporate_number,
                account_id=HAND_OVER,
                capacity=filer.capacity,
                subject="",
                title=form.title,
                facts=own.facts(notices),
                envelope=package.zip_bytes,
                envelope_name=package.file_name,
                sha256=package.sha256,
                sealed_at=own.clock(),
                practice=own.vault.practice,
            )
            return self._handing.seal(kept_apart(new, package, numbers))
