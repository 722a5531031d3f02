"""Settings: defaults, bad files, unknown names, the administrator's policy, whole writes."""

from __future__ import annotations

import json
import os
import re

import pytest
from pydantic import ValidationError

from app.domain.errors import Known
from app.services.settings import (
    Doors,
    FirstLook,
    Settings,
    first_look,
    load_settings,
    save_settings,
    setting_rows,
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "settings.json"


@pytest.fixture
def policy(tmp_path):
    return tmp_path / "policy.toml"


def test_no_file_means_the_defaults(file):
    loaded = load_settings(file)
    assert loaded.settings == Settings()
    assert (loaded.problems, loaded.locked, loaded.unknown) == ((), frozenset(), ())
    assert loaded.settings.redirect_uri == "http://127.0.0.1:53682/callback"
    assert loaded.settings.use_keyring is False, "off until chosen"


def test_what_is_saved_is_read_again(file):
    wanted = Settings(
        theme="dark",
        text_size=130,
        idle_lock_minutes=5,
        doors=Doors(egov_broker="https://broker.example/token"),
    )
    saved = save_settings(file, wanted, load_settings(file))
    assert saved.settings == wanted
    assert load_settings(file).settings == wanted
    assert first_look(file) == FirstLook(theme="dark", text_size=130)
    assert [p.name for p in file.parent.iterdir()] == ["settings.json"]


def test_toml_is_read_too_and_never_written_over(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text('theme = "light"\n[doors]\negov_api = "http://127.0.0.1:9/v2"\n', "utf-8")
    loaded = load_settings(file)
    assert loaded.settings.theme == "light"
    assert loaded.settings.doors.egov_api == "http://127.0.0.1:9/v2"
    with pytest.raises(Known) as fault:
        save_settings(file, loaded.settings, loaded)
    assert fault.value.code == "settings-by-hand"


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("settings.json", '{\n  "theme": "dark",\n  "text_size" 130\n}', "3行目"),
        ("settings.json", "[]", "1行目"),
        ("settings.json", "", "1行目"),
        ("settings.toml", 'theme = "dark"\nlanguage = \n', "2行目"),
        ("settings.json", "[" * 100_000, ""),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_kept(tmp_path, name, text, where):
    file = tmp_path / name
    file.write_text(text, "utf-8")
    loaded = load_settings(file)
    assert loaded.settings == Settings()
    assert loaded.unread
    (problem,) = loaded.problems
    assert problem.code == "settings-unread"
    assert name in problem.sentence
    assert where in problem.sentence
    assert "そのまま残っています" in problem.sentence
    assert file.read_text("utf-8") == text
    assert first_look(file) == FirstLook()


def test_bytes_that_are_no_text_are_told(file):
    file.write_bytes(b"\xff\xfe\x00{")
    assert load_settings(file).problems[0].code == "settings-unread"


def test_saving_over_a_bad_file_keeps_it_under_another_name(file):
    for count, text in enumerate(("{bad", "{worse"), start=1):
        file.write_text(text, "utf-8")
        loaded = load_settings(file)
        assert not save_settings(file, Settings(theme="dark"), loaded).problems
        kept = sorted(p.name for p in file.parent.iterdir() if p != file)
        assert len(kept) == count
    assert kept == ["settings.json.unread", "settings.json.unread-2"]
    assert (file.parent / kept[0]).read_text("utf-8") == "{bad"
    assert load_settings(file).settings.theme == "dark"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "pink"), ("text_size", 101), ("text_size", "130"), ("language", "fr"),
        ("idle_lock_minutes", 0), ("use_keyring", "yes"), ("redirect_host", "0.0.0.0"),
        ("redirect_port", 80), ("redirect_path", "callback"), ("redirect_path", "/a?b"), ("doors", 7),
        ("doors.egov_api", "http://api.e-gov.go.jp/"), ("doors.egov_api", "https://u:p@x/"),
        ("doors.egov_api", "file:///x"), ("doors.egov_api", "https://x/?q=1"), ("doors.egov_api", "https://x:99999/"),
    ],
)  # fmt: skip
def test_one_bad_value_costs_only_itself(file, name, value):
    content: dict[str, object] = {"hide_companies": True}
    if "." in name:
        group, key = name.split(".")
        content[group] = {key: value, "egov_issuer": "https://kept.example/"}
    else:
        content[name] = value
    file.write_text(json.dumps(content, indent=2), "utf-8")
    loaded = load_settings(file)
    (problem,) = loaded.problems
    assert problem.code == "settings-value"
    assert f"「{name}」" in problem.sentence
    assert re.search(r"settings\.json の [34]行目", problem.sentence)
    assert loaded.settings.hide_companies is True
    if "." in name:
        assert loaded.settings.doors.egov_api == Doors().egov_api
        assert loaded.settings.doors.egov_issuer == "https://kept.example/"


def test_names_of_another_edition_are_kept_and_named(file):
    content = {"theme": "dark", "future": {"x": 1}, "doors": {"moon": "https://moon.example"}}
    file.write_text(json.dumps(content), "utf-8")
    loaded = load_settings(file)
    assert loaded.unknown == ("doors.moon", "future")
    assert not loaded.problems
    save_settings(file, loaded.settings.model_copy(update={"theme": "light"}), loaded)
    kept = json.loads(file.read_text("utf-8"))
    assert (kept["future"], kept["doors"]["moon"]) == ({"x": 1}, "https://moon.example")
    assert kept["theme"] == "light"


def test_the_administrator_fixes_values(file, policy):
    file.write_text('{"system_browser": false, "theme": "dark"}', "utf-8")
    policy.write_text(
        'system_browser = true\n[doors]\negov_broker = "https://b.example/t"\n', "utf-8"
    )
    loaded = load_settings(file, policy)
    assert loaded.settings.system_browser is True
    assert loaded.settings.theme == "dark"
    assert loaded.locked == {"system_browser", "doors.egov_broker"}
    rows = {r.name: r for r in setting_rows(loaded.settings, loaded.locked)}
    assert rows["system_browser"].locked
    assert not rows["theme"].locked
    wanted = loaded.settings.model_copy(update={"theme": "light", "system_browser": True})
    saved = save_settings(file, wanted, loaded)
    assert saved.settings.system_browser is True
    assert saved.settings.doors.egov_broker == "https://b.example/t"
    own = json.loads(file.read_text("utf-8"))
    assert own["system_browser"] is False, "the person's own choice comes back when the policy goes"
    assert "egov_broker" not in own["doors"]
    assert load_settings(file).settings.system_browser is False
    assert first_look(file, policy) == FirstLook(theme="light")


def test_a_bad_policy_is_told_and_fixes_nothing(file, policy):
    policy.write_text("system_browser = maybe\n", "utf-8")
    loaded = load_settings(file, policy)
    assert loaded.problems[0].code == "policy-unread"
    assert "policy.toml の 1行目" in loaded.problems[0].sentence
    assert loaded.locked == frozenset()
    policy.write_text('theme = "pink"\nlanguage = "en"\n', "utf-8")
    loaded = load_settings(file, policy)
    assert loaded.locked == {"language"}
    assert first_look(file, policy) == FirstLook(language="en")


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x", "utf-8")
    with pytest.raises(Known) as fault:
        save_settings(
            blocked / "settings.json", Settings(), load_settings(blocked / "settings.json")
        )
    assert fault.value.code == "settings-unwritten"


def test_a_write_that_fails_leaves_the_old_file_whole(file, monkeypatch):
    save_settings(file, Settings(theme="dark"), load_settings(file))
    before = file.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(Known):
        save_settings(file, Settings(theme="light"), load_settings(file))
    assert file.read_bytes() == before
    assert [p.name for p in file.parent.iterdir()] == ["settings.json"]


def test_every_setting_can_be_shown():
    rows = setting_rows(Settings())
    assert {r.kind for r in rows} <= {
        "choice",
        "minutes",
        "switch",
        "folder",
        "text",
        "port",
        "address",
    }
    assert len({r.name for r in rows}) == len(rows) > 15
    for row in rows:
        assert row.label
        assert row.help.endswith("。"), row.name
        assert (row.kind == "choice") == bool(row.choices)
        if row.choices:
            assert str(row.value) in [value for value, _ in row.choices]
        for word in ("エラー", "不正", "無効", "!", "！"):
            assert word not in row.label + row.help


def test_no_setting_is_a_secret():
    """Credentials lie in the vault, unlock keys in the keyring: neither has a place in this file."""
    secret = re.compile(
        r"secret|password|passphrase|passwd|token|api_?key|credential|private|software_id|application_id"
    )
    for row in setting_rows(Settings()):
        assert not secret.search(row.name), row.name
    assert not re.search(
        r"合言葉$|暗証|パスワード", "".join(r.label for r in setting_rows(Settings()))
    )


def test_the_model_takes_nothing_else():
    with pytest.raises(ValidationError):
        Settings.model_validate({"api_key": "x"})


def test_the_real_addresses_are_those_of_the_reference():
    doors = Doors()
    assert doors.egov_api == "https://api.e-gov.go.jp/shinsei/v2"
    assert doors.egov_auth == "https://account.e-gov.go.jp/auth"
    assert doors.houjin_bangou == "https://api.houjin-bangou.nta.go.jp/4"
    assert doors.gbizid_issuer == "https://gbiz-id.go.jp/oauth/"
