"""What a procedure's folder is refused for: the file, the line and the reason in Japanese."""

from __future__ import annotations

from app.domain.errors import Known


class PackFault(Known):
    """A procedure's folder that cannot be used.

    `file` is the name inside the folder, `line` counts from 1 (0 where no line can be named),
    `reason` says in Japanese what is and what to do.
    """

    def __init__(self, code: str, file: str, line: int, reason: str) -> None:
        place = f"{file} の {line}行目" if line else file
        super().__init__(code, f"{place}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason
