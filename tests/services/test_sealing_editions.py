"""An edition of a form is true or it is 練習 only; a real vault seals on a fetched skeleton alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.clock import JST
from app.domain.errors import Known
from app.facts.catalogue import load_catalogue
from app.facts.graph import Graph
from app.forms.draft import Draft
from app.forms.library import ProcedureLibrary
from app.services.sealing import SKELETON_AGE, Filer, Sealing

NOW = datetime(2026, 7, 3, 13, 42, tzinfo=JST)
FILER = Filer("株式会社みなと製菓", "1010001072706", "egov", "山本")


class Notes:
    """Meta, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, name: str, default: str = "") -> str:
        return self.kept.get(name, default)

    def set(self, name: str, value: str) -> None:
        self.kept[name] = value


def _draft(resources: Path, **changes: Any) -> Draft:
    catalogue = load_catalogue(resources)
    procedure = ProcedureLibrary(resources, catalogue).load("mhlw/koyou_hoken_shikaku_shutoku")
    graph = Graph(catalogue, [], date(2026, 7, 3))
    true_one = procedure.model_copy(update=changes)
    return Draft(true_one, graph, "k3x9aa", {}, date(2026, 7, 3), lambda: NOW, "山本")


def _real(notes: Notes, now: datetime = NOW) -> Sealing:
    return Sealing(None, notes, lambda: now, practice=False)  # type: ignore[arg-type]


def test_a_practice_edition_is_never_sealed_in_a_real_vault(resources: Path) -> None:
    draft = _draft(resources)
    review = _real(Notes()).review(draft, FILER)
    assert not review.can_send
    assert "練習用の古い版" in review.reasons[0]
    with pytest.raises(Known, match="練習用の古い版"):
        _real(Notes()).seal("d", draft, FILER)


def test_without_a_skeleton_a_real_vault_does_not_seal(resources: Path) -> None:
    draft = _draft(resources, practice_only=False)
    assert "取り寄せていません" in _real(Notes()).review(draft, FILER).reasons[0]


def test_another_version_at_the_door_is_said_with_its_date(resources: Path) -> None:
    draft = _draft(resources, practice_only=False)
    sealing = _real(Notes())
    sealing.remember_skeleton(draft.procedure.proc_id, ((draft.procedure.form_id, "0004"),))
    first = sealing.review(draft, FILER).reasons[0]
    assert "2026-07-03" in first
    assert "版が合いません" in first


def test_the_same_version_leaves_only_the_gaps(resources: Path) -> None:
    draft = _draft(resources, practice_only=False)
    sealing = _real(Notes())
    same = ((draft.procedure.form_id, draft.procedure.form_version),)
    sealing.remember_skeleton(draft.procedure.proc_id, same)
    assert all("欄" in r or "ところ" in r for r in sealing.review(draft, FILER).reasons)


def test_the_skeleton_is_asked_for_again_after_a_day(resources: Path) -> None:
    draft, notes = _draft(resources, practice_only=False), Notes()
    procedure = draft.procedure
    assert _real(notes).needs_skeleton(procedure)
    _real(notes).remember_skeleton(procedure.proc_id, ())
    assert not _real(notes).needs_skeleton(procedure)
    later = NOW + SKELETON_AGE + timedelta(minutes=1)
    assert _real(notes, later).needs_skeleton(procedure)
    assert not _real(Notes()).needs_skeleton(_draft(resources).procedure)
