import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cpuSoFar, isCounting } from '../usage.ts'
import { type Heard, openOurs, type Request } from './ours.ts'

/** A process with nothing but our transcoder in it, so that its cost can be told from the bench's own. Its one argument is a `Request` as JSON. */
export type Told = Heard & {
  /** Since the job was started. */
  seconds: number
  cpuSeconds?: number
}

export type Finished = {
  kind: 'finished'
  bytes: Record<string, number>
  /** CPU seconds of this process, and of its workers by their kind; exact when one worker runs at a time. */
  parts: Record<string, number>
}

const tell = (message: Told | Finished): void => void process.send?.(message)

// Its parent wrote it from the very type.
const request = JSON.parse(process.argv[2] ?? '') as Request
const parts: Record<string, number> = {}
let current = 'start'
let counted = 0
// Taken again at the start: a transcoder opened on unfinished work begins at once.
let before = cpuSoFar()
let began = performance.now()

/** Workers count once they have ended: what has been added since is the last one's. */
const attribute = (next: string, children: number): void => {
  parts[current] = (parts[current] ?? 0) + children - counted
  counted = children
  current = next
}

const ours = await openOurs(request, (heard) => {
  const now = cpuSoFar()
  if (heard.kind === 'worker began') attribute(heard.what.replace(/-\d+$/, ''), now.children - before.children)
  const cpuSeconds = now.own + now.children - before.own - before.children
  tell({ ...heard, seconds: (performance.now() - began) / 1000, ...(isCounting && { cpuSeconds }) })
  if (heard.kind === 'transcoded') void finish(now)
})

const finish = async (now: { own: number; children: number }): Promise<void> => {
  attribute('end', now.children - before.children)
  parts['the process itself'] = now.own - before.own
  const bytes = await ours.bytes()
  const top = request.rungs[0]?.name
  if (top !== undefined) await writeFile(join(request.home, 'top.mp4'), await ours.track(top))
  tell({ kind: 'finished', bytes, parts })
}

const stop = (): void => void ours.close().then(() => process.exit(0))
process.on('message', stop)
// Nobody is left to measure for.
process.on('disconnect', stop)
before = cpuSoFar()
began = performance.now()
await ours.start()
