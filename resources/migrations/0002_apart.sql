-- Version 2: what a filing with 個人番号 keeps apart from its redacted copy (app/store/apart.py).

-- What was kept apart, for good: the salted digest of the true bytes, of how many people. The first
-- event of the filing commits to it.
CREATE TABLE apart (
  filing_id TEXT PRIMARY KEY REFERENCES filings (id),
  people    INTEGER NOT NULL CHECK (people > 0),
  salt      TEXT NOT NULL CHECK (length(salt) = 32),
  digest    TEXT NOT NULL CHECK (length(digest) = 64)
) STRICT;
CREATE TRIGGER apart_once BEFORE INSERT ON apart
  WHEN EXISTS (SELECT 1 FROM apart WHERE filing_id = NEW.filing_id)
  BEGIN SELECT RAISE(ABORT, 'what is kept apart is sealed once'); END;
CREATE TRIGGER apart_stays BEFORE UPDATE ON apart
  BEGIN SELECT RAISE(ABORT, 'the digest of what was kept apart never changes'); END;
CREATE TRIGGER apart_kept BEFORE DELETE ON apart
  BEGIN SELECT RAISE(ABORT, 'the digest of what was kept apart is never deleted'); END;

-- The true bytes, encrypted each under a key of its own; both go when the procedure ends.
CREATE TABLE apart_contents (
  filing_id TEXT PRIMARY KEY REFERENCES apart (filing_id),
  content   BLOB NOT NULL
) STRICT;
CREATE TRIGGER apart_contents_stay BEFORE UPDATE ON apart_contents
  BEGIN SELECT RAISE(ABORT, 'what is kept apart never changes'); END;

-- Those keys, wrapped (RFC 3394) by the one key below.
CREATE TABLE apart_keys (
  filing_id TEXT PRIMARY KEY REFERENCES apart (filing_id),
  wrapped   BLOB NOT NULL CHECK (length(wrapped) = 40)
) STRICT;

-- One row of one size on a page of its own, so that a new key is written over the old one.
CREATE TABLE apart_wrapping (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;
