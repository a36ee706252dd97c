export const FAULTS = [
  ...(['none', 'down', 'slow', '429', '500', '401'] as const),
  ...(['malformed', 'misfit', 'cut-off', 'enormous', 'greedy', 'hostile', 'said'] as const),
] as const
export type Fault = (typeof FAULTS)[number]

export type Faults = {
  fault: Fault
  /** For how many more questions; null is until it is changed. */
  times: number | null
  /** How long `slow` takes. */
  seconds: number
  /** What `said` answers, word for word. */
  words: string
}

export const NO_FAULTS: Faults = { fault: 'none', times: null, seconds: 30, words: '' }

export const WORDS: Record<Fault, string> = {
  none: 'Answers as it should',
  down: 'Down: connections break',
  slow: 'Slow: answers after the seconds below',
  '429': 'Too many questions: every one is answered 429',
  '500': 'Failing: every question is answered 500',
  '401': 'The key is not taken: every question is answered 401',
  malformed: 'Half of the JSON, as though it were all',
  misfit: 'JSON that fits no schema',
  'cut-off': 'Cut off: it stops in the middle, as at its bound of tokens',
  enormous: 'Enormous: an answer of 16 MB',
  greedy: 'Greedy: says it has used a hundred times the tokens it was allowed',
  hostile: 'Hostile: tries to add workflows, leave its folder, run scripts, give keys away',
  said: 'Answers the words below, whatever is asked',
}

const MOST_WORDS = 1024 * 1024

const whole = (given: unknown, { least, most, before }: { least: number; most: number; before: number }): number => {
  const value = given === undefined || given === '' ? before : Number(given)
  return Number.isInteger(value) && value >= least ? Math.min(most, value) : before
}

/** What is asked for, and for what is left out or makes no sense what was before; a fault lasts until it is changed unless `times` is said with it. */
export const readFaults = (asked: Record<string, unknown>, before: Faults): Faults => {
  const { fault: wanted, times, seconds, words } = asked
  const fault = FAULTS.find((name) => name === wanted) ?? before.fault
  const counted = whole(times, { least: 1, most: 1000, before: 0 })
  return {
    fault,
    times: counted > 0 && fault !== 'none' ? counted : null,
    seconds: whole(seconds, { least: 0, most: 3600, before: before.seconds }),
    words: typeof words === 'string' ? words.slice(0, MOST_WORDS) : before.words,
  }
}

/** What is left once a fault has struck. */
export const struck = (faults: Faults): Faults => {
  if (faults.times === null) return faults
  return faults.times > 1 ? { ...faults, times: faults.times - 1 } : { ...faults, fault: 'none', times: null }
}
