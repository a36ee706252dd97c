import { type Entry, isMissed, isRow, isSkip, type Row } from './rows.ts'

const HEAD = ['', 'ours', 'theirs', 'unit', 'ratio', 'goal', 'yardstick']

const verdict = (row: Row): string => {
  if (row.goal === undefined) return ''
  return `≤ ${row.goal}${isMissed(row) ? ' MISSED' : ''}`
}

const cells = (row: Row): string[] => [row.name, String(row.ours), String(row.theirs), row.unit, String(row.ratio), verdict(row), row.yardstick]

const count = (number: number, what: string): string[] => (number > 0 ? [`${number} ${what}`] : [])

/** What a person reads at the end: a line a row, each skip with its reason, and how many goals were met. */
export const table = (entries: readonly Entry[]): string => {
  const rows = entries.filter(isRow)
  const skips = entries.filter(isSkip)
  const lines = [HEAD, ...rows.map(cells)]
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const missed = rows.filter(isMissed).length
  const met = rows.filter(({ goal }) => goal !== undefined).length - missed
  const totals = [...count(met, met === 1 ? 'goal met' : 'goals met'), ...count(missed, 'missed'), ...count(skips.length, 'skipped')]
  return [
    ...lines.map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    ...skips.map(({ name, yardstick, skipped }) => `skipped: ${name}, beside ${yardstick} (${skipped})`),
    '',
    totals.join(', ') || 'Nothing was measured.',
  ].join('\n')
}
