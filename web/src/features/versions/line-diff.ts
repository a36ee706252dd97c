export type Line = { kind: 'same' | 'gone' | 'came'; text: string }

/** Longer texts are told apart as a whole: nobody reads so many changed lines. */
const MOST_COMPARED = 1500

const trimmed = (then: readonly string[], now: readonly string[]): { start: number; end: number } => {
  let start = 0
  while (start < then.length && start < now.length && then[start] === now[start]) start += 1
  let end = 0
  while (end < then.length - start && end < now.length - start && then[then.length - 1 - end] === now[now.length - 1 - end]) end += 1
  return { start, end }
}

/** Lengths of the longest common run of lines of every two ends. */
const lengths = (then: readonly string[], now: readonly string[]): Uint16Array[] => {
  const table = Array.from({ length: then.length + 1 }, () => new Uint16Array(now.length + 1))
  for (let row = then.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      const [here, below] = [table[row], table[row + 1]]
      if (!here || !below) continue
      here[column] = then[row] === now[column] ? (below[column + 1] ?? 0) + 1 : Math.max(below[column] ?? 0, here[column + 1] ?? 0)
    }
  }
  return table
}

const walked = (then: readonly string[], now: readonly string[]): Line[] => {
  const table = lengths(then, now)
  const lines: Line[] = []
  let [row, column] = [0, 0]
  while (row < then.length || column < now.length) {
    const [old, fresh] = [then[row], now[column]]
    if (old !== undefined && old === fresh) {
      lines.push({ kind: 'same', text: old })
      row += 1
      column += 1
    } else if (old !== undefined && (fresh === undefined || (table[row + 1]?.[column] ?? 0) >= (table[row]?.[column + 1] ?? 0))) {
      lines.push({ kind: 'gone', text: old })
      row += 1
    } else if (fresh !== undefined) {
      lines.push({ kind: 'came', text: fresh })
      column += 1
    }
  }
  return lines
}

/** Two texts line by line: what both have, what has gone, and what has come. */
export const lineDiff = (before: string, after: string): Line[] => {
  const [then, now] = [before, after].map((text) => (text === '' ? [] : text.split('\n')))
  if (!then || !now) return []
  const { start, end } = trimmed(then, now)
  const [old, fresh] = [then.slice(start, then.length - end), now.slice(start, now.length - end)]
  const same = (lines: readonly string[]): Line[] => lines.map((text) => ({ kind: 'same', text }))
  const middle: Line[] =
    old.length > MOST_COMPARED || fresh.length > MOST_COMPARED
      ? [...old.map((text): Line => ({ kind: 'gone', text })), ...fresh.map((text): Line => ({ kind: 'came', text }))]
      : walked(old, fresh)
  return [...same(then.slice(0, start)), ...middle, ...same(then.slice(then.length - end))]
}

export type Shown = Line | { kind: 'skipped'; lines: number }

const AROUND = 2

/** What has changed and a little around it. */
export const changedOnly = (lines: readonly Line[]): Shown[] => {
  const isNear = lines.map((_, place) => lines.slice(Math.max(0, place - AROUND), place + AROUND + 1).some(({ kind }) => kind !== 'same'))
  const shown: Shown[] = []
  for (const [place, line] of lines.entries()) {
    const last = shown.at(-1)
    if (isNear[place]) shown.push(line)
    else if (last?.kind === 'skipped') last.lines += 1
    else shown.push({ kind: 'skipped', lines: 1 })
  }
  return shown
}
