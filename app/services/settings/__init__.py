"""What a person or an administrator may choose. The settings page is made from it.

`first_look` reads the few things the first window needs without pydantic; everything else is
imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.services.settings.first_look import FirstLook, first_look

if TYPE_CHECKING:
    from app.services.settings.files import Loaded, check_data_folder, load_settings, save_settings
    from app.services.settings.model import Doors, SettingRow, Settings, setting_rows

__all__ = [
    "Doors",
    "FirstLook",
    "Loaded",
    "SettingRow",
    "Settings",
    "check_data_folder",
    "first_look",
    "load_settings",
    "save_settings",
    "setting_rows",
]

_FILES = ("Loaded", "check_data_folder", "load_settings", "save_settings")


def __getattr__(name: str) -> Any:
    """Import the model (and pydantic with it) only when it is asked for."""
    if name not in __all__:
        raise AttributeError(name)
    from importlib import import_module

    part = "files" if name in _FILES else "model"
    return getattr(import_module(f"app.services.settings.{part}"), name)
