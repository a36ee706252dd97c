import type { Check } from '#ports/premises.ts'

/** What was found of one thing, and what to do about it. */
export type Finding = Omit<Check, 'name'> & { advice?: string | undefined }
export const well = (says: string): Finding => ({ state: 'well', says })
export const doubtful = (says: string): Finding => ({ state: 'doubtful', says })
export const ill = (says: string): Finding => ({ state: 'ill', says })

export const checkOf = (name: string, { state, says, advice }: Finding): Check => ({ name, state, says: advice === undefined ? says : `${says}\n${advice}` })

type Examination = [name: string, examine: () => Promise<Finding>]

/** Examines each by itself: what cannot be looked at is found to be ill. */
export const examined = (examinations: readonly Examination[]): Promise<Check[]> =>
  Promise.all(examinations.map(async ([name, examine]) => checkOf(name, await examine().catch((error: Error) => ill(error.message)))))

const FEW = 5

export const listed = (names: readonly string[]): string => `${names.slice(0, FEW).join(', ')}${names.length > FEW ? ` and ${names.length - FEW} more` : ''}`

export const DELIVERIES = 'Deliveries'

/** What was given up is for a person to try again: its cause has to be mended first. */
export const deliveriesFinding = (dead: readonly { name: string; listener: string }[]): Finding => {
  if (dead.length === 0) return well('none was given up')
  const names = dead.map(({ name, listener }) => `${name} for ${listener}`)
  return { ...doubtful(`${dead.length} given up: ${listed(names)}`), advice: 'Mend the cause, then have them tried again' }
}
