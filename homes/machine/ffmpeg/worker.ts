import { setPriority } from 'node:os'
import { cli } from './cli.ts'
import { embedded } from './embedded.ts'
import { probe } from './probe.ts'
import { SourceError } from './task.ts'
import type { Order, Reply } from './work.ts'

/** The process that works for one order and ends. A file that makes FFmpeg crash or hang takes down nothing but this. */
const reply = (message: Reply): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()) ?? resolve())

const parent = process.ppid

/** A blocked process is not told that its parent is gone; one whose parent has died has a new one. */
const watchParent = (): void => {
  if (process.ppid !== parent) process.exit(1)
}

const carryOut = async (order: Order): Promise<Reply> => {
  const executor = order.ffmpegPath ? cli(order.ffmpegPath) : await embedded()
  if (order.kind === 'probe') return { kind: 'probed', facts: await probe(executor, order.source) }
  if (order.kind === 'copy') {
    await executor.copy(order.task)
    return { kind: 'done', report: { decodedFrames: 0, decodeErrors: 0 } }
  }
  let told = performance.now()
  const report = await executor.run(order.task, (seconds) => {
    if (performance.now() - told < 500) return
    told = performance.now()
    watchParent()
    process.send?.({ kind: 'reached', seconds } satisfies Reply)
  })
  return { kind: 'done', report }
}

const answer = async (order: Order): Promise<void> => {
  try {
    await reply(await carryOut(order))
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    await reply(error instanceof SourceError ? { kind: 'fault', fault: error.code, detail } : { kind: 'broke', detail })
  }
  // FFmpeg's objects are not taken apart: doing so as the process ends crashes it.
  process.exit(0)
}

setPriority(10)
process.on('disconnect', () => process.exit(1))
process.once('message', (order: Order) => void answer(order))
