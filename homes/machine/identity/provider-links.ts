import type { DatabaseSync } from 'node:sqlite'

export type ProviderLinks = ReturnType<typeof providerLinks>

/** Whose accounts at other providers are whose here. A provider's word for a person is (issuer, subject), never their address. */
export const providerLinks = (database: DatabaseSync) => {
  const get = database.prepare('SELECT account FROM provider_links WHERE issuer = ? AND subject = ?')
  const put = database.prepare('INSERT OR REPLACE INTO provider_links (issuer, subject, account) VALUES (?, ?, ?)')
  const all = database.prepare('SELECT DISTINCT issuer FROM provider_links WHERE account = ? ORDER BY issuer')
  const gone = database.prepare('DELETE FROM provider_links WHERE account = ? AND issuer = ?')
  return {
    // The columns the statements name, of a STRICT table.
    accountOf: (issuer: string, subject: string): string | undefined => (get.get(issuer, subject) as { account: string } | undefined)?.account,
    // As above.
    of: (account: string): string[] => (all.all(account) as { issuer: string }[]).map(({ issuer }) => issuer),
    add: (issuer: string, subject: string, account: string): void => void put.run(issuer, subject, account),
    remove: (account: string, issuer: string): boolean => gone.run(account, issuer).changes > 0,
  }
}
