"""The tables of the state as SQLAlchemy sees them.

They are made by ``migrations``, in SQL, because a file in the field grew
through all its versions; a test holds that both say the same.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from ballast.state.moments import Moment

METADATA = MetaData()

USERS = Table(
    "users",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("display", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("password_hash", Text),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)
USER_ENTERPRISES = Table(
    "user_enterprises",
    METADATA,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("enterprise", Text, primary_key=True),
)
USER_CLUSTERS = Table(
    "user_clusters",
    METADATA,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("cluster", Text, primary_key=True),
)
USER_SUBJECTS = Table(
    "user_subjects",
    METADATA,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
)
TRIES = Table(
    "tries",
    METADATA,
    Column("id", Integer, primary_key=True),
    # A digest: people type their password into the field of the name.
    Column("name_digest", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("token_digest", LargeBinary, nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
KEYS = Table(
    "keys",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("secret_digest", LargeBinary, nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("last_used", Moment),
    Column("revoked_at", Moment),
)
AUDIT = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("address", Text, nullable=False),
)
DRAFTS = Table(
    "drafts",
    METADATA,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
)
JOBS = Table(
    "jobs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("detail", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("fraction", Float, nullable=False),
    Column("message", Text, nullable=False),
    Column("result", Text),
    Column("cancel_requested", Boolean, nullable=False),
    Column("holder", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("ended_at", Moment),
)
PLANT_KEYS = Table(
    "plant_keys",
    METADATA,
    Column("key_id", Text, primary_key=True),
    Column("uscc", Text, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("withdrawn_at", Moment),
)
PLANT_INBOX_NAME = Table("plant_inbox_name", METADATA, Column("name", Text, nullable=False))
PLANT_INBOX = Table(
    "plant_inbox",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("uscc", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
PLANT_CONSENTS = Table(
    "plant_consents",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("uscc", Text, nullable=False),
    Column("given", Boolean, nullable=False),
)
