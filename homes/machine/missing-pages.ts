import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { event } from '#core/events.ts'
import { pageKey } from '#core/published.ts'
import { SHELL_KEY } from '#core/shell.ts'
import type { Ailment } from './ailments.ts'
import { openByHand } from './by-hand.ts'
import type { MachineSettings } from './settings.ts'

/** The event at which the school writes all its pages anew, and who writes those of courses. */
const AGAIN = 'web.deployed'
const WRITER = 'courses.write-all'

const published = (school: DatabaseSync): string[] =>
  school
    .prepare("SELECT json_extract(body, '$.slug') AS slug FROM items WHERE ipk = 'catalogue' AND sk = 'published'")
    .all()
    .map(({ slug }) => String(slug))

const isOnItsWay = (school: DatabaseSync): boolean =>
  school.prepare('SELECT 1 FROM deliveries JOIN outbox ON id = event WHERE name = ? AND listener = ? AND is_dead = 0').get(AGAIN, WRITER) !== undefined

const askAgain = async (settings: MachineSettings): Promise<string> => {
  const { world, close } = await openByHand(settings)
  try {
    await world.tables.commit([], [event(world, AGAIN, { version: `again-${world.clock.now().getTime()}` })])
    return 'are written anew: within a minute by an open school, or when it opens'
  } finally {
    await close()
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Published courses whose page or file is not where visitors look for it. */
export const missingPages = async (settings: MachineSettings): Promise<Ailment | undefined> => {
  const [path, store] = [join(settings.data, 'school.sqlite'), join(settings.data, 'objects', 'objects.sqlite')]
  if (!(await isThere(path)) || !(await isThere(store))) return undefined
  const [school, rows] = [new DatabaseSync(path, { readOnly: true }), new DatabaseSync(store, { readOnly: true })]
  try {
    const has = rows.prepare('SELECT 1 FROM objects WHERE key = ?')
    // Before there was an app there was nothing to write pages with.
    if (!has.get(SHELL_KEY) || isOnItsWay(school)) return undefined
    const names = published(school).filter((slug) => !has.get(pageKey(slug)) || !has.get(`catalogue/${slug}.json`))
    return names.length === 0 ? undefined : { says: 'are published and have no page', names, mend: () => askAgain(settings) }
  } finally {
    school.close()
    rows.close()
  }
}
