CREATE TRIGGER document_contents_kept BEFORE DELETE ON document_contents
  BEGIN SELECT RAISE(ABORT, 'a kept document is never deleted'); END;

CREATE TRIGGER document_contents_stay BEFORE UPDATE ON document_contents
  BEGIN SELECT RAISE(ABORT, 'a kept document never changes'); END;

CREATE TRIGGER documents_kept BEFORE DELETE ON documents
  BEGIN SELECT RAISE(ABORT, 'a kept document is never deleted'); END;

CREATE TRIGGER documents_stay BEFORE UPDATE OF
    id, name, kind, filing_id, sha256, size, kept_at ON documents
  BEGIN SELECT RAISE(ABORT, 'a kept document never changes'); END;

CREATE TRIGGER signing_key_kept BEFORE DELETE ON signing_key
  BEGIN SELECT RAISE(ABORT, 'signing_key is never deleted'); END;

CREATE TRIGGER signing_key_once BEFORE INSERT ON signing_key
  WHEN EXISTS (SELECT 1 FROM signing_key)
  BEGIN SELECT RAISE(ABORT, 'signing_key is written once'); END;

CREATE TRIGGER signing_key_stays BEFORE UPDATE ON signing_key
  BEGIN SELECT RAISE(ABORT, 'signing_key never changes'); END;

CREATE TRIGGER vault_mark_kept BEFORE DELETE ON vault_mark
  BEGIN SELECT RAISE(ABORT, 'vault_mark is never deleted'); END;

CREATE TRIGGER vault_mark_once BEFORE INSERT ON vault_mark
  WHEN EXISTS (SELECT 1 FROM vault_mark)
  BEGIN SELECT RAISE(ABORT, 'vault_mark is written once'); END;

CREATE TRIGGER vault_mark_stays BEFORE UPDATE ON vault_mark
  BEGIN SELECT RAISE(ABORT, 'vault_mark never changes'); END;

CREATE TABLE accounts (
  id         TEXT PRIMARY KEY,
  door       TEXT NOT NULL,
  kind       TEXT NOT NULL,
  label      TEXT NOT NULL,
  subject    TEXT NOT NULL,
  tokens     TEXT NOT NULL,
  details    TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE batch_rows (
  batch_id   TEXT NOT NULL REFERENCES batches (id),
  vault_id   TEXT NOT NULL,
  place      INTEGER NOT NULL,
  content    TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (batch_id, vault_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
  id       TEXT PRIMARY KEY,
  form     TEXT NOT NULL,
  begun_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;

CREATE TABLE companies (
  vault_id         TEXT PRIMARY KEY,
  file             TEXT NOT NULL UNIQUE,
  name             TEXT NOT NULL,
  corporate_number TEXT NOT NULL,
  town             TEXT NOT NULL,
  plate            TEXT NOT NULL,
  kanji            TEXT NOT NULL,
  place            INTEGER NOT NULL,
  key              BLOB NOT NULL CHECK (length(key) = 32),
  added_at         TEXT NOT NULL,
  proof            TEXT REFERENCES documents (id)
) STRICT;

CREATE TABLE document_contents (
  document_id TEXT PRIMARY KEY REFERENCES documents (id),
  content     BLOB NOT NULL
) STRICT;

CREATE TABLE documents (
  id        TEXT PRIMARY KEY,
  name      TEXT NOT NULL,
  kind      TEXT NOT NULL,
  filing_id TEXT CHECK (filing_id IS NULL),
  verdict   TEXT NOT NULL,
  sha256    TEXT NOT NULL CHECK (length(sha256) = 64),
  size      INTEGER NOT NULL,
  kept_at   TEXT NOT NULL
) STRICT;

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE signing_key (
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  seed   BLOB NOT NULL CHECK (length(seed) = 32),
  public BLOB NOT NULL CHECK (length(public) = 32)
) STRICT;

CREATE TABLE summaries (
  vault_id TEXT PRIMARY KEY REFERENCES companies (vault_id) ON DELETE CASCADE,
  seen_at  TEXT NOT NULL,
  content  TEXT NOT NULL
) STRICT;

CREATE TABLE vault_mark (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  vault_id   TEXT NOT NULL,
  mode       TEXT NOT NULL CHECK (mode IN ('practice', 'real')),
  created_at TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX one_document ON documents (coalesce(filing_id, ''), sha256);

