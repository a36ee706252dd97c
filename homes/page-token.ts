import * as z from 'zod/mini'
import { type Item, TABLE_LIMITS, TablesLimit } from '#ports/tables.ts'

/** What is listed: a partition of the table, or one of the index. */
export type Listing = { of: 'pk' | 'ipk'; value: string }

/** The last item a page showed. `isk` is empty in a listing by `pk`. */
export type Position = { isk: string; pk: string; sk: string }

const Token = z.tuple([z.enum(['pk', 'ipk']), z.string(), z.string(), z.string(), z.string()])

/** Where a page ended; opaque to callers, and good only for the listing that gave it. */
export const pageToken = ({ of, value }: Listing, last: Item): string =>
  Buffer.from(JSON.stringify([of, value, of === 'ipk' ? (last.index?.isk ?? '') : '', last.pk, last.sk])).toString('base64url')

/** @throws TablesLimit when the token is not one of this listing. */
export const positionIn = ({ of, value }: Listing, page: string): Position => {
  const refused = new TablesLimit('That is no page token of this listing.')
  try {
    const [kind, within, isk, pk, sk] = Token.parse(JSON.parse(Buffer.from(page, 'base64url').toString()))
    if (kind === of && within === value) return { isk, pk, sk }
  } catch {
    // Neither JSON nor a position: refused below like another listing's.
  }
  throw refused
}

/** How many items a page has at most, of what was asked for. */
export const pageSize = (limit = 100): number => Math.min(Math.max(limit, 1), TABLE_LIMITS.pageItems)
