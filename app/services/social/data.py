"""What the social desks of all companies share, read once from the program's resources."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.facts.catalogue import Catalogue
from app.forms.nenkin.layout import NenkinForms, load_forms
from app.services.social.columns import ColumnWords, load_column_words
from app.services.social.tables import SocialTables, load_tables


@dataclass(frozen=True)
class SocialData:
    """What all companies share: tables, layouts, words of columns. Read once (`load_social_data`)."""

    tables: SocialTables
    forms: NenkinForms
    words: ColumnWords
    fonts: Path


def load_social_data(resources: Path, catalogue: Catalogue) -> SocialData:
    """The data of social insurance in the program's resources folder."""
    words = load_column_words(resources, catalogue)
    return SocialData(load_tables(resources), load_forms(resources), words, resources / "fonts")
