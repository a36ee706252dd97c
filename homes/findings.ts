import type { Check } from '#ports/premises.ts'

/** What was found of one thing. */
export type Finding = Omit<Check, 'name'>
export const well = (says: string): Finding => ({ state: 'well', says })
export const doubtful = (says: string): Finding => ({ state: 'doubtful', says })
export const ill = (says: string): Finding => ({ state: 'ill', says })

export type Examination = [name: string, examine: () => Promise<Finding>]

/** Examines each by itself: what cannot be looked at is found to be ill. */
export const examined = (examinations: readonly Examination[]): Promise<Check[]> =>
  Promise.all(examinations.map(async ([name, examine]) => ({ name, ...(await examine().catch((error: Error) => ill(error.message))) })))
