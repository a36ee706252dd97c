/** Ours beside a yardstick: another program's figure, or a limit. Less is better in every row. */
export type Row = {
  name: string
  unit: string
  ours: number
  yardstick: string
  theirs: number
  /** Ours ÷ theirs. */
  ratio: number
  /** The ratio we mean not to exceed; a row without one is there to be read. */
  goal?: number
}

/** A comparison that could not be made here, and why. */
export type Skip = { name: string; yardstick: string; skipped: string }

export type Entry = Row | Skip

/** A bench answers with its entries; it throws when it is broken itself, never because a goal is missed. */
export type Bench = (options: BenchOptions) => Promise<Entry[]>

export type BenchOptions = { seconds: number; runs: number; events: number; enrolments: number; isLong: boolean; isProfiled: boolean; say(line: string): void }

const significant = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(4)))

export const row = ({ ours, theirs, ...rest }: Omit<Row, 'ratio'>): Row => {
  const ratio = ours === theirs ? 1 : ours / theirs
  return { ...rest, ours: significant(ours), theirs: significant(theirs), ratio: significant(ratio) }
}

export const isSkip = (entry: Entry): entry is Skip => 'skipped' in entry

export const isRow = (entry: Entry): entry is Row => !isSkip(entry)

export const isMissed = (entry: Entry): boolean => isRow(entry) && entry.goal !== undefined && !(entry.ratio <= entry.goal)
