"""The versions of the state's file, as numbered steps of SQL that only go forward.

SQLite keeps the number itself (``user_version``), inside the transaction of
the step, so a program killed in the middle leaves the version before. Steps
that were released are never edited. Alembic would bring a second place for
the number and a downgrade that nobody may use on an audit trail.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from ballast.errors import HomeVersion

# 1: who may come in, and who saw what.
_ACCOUNTS = """
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    display TEXT NOT NULL,
    role TEXT NOT NULL,
    language TEXT NOT NULL,
    password_hash TEXT,
    disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    created_at TEXT NOT NULL
) STRICT;
CREATE TABLE user_enterprises (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    enterprise TEXT NOT NULL,
    PRIMARY KEY (user_id, enterprise)
) STRICT, WITHOUT ROWID;
CREATE TABLE user_clusters (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    cluster TEXT NOT NULL,
    PRIMARY KEY (user_id, cluster)
) STRICT, WITHOUT ROWID;
CREATE TABLE user_subjects (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE TABLE tries (
    id INTEGER PRIMARY KEY,
    name_digest BLOB NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX tries_by_name ON tries (name_digest, at);
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token_digest BLOB NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    opened_at TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE TABLE keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    secret_digest BLOB NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    last_used TEXT,
    revoked_at TEXT
) STRICT;
CREATE INDEX keys_by_user ON keys (user_id);
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    what TEXT NOT NULL,
    count INTEGER NOT NULL,
    address TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_who ON audit (who, at);
CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END;
CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END;
-- INSERT OR REPLACE deletes without waking the trigger above.
CREATE TRIGGER audit_keeps_numbers BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END;
"""

# 2: what people are in the middle of.
_WORK = """
CREATE TABLE drafts (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (user_id, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    detail TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed', 'cancelled')),
    fraction REAL NOT NULL CHECK (fraction BETWEEN 0 AND 1),
    message TEXT NOT NULL,
    result TEXT,
    cancel_requested INTEGER NOT NULL CHECK (cancel_requested IN (0, 1)),
    holder TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
CREATE INDEX jobs_by_user ON jobs (user_id, id);
CREATE INDEX jobs_running ON jobs (status) WHERE status = 'running';
"""

# 3: what factories tell this home, and what this factory tells another.
_PLANT_DAYS = """
CREATE TABLE plant_keys (
    key_id TEXT PRIMARY KEY,
    uscc TEXT NOT NULL,
    public BLOB NOT NULL,
    added_at TEXT NOT NULL,
    added_by TEXT NOT NULL,
    withdrawn_at TEXT
) STRICT;
CREATE TABLE plant_inbox_name (name TEXT NOT NULL) STRICT;
INSERT INTO plant_inbox_name (name) VALUES (lower(hex(randomblob(16))));
CREATE TABLE plant_inbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    uscc TEXT NOT NULL,
    made_at TEXT NOT NULL,
    key_id TEXT NOT NULL,
    signature BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX plant_inbox_by_uscc ON plant_inbox (uscc, made_at);
CREATE TRIGGER plant_inbox_keeps_rows BEFORE DELETE ON plant_inbox
    BEGIN SELECT RAISE(ABORT, 'the inbox is append only'); END;
CREATE TRIGGER plant_inbox_keeps_words BEFORE UPDATE ON plant_inbox
    BEGIN SELECT RAISE(ABORT, 'the inbox is append only'); END;
CREATE TRIGGER plant_inbox_keeps_numbers BEFORE INSERT ON plant_inbox
    WHEN EXISTS (SELECT 1 FROM plant_inbox WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the inbox is append only'); END;
CREATE TABLE plant_consents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    uscc TEXT NOT NULL,
    given INTEGER NOT NULL CHECK (given IN (0, 1))
) STRICT;
CREATE TRIGGER plant_consents_keep_rows BEFORE DELETE ON plant_consents
    BEGIN SELECT RAISE(ABORT, 'consents are append only'); END;
CREATE TRIGGER plant_consents_keep_words BEFORE UPDATE ON plant_consents
    BEGIN SELECT RAISE(ABORT, 'consents are append only'); END;
"""

STEPS: tuple[str, ...] = (_ACCOUNTS, _WORK, _PLANT_DAYS)


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of a file; 0 for a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, path: Path, steps: Sequence[str] = STEPS) -> int:
    """Bring a file to the newest version and return the number of steps taken.

    Parameters
    ----------
    connection
        In autocommit mode (``isolation_level=None``), its busy timeout set.
    path
        Whose file it is, for the message.
    steps
        SQL of version 1, 2, …

    Raises
    ------
    HomeVersion
        If the file is newer than the steps.
    """
    if version_of(connection) == len(steps):
        return 0
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read again under the lock: another process may have been faster.
        found = version_of(connection)
        if found > len(steps):
            raise HomeVersion(
                "{path}: written by a newer version of Ballast (state {found}, this one reads up "
                "to {known}); use that version",
                path=path,
                found=found,
                known=len(steps),
            )
        for number, step in enumerate(steps[found:], start=found + 1):
            for statement in statements(step):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return len(steps) - found


def statements(script: str) -> list[str]:
    """Return the statements of a script; ``executescript`` would commit between them.

    Examples
    --------
    >>> statements("CREATE TABLE a (b); DROP TABLE a;")
    ['CREATE TABLE a (b);', 'DROP TABLE a;']
    """
    found: list[str] = []
    rest = ""
    for piece in script.split(";")[:-1]:
        rest += piece + ";"
        if sqlite3.complete_statement(rest):
            found.append(rest.strip())
            rest = ""
    return found
