"""Which scope of gBizID shows which claims (gBizID reference, section 1.3)."""

from __future__ import annotations

from typing import Any

from app.sandbox.accounts import Account

BASE = ("openid", "profile", "user", "mandate", "email", "offline_access")
ARRANGED = ("jp_gbizid_v1_ida", "role", "delegation_info")
_NAMES = (
    "sub account_type corp_type parent_id corporate_number name en_name prefecture_name address1 "
    "address2 rep_last_nm rep_first_nm rep_last_nm_kana rep_first_nm_kana birthday_ymd "
    "user_last_nm user_first_nm user_last_nm_kana user_first_nm_kana user_post_code "
    "user_prefecture_name user_address1 user_address2 user_address3 user_department "
    "user_tel_no_contact user_birthday_ymd mandate_info email user_email verified_claims role "
    "delegation_info"
)
CLAIMS = tuple(_NAMES.split())


def userinfo(account: Account, scopes: set[str]) -> dict[str, Any]:
    """The claims of an account that the granted scopes show."""
    claims: dict[str, Any] = {"sub": account.sub}
    if "profile" in scopes:
        claims |= {"account_type": account.account_type, **account.profile}
    if "user" in scopes:
        claims |= account.user
    if "mandate" in scopes and account.account_type == 3:
        claims["mandate_info"] = account.mandate_info
    if "email" in scopes:
        claims |= {"email": account.address, "user_email": account.address}
    if "jp_gbizid_v1_ida" in scopes:
        claims["verified_claims"] = account.verified_claims
    if "role" in scopes:
        claims["role"] = account.role
    if "delegation_info" in scopes:
        claims["delegation_info"] = account.delegation_info
    return claims


def granted_scope(asked: str, arranged: tuple[str, ...]) -> str | None:
    """The scope that is granted, or None for one that may not be asked.

    No scope at all gives every base scope and whatever was arranged, as the real one still does.
    """
    if not asked.strip():
        return " ".join((*BASE, *arranged))
    wanted = asked.split()
    return " ".join(dict.fromkeys(wanted)) if set(wanted) <= {*BASE, *arranged} else None
