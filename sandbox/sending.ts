const AT_ONCE = 5
/** A timer waits no longer, since the clock may be set, and no shorter, so as not to run in a circle. */
const LONGEST_WAIT_MS = 60_000
const SHORTEST_WAIT_MS = 20

type Options<Row> = {
  /** Milliseconds, as `Date.now`. */
  now(): number
  /** What was to be sent by then. */
  due(at: number): Row[]
  /** When something is due after that. */
  nextDue(at: number): number | null
  send(row: Row, closing: AbortSignal): Promise<void>
}

/** Sends what is due, a few at once. Each is a row that `send` marks as sent, so what a restart interrupts is taken up again. */
export const sending = <Row extends { id: number }>({ now, due, nextDue, send }: Options<Row>) => {
  const underWay = new Map<number, Promise<void>>()
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined

  const wake = (): void => {
    if (closing.signal.aborted) return
    clearTimeout(timer)
    // One moment for all of it: what falls due while this runs must not be taken for sent.
    const at = now()
    const rows = due(at).filter(({ id }) => !underWay.has(id))
    for (const row of rows.slice(0, Math.max(0, AT_ONCE - underWay.size))) {
      const sent = send(row, closing.signal).finally(() => {
        underWay.delete(row.id)
        wake()
      })
      underWay.set(row.id, sent)
    }
    const next = nextDue(at)
    if (next !== null) timer = setTimeout(wake, Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, next - now()))).unref()
  }

  return {
    wake,
    /** Once nothing that is due is left to be sent; what was refused may be due later. */
    async idle(): Promise<void> {
      wake()
      while (underWay.size > 0) await Promise.all(underWay.values())
    },
    async close(): Promise<void> {
      clearTimeout(timer)
      closing.abort()
      await Promise.all(underWay.values())
    },
  }
}
