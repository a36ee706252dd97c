/**
 * Does one thing in a turn of the loop, in the order in which they came. What goes on at once with twenty things keeps everybody
 * who asks for a page waiting for all of them; this way they wait for one.
 */
export const oneATurn = (): ((work: () => void) => void) => {
  const waiting: (() => void)[] = []
  const next = (): void => {
    // In line until it is done: what it brings with it then finds that a turn is coming anyway.
    const [work] = waiting
    work?.()
    waiting.shift()
    if (waiting.length > 0) setImmediate(next)
  }
  return (work) => {
    waiting.push(work)
    if (waiting.length === 1) setImmediate(next)
  }
}
