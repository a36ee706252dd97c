import { cli } from './cli.ts'
import { embedded } from './embedded.ts'
import { giveWay } from './give-way.ts'
import { probe } from './probe.ts'
import { type Life, SourceError } from './task.ts'
import type { Order, Reply } from './work.ts'

/** The process that works for one order and ends. A file that makes FFmpeg crash or hang takes down nothing but this. */
const reply = (message: Reply): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()) ?? resolve())

const TELL_EVERY_MS = 300
const parent = process.ppid

/** A blocked process is not told that its parent is gone; one whose parent has died has a new one. */
const watchParent = (): void => {
  if (process.ppid !== parent) process.exit(1)
}

/** Tells the parent now and then: that this process lives, and how far it is. */
const life = (): Life => {
  let told = performance.now()
  const tell = (message: Reply): void => {
    if (performance.now() - told < TELL_EVERY_MS) return
    told = performance.now()
    watchParent()
    process.send?.(message)
  }
  return { beat: () => tell({ kind: 'alive' }), reached: (seconds) => tell({ kind: 'reached', seconds }) }
}

const carryOut = async (order: Order): Promise<Reply> => {
  const executor = order.ffmpegPath ? cli(order.ffmpegPath) : await embedded()
  if (order.kind === 'probe') return { kind: 'probed', facts: await probe(executor, order.source, life()) }
  if (order.kind === 'copy') {
    await executor.copy(order.task, life())
    return { kind: 'done', report: { decodedFrames: 0, decodeErrors: 0 } }
  }
  return { kind: 'done', report: await executor.run(order.task, life()) }
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

giveWay()
process.on('disconnect', () => process.exit(1))
process.once('message', (order: Order) => void answer(order))
