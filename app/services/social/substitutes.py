"""The letters a company has agreed to send others for: kept in its vault, the true letters untouched."""

from __future__ import annotations

import json
from collections.abc import Mapping

from app.domain.errors import BadInput
from app.forms.nenkin.letters import offers
from app.store.meta import Meta

_KEY = "social:substitutes"


class Substitutes:
    """Letter → what is sent for it, for one company."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def accepted(self) -> Mapping[str, str]:
        """What has been accepted."""
        text = self._meta.get(_KEY)
        return {} if not text else {str(k): str(v) for k, v in json.loads(text).items()}

    def accept(self, letter: str, substitute: str) -> None:
        """Accepts `substitute` for `letter`.

        Raises BadInput: the letter can be sent as it is, or the substitute is not one that is offered.
        """
        told = offers(letter) if len(letter) == 1 else ()
        if not told:
            raise BadInput("substitute-letter", "この文字は、そのまま送れます。")
        offered = told[0].substitutes
        if substitute not in offered:
            words = "又は".join(f"「{s}」" for s in offered)
            sentence = f"「{letter}」の代わりに送れるのは{words}です。" if offered else (
                f"「{letter}」には、決まった代わりの文字がありません。かなで書いてください。"
            )  # fmt: skip
            raise BadInput("substitute-other", sentence)
        kept = dict(self.accepted()) | {letter: substitute}
        self._meta.set(_KEY, json.dumps(kept, ensure_ascii=False))
