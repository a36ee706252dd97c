import { Refusal } from '#core/refusal.ts'
import { type Page, TablesLimit } from '#ports/tables.ts'

export const ROWS_A_PAGE = 25

/** A page token is a stranger's to write: one that the listing did not give is refused, not a fault. */
export const listed = async <T>(listing: Promise<Page<T>>): Promise<Page<T>> => {
  try {
    return await listing
  } catch (error) {
    if (error instanceof TablesLimit) throw new Refusal('bad-input', 'This page does not go on from the one before. Begin at the first.')
    throw error
  }
}
