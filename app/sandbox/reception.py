"""The counter of the practice door: what /apply, /apply/amend, /bulk-apply and /post-apply share."""

from __future__ import annotations

from typing import Any

from app.sandbox.agency import Agency
from app.sandbox.clock import TownClock
from app.sandbox.door import Body, Caller, wanted
from app.sandbox.findings import Finding, bad_request, not_found
from app.sandbox.intake import Demands, Examined, examine
from app.sandbox.keys import TownKeys
from app.sandbox.kousei import FILE
from app.sandbox.ledger import Filing, Ledger
from app.sandbox.package import Package, read_send_file
from app.sandbox.procedures import Procedure
from app.sandbox.signing import SignatureRule

PROC_ID = r"[0-9A-Za-z-]{16}"
ARRIVE_ID = r"[0-9]{16,18}"
NEW, AGAIN, PARTIAL = "新規申請", "再提出", "部分補正"
# The paper that shows in what role an agent files.
CAPACITIES = {"本人": "", "提出代行": "提出代行証明書", "代理": "委任状"}


class Reception:
    """Finds, examines and enters; says nothing over HTTP itself."""

    def __init__(
        self,
        ledger: Ledger,
        agency: Agency,
        procedures: dict[str, Procedure],
        clock: TownClock,
        keys: TownKeys,
    ) -> None:
        """`keys` holds the authority that gives agents their certificates."""
        self.ledger = ledger
        self.agency = agency
        self.clock = clock
        self._procedures = procedures
        self._keys = keys

    def procedure(self, proc_id: str) -> Procedure:
        """The procedure of a number; raises DoorRefusal."""
        found = self._procedures.get(proc_id)
        if found is None:
            raise not_found("手続が見つかりません。")
        return found

    def mine(self, arrive_id: str, caller: Caller) -> Filing:
        """A filing of the caller; raises DoorRefusal."""
        filing = self.ledger.filings.get(arrive_id)
        if filing is None or filing.account != caller.key:
            raise not_found("到達番号に該当する申請案件がありません。")
        return filing

    def sent(self, body: Body, *, delivery: bool | None = False) -> tuple[Procedure, Package]:
        """Procedure and package of a request; `delivery` is whether it is for /post-apply."""
        procedure = self.procedure(wanted(body, "proc_id", PROC_ID))
        if delivery is not None and procedure.delivery != delivery:
            raise bad_request("この手続はこのAPIでは受け付けません。")
        return procedure, read_send_file(procedure.proc_id, body.get("send_file"))

    def examine(
        self, procedure: Procedure, package: Package, kinds: tuple[str, ...], caller: Caller
    ) -> Examined:
        """Everything the door finds in a package, also a wrong 初回受付番号 of a 再提出."""
        demands = Demands(
            kinds,
            self.rule(procedure, caller),
            CAPACITIES[caller.account.capacity],
            self.clock.now().date(),
        )
        examined = examine(procedure, package, demands)
        if examined.configuration.kind == AGAIN and procedure.signers > 1:
            # A 再提出 wants one signature only (e-Gov's answer, reference 1.5).
            again = SignatureRule(1, self.clock.stamp(), demands.signatures.issuer)
            demands = Demands(kinds, again, demands.attachment, demands.today)
            examined = examine(procedure, package, demands)
        return examined

    def rule(self, procedure: Procedure, caller: Caller) -> SignatureRule:
        """What is asked of the signatures of this caller."""
        agent = caller.account.capacity != "本人"
        may_omit = procedure.unsigned_with_gbizid and caller.account.provider == "gbizid"
        never = procedure.signature == "never"
        wanted_ones = 0 if never or (may_omit and not agent) else procedure.signers
        issuer = self._keys.authority.certificate if agent else None
        return SignatureRule(wanted_ones, self.clock.stamp(), issuer, allowed=not never)

    def late(self, filing: Filing) -> bool:
        """Whether the last day of an open correction has passed."""
        open_ones = [item for item in filing.notices if item.kind == "補正" and not item.completed]
        return any(self.clock.seconds() > item.expires for item in open_ones)

    def resubmitted(
        self, procedure: Procedure, examined: Examined, caller: Caller
    ) -> Filing | None:
        """The filing a 再提出 stands for; a wrong 初回受付番号 becomes a finding.

        It has to name the ORIGINAL application, also when a later 再提出 is the one that waits.
        """
        number = examined.configuration.first_number
        if examined.configuration.kind != AGAIN:
            if number and examined.configuration.kind:
                examined.findings.append(wrong_first_number())
            return None
        original = self.ledger.filings.get(number)
        if original is None or (original.account, original.proc_id, original.first_number) != (
            caller.key,
            procedure.proc_id,
            "",
        ):
            examined.findings.append(wrong_first_number())
            return None
        chain = [item for item in self.ledger.of(caller.key) if item.first_number == number]
        for item in [*chain, original]:
            if item.correct_type in ("再提出", "手続終了(再提出可)") and not self.late(item):
                return item
        examined.findings.append(wrong_first_number())
        return None

    def filing(
        self, procedure: Procedure, package: Package, examined: Examined, caller: Caller
    ) -> Filing:
        """The filing of a good package; it has no number yet."""
        made = examined.configuration
        again = made.kind == AGAIN
        filing = Filing(
            arrive_id=f"900{self.clock.now().year}000000000",
            account=caller.key,
            proc_id=procedure.proc_id,
            proc_name=procedure.name,
            ministry=procedure.ministry,
            destination=made.destination,
            kind=made.kind,
            applicant=made.applicant,
            corporation=made.corporation,
            arrived=self.clock.seconds(),
            file_name=package.file_name,
            sha256=examined.sha256,
            first_number=made.first_number,
            capacity=caller.account.capacity,
            # What was sent again is decided; only the first one meets the fixed end.
            outcome="公文書署名あり" if again and procedure.outcome else procedure.outcome,
            delivery=procedure.delivery,
            subject=examined.subject,
            pension=examined.pension,
            form_names=[entry.name for entry in made.forms],
            attachments=[name for name, _ in made.attachments],
        )
        if examined.fee:
            filing.payments.append(self.agency.bill(filing, examined.fee))
        return filing

    def enter(self, filing: Filing, waiting: Filing | None) -> None:
        """Give the filing its number; what waited for it is over."""
        filing.arrive_id = self.ledger.next_number()
        self.ledger.take(filing)
        if waiting is not None:
            self.agency.replaced(waiting)


def wrong_first_number() -> Finding:
    """The sentence is e-Gov's own."""
    sentence = "構成管理XML.初回受付番号に誤りがあります"
    return Finding(sentence, "構成情報.管理情報.初回受付番号", FILE)


def receipt(filing: Filing) -> dict[str, Any]:
    """`results` of 申請データ送信."""
    shown: dict[str, Any] = {
        "arrive_id": filing.arrive_id,
        "arrive_date": str(filing.detail()["arrive_date"]),
        "corporation_name": filing.corporation,
        "applicant_name": filing.applicant,
        "apply_type": filing.kind,
        "proc_name": filing.proc_name,
        "ministry_name": filing.ministry,
        "submission_destination": filing.destination,
        "apply_form": {
            "form": [{"form_name": name} for name in filing.form_names],
            "attached_file": [{"attached_file_name": name} for name in filing.attachments],
        },
    }
    if filing.payments:
        names = ("pay_number", "confirm_number", "facility_number", "pay_name_kana")
        more = ("total_fee", "pay_expired")
        fees = [payment.row() for payment in filing.payments]
        shown["apply_pay_list"] = [{key: fee[key] for key in names + more} for fee in fees]
    return shown
