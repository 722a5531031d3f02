"""ミラサポplus 制度ナビ: support schemes from the published archive (`supports.zip`).

Follows shared/reference/open-data.md section 4.3. The API has ended; the data set remains as a
download, and a copy of October 2023 is shipped with the program.
"""

from __future__ import annotations

from app.services.connectors.mirasapo.schemes import AS_OF, ATTRIBUTION, read_schemes

__all__ = ["AS_OF", "ATTRIBUTION", "read_schemes"]
