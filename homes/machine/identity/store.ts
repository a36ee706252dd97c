import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { openDatabase } from '../database.ts'
import { addColumn, type Migrations } from '../migrate.ts'

/**
 * `links` and `visits` carry the name and password hash of the sign-up they belong to: an address is confirmed together
 * with what was typed in the browser that asked for it, so nobody can slip a password of theirs under someone else's link.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS accounts (
  id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password TEXT NOT NULL, roles TEXT NOT NULL,
  is_verified INTEGER NOT NULL, is_disabled INTEGER NOT NULL DEFAULT 0, created TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS links (
  hash TEXT PRIMARY KEY, kind TEXT NOT NULL, account TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  name TEXT, password TEXT, visit TEXT NOT NULL, return_to TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS links_account ON links (account);
CREATE TABLE IF NOT EXISTS visits (
  uid TEXT PRIMARY KEY, email TEXT NOT NULL, purpose TEXT NOT NULL, name TEXT, password TEXT, return_to TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS oidc (
  model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, grant_id TEXT, uid TEXT, account TEXT, expires INTEGER, PRIMARY KEY (model, id)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS oidc_grant ON oidc (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS oidc_uid ON oidc (model, uid) WHERE uid IS NOT NULL;
CREATE INDEX IF NOT EXISTS oidc_account ON oidc (account) WHERE account IS NOT NULL;
CREATE INDEX IF NOT EXISTS oidc_expires ON oidc (expires) WHERE expires IS NOT NULL;
CREATE TABLE IF NOT EXISTS letters (id TEXT PRIMARY KEY, letter TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS sessions (uid TEXT PRIMARY KEY, device TEXT NOT NULL, network TEXT NOT NULL, since TEXT NOT NULL, used TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS steps (uid TEXT PRIMARY KEY, step TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS address_changes (
  account TEXT PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE, email TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, expires INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS second_factors (
  account TEXT PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE, secret TEXT NOT NULL, last_step INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS recovery_codes (
  account TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, hash TEXT NOT NULL, PRIMARY KEY (account, hash)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passkeys (
  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, public_key BLOB NOT NULL, counter INTEGER NOT NULL,
  transports TEXT NOT NULL, name TEXT NOT NULL, added TEXT NOT NULL, used TEXT) STRICT;
CREATE INDEX IF NOT EXISTS passkeys_account ON passkeys (account);
CREATE TABLE IF NOT EXISTS provider_links (
  issuer TEXT NOT NULL, subject TEXT NOT NULL, account TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, PRIMARY KEY (issuer, subject)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS provider_links_account ON provider_links (account);
CREATE TABLE IF NOT EXISTS rules (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`

/** `words` are those somebody is found by; whatever changes a name or an address leaves them to be written anew by whoever looks next. */
const FINDING = `
CREATE INDEX IF NOT EXISTS accounts_wordless ON accounts (id) WHERE words IS NULL;
CREATE INDEX IF NOT EXISTS accounts_staff ON accounts (id) WHERE roles <> '["learner"]';
CREATE TRIGGER IF NOT EXISTS accounts_renamed AFTER UPDATE OF name, email ON accounts BEGIN
  UPDATE accounts SET words = NULL WHERE id = NEW.id;
END;
`

export const IDENTITY_MIGRATIONS: Migrations = [
  {
    says: 'accounts and how they sign in as of 0.1, and the number that tells so',
    apply(database) {
      database.exec(SCHEMA)
      addColumn(database, 'accounts', 'sessions_since')
      addColumn(database, 'accounts', 'words')
      database.exec(FINDING)
    },
  },
]

/** The identity provider's own file, and what SQLite keeps beside it. */
export const IDENTITY_FILES = ['', '-wal', '-shm'].map((end) => `identity.sqlite${end}`)

/** Opens that file. It holds the signing key, so nobody else on the machine may read it. */
export const openStore = (folder: string): DatabaseSync => {
  const path = join(folder, 'identity.sqlite')
  // Before it is opened: what SQLite makes beside it is readable to whoever the file is.
  closeSync(openSync(path, 'a', 0o600))
  for (const each of IDENTITY_FILES.map((name) => join(folder, name))) if (existsSync(each)) chmodSync(each, 0o600)
  return openDatabase(path, IDENTITY_MIGRATIONS)
}
