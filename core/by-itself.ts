/** Does the same to each of some things, one after the other; what one fails on keeps no other waiting, and is thrown at the end. */
export const eachByItself = async <T>(items: readonly T[], act: (item: T) => Promise<void>, what: string): Promise<void> => {
  const failures: unknown[] = []
  for (const item of items) await act(item).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${items.length} ${what} could not be looked after.`)
}
