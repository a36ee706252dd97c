import type { Tables } from '#ports/tables.ts'
import { slugRecords } from './records.ts'

const MOST = 60

/** A readable piece of a URL: `Über Öl & Licht!` → `uber-ol-licht`. Empty when a title has no letter or digit of the Latin alphabet. */
export const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MOST)
    .replace(/^-+|-+$/g, '')

/** One that no course has had, where the title's own is taken with the end of the course's id. */
export const freeSlug = async (tables: Tables, title: string, id: string): Promise<string> => {
  const wanted = slugOf(title) || 'course'
  // The catalogue's own lists lie at these names.
  if (wanted === 'index' || wanted === 'offers') return `${wanted}-${id.slice(-6)}`
  const taken = await slugRecords.get(tables, { slug: wanted })
  return taken ? `${wanted}-${id.slice(-6)}` : wanted
}
