import { stat } from 'node:fs/promises'
import { examined } from '#core/operations/findings.ts'
import type { Check, Premises } from '#ports/premises.ts'
import { checksApart } from './checks.ts'
import { hasCode } from './error-code.ts'
import type { MachineSettings } from './settings.ts'
import { databasesBelow } from './soundness.ts'

const KEPT_MS = 60_000

const gone = (error: unknown): number => {
  if (hasCode(error, 'ENOENT')) return 0
  throw error
}

const lookAt = (settings: MachineSettings): Promise<Check[]> => examined(checksApart(settings).map(({ name, find }) => [name, () => find(settings)]))

/** What this machine tells of itself. A look costs two processes, so one serves whoever asks within the minute. */
export const premises = (settings: MachineSettings, now: () => number): Premises => {
  let last: { until: number; checks: Promise<Check[]> } | undefined
  return {
    look: () => {
      if (!last || now() >= last.until) last = { until: now() + KEPT_MS, checks: lookAt(settings) }
      return last.checks
    },
    databaseBytes: async () => {
      // Beside each lies what it has not taken in yet; it may be gone a moment later.
      const files = (await databasesBelow(settings.data)).flatMap((path) => [path, `${path}-wal`])
      const sizes = files.map((path) => stat(path).then(({ size }) => size, gone))
      return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    },
  }
}
