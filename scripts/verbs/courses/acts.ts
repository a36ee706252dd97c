import type { FileFinding } from '#contract/content.ts'
import { bring } from '#core/content/bring.ts'
import { type Bringing, planBringing } from '#core/content/bring-plan.ts'
import { readTree, writeTree } from '#core/content/format/tree.ts'
import { allCourses, exported } from '#core/content/taking.ts'
import type { World } from '#ports/world.ts'
import { green, red, say, yellow } from '../../terminal.mjs'
import { byOrigin, differingIn, filesIn, removeIn, strayIn, writeIn } from './folder.ts'

export type ExportWish = { courses: string[]; to: string; replaces: boolean }
export type ImportWish = { folder: string; isDry: boolean }

const sayFindings = (findings: readonly FileFinding[]): void => {
  for (const { path, line, says } of findings) say(`${red('✗')} ${path}${line === undefined ? '' : `:${line}`}  ${says}`)
}

const MOST_NAMED = 8

const sayPaths = (paths: readonly string[]): void => {
  for (const path of paths.slice(0, MOST_NAMED)) say(`  ${path}`)
  if (paths.length > MOST_NAMED) say(`  and ${paths.length - MOST_NAMED} more`)
}

const counted = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`

/** Writes courses into a folder. Answers the exit code, as the other does. */
export const exportCourses = async (world: World, { courses, to, replaces }: ExportWish): Promise<number> => {
  const files = writeTree(await exported(world, courses.length > 0 ? courses : await allCourses(world), ''))
  const [stray, differing] = await Promise.all([strayIn(to, files), differingIn(to, files)])
  if (stray.length + differing.length > 0 && !replaces) {
    if (differing.length > 0) say(`In ${to} are files that differ from what the school would write:`)
    sayPaths(differing)
    if (stray.length > 0) say(`In ${to} are lessons that the school’s courses do not have, or that are called otherwise there:`)
    sayPaths(stray)
    say('Nothing was written. --replace overwrites files that differ, and removes lessons that an earlier export has written.')
    return 1
  }
  const { ours, theirs } = await byOrigin(to, stray)
  await writeIn(to, files)
  await removeIn(to, ours)
  const folders = new Set(files.map(({ path }) => path.split('/')[0]))
  const then = [differing.length > 0 && `${differing.length} replaced`, ours.length > 0 && `${ours.length} removed`].filter((each) => each !== false)
  say(`${green('✓')} ${[`${counted(files.length, 'file')} of ${counted(folders.size, 'course')} in ${to}`, ...then].join(', ')}.`)
  if (theirs.length > 0) say(`${yellow('~')} No export has written these. They were left, and an import would bring them in:`)
  sayPaths(theirs)
  return 0
}

const sayPlan = ({ slug, before, lessons, removed, isChanged, then }: Bringing): void => {
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

/** Brings a folder's courses into the school, or shows what that would change. */
export const importFolder = async (world: World, { folder, isDry }: ImportWish): Promise<number> => {
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
