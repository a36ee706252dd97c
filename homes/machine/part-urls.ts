import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '#ports/clock.ts'
import type { PartToSign } from '#ports/objects.ts'

export const SECRETS_SCHEMA = 'CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;'

export type SignedPart = PartToSign & { expires: number }

/** Made once per data folder, so that URLs signed before a restart still hold after it. */
const partSecret = (database: DatabaseSync): string => {
  database.prepare('INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)').run('parts', randomBytes(32).toString('hex'))
  // The row was made on the line before, if not earlier.
  return (database.prepare('SELECT value FROM secrets WHERE name = ?').get('parts') as { value: string }).value
}

const isSame = (right: string, given: string): boolean => {
  const [a, b] = [Buffer.from(right), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The URLs parts are sent to: they name one part of one size (and one digest, where it is known), and hold until they expire. */
export const partUrls = ({ database, url, clock }: { database: DatabaseSync; url: string; clock: Clock }) => {
  const secret = partSecret(database)
  const signature = ({ key, upload, number, size, expires, sha256 }: SignedPart): string =>
    createHmac('sha256', secret)
      .update(JSON.stringify(['PUT', key, upload, number, size, expires, sha256]))
      .digest('base64url')
  return {
    sign(part: PartToSign, ttlSeconds: number): string {
      const expires = Math.floor(clock.now().getTime() / 1000) + ttlSeconds
      const { key, upload, number, size, sha256 } = part
      const query = new URLSearchParams({ upload, part: String(number), size: String(size), expires: String(expires) })
      if (sha256 !== undefined) query.set('sha256', sha256)
      query.set('signature', signature({ ...part, expires }))
      return `${url}/uploads/${key}?${query}`
    },
    /** What a URL allows now; undefined when it is not ours, altered or expired. */
    read({ pathname, searchParams: query }: URL): SignedPart | undefined {
      const [number, size, expires] = [Number(query.get('part')), Number(query.get('size')), Number(query.get('expires'))]
      const sha256 = query.get('sha256')
      const part = { key: pathname.replace(/^\/uploads\//, ''), upload: query.get('upload') ?? '', number, size, expires }
      const signed = sha256 === null ? part : { ...part, sha256 }
      const isOurs = isSame(signature(signed), query.get('signature') ?? '')
      return isOurs && expires * 1000 > clock.now().getTime() ? signed : undefined
    },
  }
}
