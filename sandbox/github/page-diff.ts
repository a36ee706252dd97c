import { diffWordsWithSpace } from 'diff'
import { html, type Markup } from '../markup.ts'
import type { Desk } from './desk.ts'
import { renderedFile } from './markdown.ts'
import { type Change, type Hunk, hunksOf } from './merging.ts'

type Line = Hunk['lines'][number]

const MOST_LINES = 3000
const STATUS_WORDS: Record<Change['status'], string> = { added: 'New', modified: 'Changed', removed: 'Removed', renamed: 'Moved' }

/** The words that differ, of a line that took another's place. */
const words = (before: string, after: string, sign: '-' | '+'): Markup[] =>
  diffWordsWithSpace(before, after)
    .filter(({ added, removed }) => (sign === '+' ? !removed : !added))
    .map(({ value, added, removed }) => (added || removed ? html`<mark>${value}</mark>` : html`${value}`))

/** Lines that stand for one another: so many went, and as many came right after. */
const pairs = (lines: readonly Line[]): Map<Line, Line> => {
  const found = new Map<Line, Line>()
  let place = 0
  while (place < lines.length) {
    const gone: Line[] = []
    const came: Line[] = []
    for (; lines[place]?.sign === '-'; place += 1) gone.push(...lines.slice(place, place + 1))
    for (; lines[place]?.sign === '+'; place += 1) came.push(...lines.slice(place, place + 1))
    if (gone.length === came.length) {
      gone.forEach((line, index) => {
        const other = came[index]
        if (other) found.set(line, other).set(other, line)
      })
    }
    if (gone.length + came.length === 0) place += 1
  }
  return found
}

const SIGN_WORDS = { '+': 'added', '-': 'removed', ' ': '' } as const

const lineRow = (line: Line, other: Line | undefined): Markup => {
  const text =
    other && line.sign !== ' ' ? words(...(line.sign === '-' ? ([line.text, other.text] as const) : ([other.text, line.text] as const)), line.sign) : line.text
  return html`<tr class="${SIGN_WORDS[line.sign]}"><td class="number">${line.before ?? ''}</td><td class="number">${line.after ?? ''}</td><td class="sign">${line.sign === ' ' ? '' : html`<span class="hush">${SIGN_WORDS[line.sign]}</span><span aria-hidden="true">${line.sign}</span>`}</td><td class="line">${text}</td></tr>`
}

const hunkRows = ({ header, lines }: Hunk): Markup => {
  const found = pairs(lines)
  return html`<tr class="hunk"><td colspan="4">${header}</td></tr>${lines.map((line) => lineRow(line, found.get(line)))}`
}

const count = (hunks: readonly Hunk[], sign: '+' | '-'): number => hunks.reduce((sum, { lines }) => sum + lines.filter((line) => line.sign === sign).length, 0)

const bodyOf = (change: Change, hunks: Hunk[] | undefined): Markup => {
  if (!hunks) return html`<p class="note">No text: it is not shown line by line.</p>`
  if (hunks.length === 0)
    return html`<p class="note">${change.from === undefined ? 'Nothing in it changed but its mode.' : `Moved from ${change.from}, unchanged.`}</p>`
  const isLong = hunks.reduce((sum, { lines }) => sum + lines.length, 0) > MOST_LINES
  if (isLong) return html`<p class="note">Too long to be shown here.</p>`
  return html`<div class="scroll"><table class="diff"><caption class="hush">Changes in ${change.path}</caption><tbody>${hunks.map(hunkRows)}</tbody></table></div>`
}

/** As it reads, for whoever would rather judge the words than the marks around them. */
const reading = async ({ git }: Desk, { path, after }: Change): Promise<Markup | undefined> => {
  if (!after || !/\.(md|markdown)$/i.test(path)) return undefined
  const text = new TextDecoder().decode(await git.blob(after.oid))
  return html`<details class="reading"><summary>Read it as it will look</summary><div class="prose">${renderedFile(text)}</div></details>`
}

/** Each file with what changed in it, and, where a branch may be written to, a way to edit it. */
export const changedFiles = async (desk: Desk, changes: readonly Change[], editAt?: (path: string) => string): Promise<Markup> => {
  const files = changes.map(async (change) => {
    const hunks = await hunksOf(desk.git, change)
    const [added, removed] = [count(hunks ?? [], '+'), count(hunks ?? [], '-')]
    return html`<section class="file" aria-label="${change.path}"><header><h2>${change.path}</h2><span class="tag">${STATUS_WORDS[change.status]}</span><span class="plus">+${added}</span><span class="minus">−${removed}</span>${change.after && editAt && html`<a class="button small" href="${editAt(change.path)}">Edit</a>`}</header>${await reading(desk, change)}${bodyOf(change, hunks)}</section>`
  })
  return html`${await Promise.all(files)}`
}
