import type { DatabaseSync } from 'node:sqlite'
import type { Adapter, AdapterPayload } from 'oidc-provider'

/** A refresh token sent twice within this time is a lost answer or a second tab, not a thief (RFC 9700 §4.14.2 leaves the choice). */
const REUSE_GRACE_SECONDS = 10

const seconds = (): number => Math.floor(Date.now() / 1000)

/** A session holds the grant of its one client, the school. */
const grantOf = ({ grantId, authorizations = {} }: AdapterPayload): string | null => grantId ?? Object.values(authorizations)[0]?.grantId ?? null

/** The provider's rows. Its own times are the system clock's, and so are these. */
export const adapter = (database: DatabaseSync): ((model: string) => Adapter) => {
  const upsert = database.prepare('INSERT OR REPLACE INTO oidc (model, id, payload, grant_id, uid, account, expires) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const byId = database.prepare('SELECT payload FROM oidc WHERE model = ? AND id = ? AND (expires IS NULL OR expires > ?)')
  const byUid = database.prepare('SELECT payload FROM oidc WHERE model = ? AND uid = ? AND (expires IS NULL OR expires > ?)')
  const consumed = database.prepare("UPDATE oidc SET payload = json_set(payload, '$.consumed', ?) WHERE model = ? AND id = ?")
  const removed = database.prepare('DELETE FROM oidc WHERE model = ? AND id = ?')
  const revoked = database.prepare('DELETE FROM oidc WHERE model = ? AND grant_id = ?')
  const tidy = database.prepare('DELETE FROM oidc WHERE expires <= ?')

  const read = (row: unknown): AdapterPayload | undefined => {
    if (row === undefined) return undefined
    // Written below, from an AdapterPayload.
    const payload = JSON.parse((row as { payload: string }).payload) as AdapterPayload
    if (payload.kind === 'RefreshToken' && typeof payload.consumed === 'number' && payload.consumed > seconds() - REUSE_GRACE_SECONDS) delete payload.consumed
    return payload
  }

  return (model) => ({
    async upsert(id, payload, expiresIn) {
      if (model === 'Interaction') tidy.run(seconds())
      const expires = expiresIn === undefined ? null : seconds() + expiresIn
      upsert.run(model, id, JSON.stringify(payload), grantOf(payload), payload.uid ?? null, payload.accountId ?? null, expires)
    },
    find: async (id) => read(byId.get(model, id, seconds())),
    findByUid: async (uid) => read(byUid.get(model, uid, seconds())),
    // Only the device flow asks, and it is off.
    findByUserCode: async () => undefined,
    consume: async (id) => void consumed.run(seconds(), model, id),
    destroy: async (id) => void removed.run(model, id),
    revokeByGrantId: async (grantId) => void revoked.run(model, grantId),
  })
}
