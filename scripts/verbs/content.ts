import { parseArgs } from 'node:util'
import type { FileFinding } from '#contract/content.ts'
import { bring } from '#core/content/bring.ts'
import { type CoursePlan, planBringing } from '#core/content/bring-plan.ts'
import { readTree, writeTree } from '#core/content/format/tree.ts'
import { allCourses, exported } from '#core/content/taking.ts'
import { Refusal } from '#core/refusal.ts'
import { SettingsError } from '#homes/environment.ts'
import { openByHand } from '#homes/machine/by-hand.ts'
import { hasCode } from '#homes/machine/error-code.ts'
import { readSettings } from '#homes/machine/settings.ts'
import type { World } from '#ports/world.ts'
import { green, red, say, yellow } from '../terminal.mjs'
import { filesIn, removeIn, strayIn, writeIn } from './courses/folder.ts'
import type { Verb } from './verb.ts'

type Wish = { act: 'export'; courses: string[]; to: string; replaces: boolean } | { act: 'import'; folder: string; isDry: boolean }

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

const sayFindings = (findings: readonly FileFinding[]): void => {
  for (const { path, line, says } of findings) say(`${red('✗')} ${path}${line === undefined ? '' : `:${line}`}  ${says}`)
}

const exportCourses = async (world: World, { courses, to, replaces }: Extract<Wish, { act: 'export' }>): Promise<number> => {
  const files = writeTree(await exported(world, courses.length > 0 ? courses : await allCourses(world), ''))
  const stray = await strayIn(to, files)
  if (stray.length > 0 && !replaces) {
    say(`In ${to} are lessons that the school’s courses do not have, or that are called otherwise there:`)
    for (const path of stray) say(`  ${path}`)
    say('Nothing was written. Say --replace to remove them.')
    return 1
  }
  await writeIn(to, files)
  await removeIn(to, stray)
  const folders = new Set(files.map(({ path }) => path.split('/')[0]))
  say(`${green('✓')} ${files.length} files of ${folders.size} courses are in ${to}${stray.length > 0 ? `, ${stray.length} were removed` : ''}.`)
  return 0
}

const sayPlan = ({ slug, before, lessons, removed, isChanged, then }: CoursePlan): void => {
  if (!isChanged && then === 'leave') {
    say(`${green('=')} ${slug}: as it is in the school`)
    return
  }
  say(`${yellow('~')} ${slug}: ${before ? 'changes' : 'is new'}${{ publish: ', and is published', unpublish: ', and leaves the catalogue', leave: '' }[then]}`)
  for (const { path, before: lesson } of lessons) say(`    ${lesson ? 'changes' : 'new    '}  ${path}`)
  for (const { title, id } of removed) say(`    removed  ${title} (${id})`)
}

/** One line that is written over while work goes on; in a log it says nothing until the end. */
const progress = (total: number): (() => void) => {
  let done = 0
  return () => {
    done += 1
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K  ${done} of ${total} steps${done === total ? '\n' : ''}`)
  }
}

const importFolder = async (world: World, { folder, isDry }: Extract<Wish, { act: 'import' }>): Promise<number> => {
  const read = readTree(await filesIn(folder))
  const planned = 'findings' in read ? read : await planBringing(world, read.courses)
  if ('findings' in planned) {
    sayFindings(planned.findings)
    say(`Nothing was changed: ${planned.findings.length} to mend first.`)
    return 1
  }
  for (const plan of planned.plans) sayPlan(plan)
  const due = planned.plans.filter(({ isChanged, then }) => isChanged || then !== 'leave')
  if (planned.plans.length === 0) say(`There is no course in ${folder}.`)
  if (isDry || due.length === 0) {
    if (isDry) say('Nothing was changed: this was only a look.')
    return planned.plans.length === 0 ? 1 : 0
  }
  const told = progress(due.length)
  for (const plan of due) {
    await bring(world, plan)
    told()
  }
  say(`${green('✓')} Done. An open school shows it within a minute, a closed one once it opens.`)
  return 0
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
last part of its address, or by its id; without one, all are. Lessons in the folder that the course does not have stop it; --replace
removes them. Videos and files for download stay in the school: lessons name them.

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
