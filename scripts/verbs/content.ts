import { parseArgs } from 'node:util'
import { Refusal } from '#core/refusal.ts'
import { SettingsError } from '#homes/environment.ts'
import { hasCode } from '#homes/machine/error-code.ts'
import { readSettings } from '#homes/machine/settings.ts'
import { say } from '../terminal.mjs'
import type { ExportWish, ImportWish } from './courses/acts.ts'
import type { Verb } from './verb.ts'

type Wish = ({ act: 'export' } & ExportWish) | ({ act: 'import' } & ImportWish)

const OPTIONS = { to: { type: 'string' }, replace: { type: 'boolean' }, 'dry-run': { type: 'boolean' } } as const

/** Undefined for what was asked wrongly. */
const wishOf = (args: readonly string[]): Wish | undefined => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true })
    const [act, ...names] = positionals
    const { to, replace = false, 'dry-run': isDry = false } = values
    if (act === 'export' && to !== undefined && !isDry) return { act, courses: names, to, replaces: replace }
    const [folder, ...more] = names
    return act === 'import' && folder !== undefined && more.length === 0 && to === undefined && !replace ? { act, folder, isDry } : undefined
  } catch {
    return undefined
  }
}

/** What an operator can mend, in words; undefined for a fault. */
const troubleIn = (error: unknown, data: string): string | undefined => {
  if (error instanceof Refusal) return error.message
  if (!(error instanceof Error) || (!hasCode(error, 'ENOENT') && !hasCode(error, 'ENOTDIR'))) return undefined
  const path = String(Reflect.get(error, 'path'))
  return path.endsWith('school.sqlite') ? `There is no school in ${data}. Say where it is: LECTERN_DATA=/some/folder` : `There is no folder ${path}.`
}

const USAGE = `
npm run lectern -- content export [<course> …] --to <folder> [--replace]
npm run lectern -- content import <folder> [--dry-run]`

export const content: Verb = {
  name: 'content',
  says: 'takes courses out as files that people read and write, and brings them in',
  help: `${USAGE}

export writes courses as they are in their drafts: a folder each, course.md in it, and a file for each lesson. A course is named by the
last part of its address, or by its id; without one, all are. It stops, and writes nothing, where a file in the folder differs from what
it would write, or a lesson lies there that the course does not have. --replace overwrites what differs, and removes such lessons where
their head has an id, since an earlier export or a draft has written them; whatever else is in the folder stays. Videos and files for
download stay in the school: lessons name them.

import makes the school's courses what the folder says: creates, changes, moves and removes lessons, and publishes, unless course.md says
"published: false". A folder without course.md only adds lessons to a course that is there. --dry-run shows what would change. If
anything is unsound, every finding is shown with its line, and nothing is written. It may be stopped, and said again.

docs/content.md tells of the files. Both work while the school is open or closed. Ends with 1 where nothing was done.`,
  async run(args) {
    const wish = wishOf(args)
    if (!wish) {
      process.stderr.write(`${USAGE.replace(/^n/gm, '  n')}\n\n`)
      return 2
    }
    let data = ''
    try {
      const settings = readSettings(process.env)
      data = settings.data
      // Only now: it is most of the school, and other verbs need none of it.
      const [{ openByHand }, { exportCourses, importFolder }] = await Promise.all([import('#homes/machine/by-hand.ts'), import('./courses/acts.ts')])
      const { world, close } = await openByHand(settings)
      say()
      try {
        return await (wish.act === 'export' ? exportCourses(world, wish) : importFolder(world, wish))
      } finally {
        say()
        await close()
      }
    } catch (error) {
      const trouble = error instanceof SettingsError ? error.message : troubleIn(error, data)
      if (trouble === undefined) throw error
      process.stderr.write(`\n  ${trouble}\n\n`)
      return 1
    }
  },
}
