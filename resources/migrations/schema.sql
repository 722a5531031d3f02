CREATE TRIGGER apart_contents_stay BEFORE UPDATE ON apart_contents
  BEGIN SELECT RAISE(ABORT, 'what is kept apart never changes'); END;

CREATE TRIGGER apart_kept BEFORE DELETE ON apart
  BEGIN SELECT RAISE(ABORT, 'the digest of what was kept apart is never deleted'); END;

CREATE TRIGGER apart_once BEFORE INSERT ON apart
  WHEN EXISTS (SELECT 1 FROM apart WHERE filing_id = NEW.filing_id)
  BEGIN SELECT RAISE(ABORT, 'what is kept apart is sealed once'); END;

CREATE TRIGGER apart_stays BEFORE UPDATE ON apart
  BEGIN SELECT RAISE(ABORT, 'the digest of what was kept apart never changes'); END;

CREATE TRIGGER disclosures_grow BEFORE INSERT ON disclosures
  WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM disclosures)
  BEGIN SELECT RAISE(ABORT, 'disclosures only grow'); END;

CREATE TRIGGER disclosures_kept BEFORE DELETE ON disclosures
  BEGIN SELECT RAISE(ABORT, 'a disclosure is never deleted'); END;

CREATE TRIGGER disclosures_stay BEFORE UPDATE ON disclosures
  BEGIN SELECT RAISE(ABORT, 'a disclosure never changes'); END;

CREATE TRIGGER document_contents_kept BEFORE DELETE ON document_contents
  BEGIN SELECT RAISE(ABORT, 'a kept document is never deleted'); END;

CREATE TRIGGER document_contents_stay BEFORE UPDATE ON document_contents
  BEGIN SELECT RAISE(ABORT, 'a kept document never changes'); END;

CREATE TRIGGER documents_kept BEFORE DELETE ON documents
  BEGIN SELECT RAISE(ABORT, 'a kept document is never deleted'); END;

CREATE TRIGGER documents_stay BEFORE UPDATE OF
    id, name, kind, filing_id, sha256, size, kept_at ON documents
  BEGIN SELECT RAISE(ABORT, 'a kept document never changes'); END;

CREATE TRIGGER envelopes_kept BEFORE DELETE ON envelopes
  BEGIN SELECT RAISE(ABORT, 'an envelope is never deleted'); END;

CREATE TRIGGER envelopes_once BEFORE INSERT ON envelopes
  WHEN EXISTS (SELECT 1 FROM envelopes WHERE filing_id = NEW.filing_id)
  BEGIN SELECT RAISE(ABORT, 'an envelope is sealed once'); END;

CREATE TRIGGER envelopes_stay BEFORE UPDATE ON envelopes
  BEGIN SELECT RAISE(ABORT, 'an envelope never changes'); END;

CREATE TRIGGER filing_events_grow BEFORE INSERT ON filing_events
  WHEN NEW.n IS NOT
    (SELECT coalesce(max(n), 0) + 1 FROM filing_events WHERE filing_id = NEW.filing_id)
  BEGIN SELECT RAISE(ABORT, 'events only grow'); END;

CREATE TRIGGER filing_events_kept BEFORE DELETE ON filing_events
  BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;

CREATE TRIGGER filing_events_stay BEFORE UPDATE ON filing_events
  BEGIN SELECT RAISE(ABORT, 'an event never changes'); END;

CREATE TRIGGER filings_accepted BEFORE UPDATE OF stage ON filings
  WHEN NEW.stage = 'accepted' AND NEW.receipt_number IS NULL
  BEGIN SELECT RAISE(ABORT, 'accepted needs its receipt in the same step'); END;

CREATE TRIGGER filings_begin BEFORE INSERT ON filings
  WHEN NEW.stage <> 'ready' OR NEW.receipt_number IS NOT NULL
    OR EXISTS (SELECT 1 FROM filings WHERE id = NEW.id)
    OR NEW.practice IS NOT (SELECT mode = 'practice' FROM vault_mark)
  BEGIN SELECT RAISE(ABORT, 'a filing begins once, ready, with the mark of its vault'); END;

CREATE TRIGGER filings_kept BEFORE DELETE ON filings
  BEGIN SELECT RAISE(ABORT, 'a filing is never deleted'); END;

CREATE TRIGGER filings_move BEFORE UPDATE OF stage ON filings
  WHEN OLD.stage <> NEW.stage AND OLD.stage || '>' || NEW.stage NOT IN (
    'ready>sending', 'ready>withdrawn',
    'sending>accepted', 'sending>rejected', 'sending>unknown', 'sending>ready',
    'unknown>accepted', 'unknown>ready',
    'accepted>ended', 'accepted>withdrawn')
  BEGIN SELECT RAISE(ABORT, 'a filing does not move so'); END;

CREATE TRIGGER filings_receipt BEFORE UPDATE OF receipt_number, receipt_at, receipt ON filings
  WHEN OLD.receipt_number IS NOT NULL AND (NEW.receipt_number IS NOT OLD.receipt_number
    OR NEW.receipt_at IS NOT OLD.receipt_at OR NEW.receipt IS NOT OLD.receipt)
  BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;

CREATE TRIGGER filings_sealed BEFORE UPDATE OF
    id, draft_id, procedure_id, edition, door, company_name, corporate_number, account_id,
    capacity, subject, title, facts, envelope_name, envelope_size, sha256, sealed_at, practice,
    twin_key, record_head, seal_salt
  ON filings
  BEGIN SELECT RAISE(ABORT, 'a sealed column never changes'); END;

CREATE TRIGGER known_before_kept BEFORE DELETE ON known_before
  BEGIN SELECT RAISE(ABORT, 'a number listed before stays listed'); END;

CREATE TRIGGER known_before_stays BEFORE UPDATE ON known_before
  BEGIN SELECT RAISE(ABORT, 'a number listed before stays listed'); END;

CREATE TRIGGER record_log_grows BEFORE INSERT ON record_log
  WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM record_log) OR NEW.content IS NULL
    OR EXISTS (SELECT 1 FROM record_log WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'record_log only grows'); END;

CREATE TRIGGER record_log_kept BEFORE DELETE ON record_log
  BEGIN SELECT RAISE(ABORT, 'record_log is never deleted'); END;

CREATE TRIGGER record_log_stays BEFORE UPDATE ON record_log
  WHEN NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind
    OR NEW.chain IS NOT OLD.chain OR NEW.content IS NOT NULL OR OLD.kind = 'tombstone'
  BEGIN SELECT RAISE(ABORT, 'a record is only ever emptied'); END;

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

CREATE TABLE answer_history (
  seq      INTEGER PRIMARY KEY,
  draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
  field_id TEXT NOT NULL,
  answer   TEXT,
  saved_at TEXT NOT NULL
) STRICT;

CREATE TABLE answers (
  draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
  field_id TEXT NOT NULL,
  answer   TEXT NOT NULL,
  PRIMARY KEY (draft_id, field_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE apart (
  filing_id TEXT PRIMARY KEY REFERENCES filings (id),
  people    INTEGER NOT NULL CHECK (people > 0),
  salt      TEXT NOT NULL CHECK (length(salt) = 32),
  digest    TEXT NOT NULL CHECK (length(digest) = 64)
) STRICT;

CREATE TABLE apart_contents (
  filing_id TEXT PRIMARY KEY REFERENCES apart (filing_id),
  content   BLOB NOT NULL
) STRICT;

CREATE TABLE apart_keys (
  filing_id TEXT PRIMARY KEY REFERENCES apart (filing_id),
  wrapped   BLOB NOT NULL CHECK (length(wrapped) = 40)
) STRICT;

CREATE TABLE apart_wrapping (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

CREATE TABLE disclosures (
  id        INTEGER PRIMARY KEY,
  at        TEXT NOT NULL,
  door      TEXT NOT NULL,
  filing_id TEXT NOT NULL,
  paths     TEXT NOT NULL
) STRICT;

CREATE TABLE document_contents (
  document_id TEXT PRIMARY KEY REFERENCES documents (id),
  content     BLOB NOT NULL
) STRICT;

CREATE TABLE documents (
  id        TEXT PRIMARY KEY,
  name      TEXT NOT NULL,
  kind      TEXT NOT NULL,
  filing_id TEXT REFERENCES filings (id),
  verdict   TEXT NOT NULL,
  sha256    TEXT NOT NULL CHECK (length(sha256) = 64),
  size      INTEGER NOT NULL,
  kept_at   TEXT NOT NULL
) STRICT;

CREATE TABLE drafts (
  id           TEXT PRIMARY KEY,
  procedure_id TEXT NOT NULL,
  edition      TEXT NOT NULL,
  subject      TEXT NOT NULL,
  created_at   TEXT NOT NULL,
  updated_at   TEXT NOT NULL,
  cursor       TEXT NOT NULL DEFAULT '',
  discarded_at TEXT
) STRICT;

CREATE TABLE envelopes (
  filing_id TEXT PRIMARY KEY REFERENCES filings (id),
  content   BLOB NOT NULL
) STRICT;

CREATE TABLE filing_events (
  filing_id TEXT NOT NULL REFERENCES filings (id),
  n         INTEGER NOT NULL,
  at        TEXT NOT NULL,
  kind      TEXT NOT NULL,
  title     TEXT NOT NULL,
  note      TEXT NOT NULL,
  data      TEXT NOT NULL,
  salt      TEXT NOT NULL,
  digest    TEXT NOT NULL CHECK (length(digest) = 64),
  chain     TEXT NOT NULL CHECK (length(chain) = 64),
  PRIMARY KEY (filing_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE filings (
  id               TEXT PRIMARY KEY,
  draft_id         TEXT NOT NULL,
  procedure_id     TEXT NOT NULL,
  edition          TEXT NOT NULL,
  door             TEXT NOT NULL,
  company_name     TEXT NOT NULL,
  corporate_number TEXT NOT NULL,
  account_id       TEXT NOT NULL,
  capacity         TEXT NOT NULL,
  subject          TEXT NOT NULL,
  title            TEXT NOT NULL,
  facts            TEXT NOT NULL,
  envelope_name    TEXT NOT NULL,
  envelope_size    INTEGER NOT NULL,
  sha256           TEXT NOT NULL CHECK (length(sha256) = 64),
  sealed_at        TEXT NOT NULL,
  practice         INTEGER NOT NULL CHECK (practice IN (0, 1)),
  twin_key         TEXT NOT NULL,
  record_head      TEXT NOT NULL,
  seal_salt        TEXT NOT NULL,
  stage            TEXT NOT NULL DEFAULT 'ready' CHECK (stage IN
    ('ready', 'sending', 'accepted', 'rejected', 'unknown', 'withdrawn', 'ended')),
  door_status      TEXT NOT NULL DEFAULT '',
  receipt_number   TEXT,
  receipt_at       TEXT,
  receipt          TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE known_before (
  filing_id      TEXT NOT NULL REFERENCES filings (id),
  receipt_number TEXT NOT NULL,
  PRIMARY KEY (filing_id, receipt_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE record_log (
  seq     INTEGER PRIMARY KEY,
  id      TEXT NOT NULL UNIQUE CHECK (length(id) = 64),
  kind    TEXT NOT NULL CHECK (kind IN ('record', 'tombstone')),
  salt    TEXT,
  content TEXT,
  chain   TEXT NOT NULL CHECK (length(chain) = 64),
  CHECK ((salt IS NULL) = (content IS NULL))
) STRICT;

CREATE TABLE signing_key (
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  seed   BLOB NOT NULL CHECK (length(seed) = 32),
  public BLOB NOT NULL CHECK (length(public) = 32)
) STRICT;

CREATE TABLE vault_mark (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  vault_id   TEXT NOT NULL,
  mode       TEXT NOT NULL CHECK (mode IN ('practice', 'real')),
  created_at TEXT NOT NULL
) STRICT;

CREATE INDEX answer_history_of ON answer_history (draft_id, field_id, seq);

CREATE INDEX filings_of_draft ON filings (draft_id);

CREATE UNIQUE INDEX one_document ON documents (coalesce(filing_id, ''), sha256);

CREATE UNIQUE INDEX one_in_flight ON filings (twin_key) WHERE stage IN ('sending', 'unknown');

CREATE UNIQUE INDEX one_receipt ON filings (door, receipt_number) WHERE receipt_number IS NOT NULL;

