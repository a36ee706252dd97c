import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type Usage, watchMemory } from '../usage.ts'
import type { Finished, Told } from './host.ts'
import type { Request } from './ours.ts'

const HOST = new URL('./host.ts', import.meta.url)

type Host = {
  child: ChildProcess
  /** The first message that `isIt` recognises; throws when the job fails or the process ends before it comes. */
  until<T extends Told | Finished>(isIt: (told: Told | Finished) => told is T): Promise<T>
  stop(): Promise<void>
}

export const openHost = (request: Request, hear: (told: Told | Finished) => void = () => {}): Host => {
  const child = fork(HOST, [JSON.stringify(request)], { execArgv: [] })
  child.on('message', (told: Told | Finished) => hear(told))
  const over = once(child, 'exit')
  return {
    child,
    until: (isIt) =>
      new Promise((resolve, reject) => {
        child.on('message', (told: Told | Finished) => {
          if (isIt(told)) resolve(told)
          else if (told.kind === 'failed') reject(new Error(`Our transcoder failed. ${told.detail}`))
        })
        child.once('exit', (code, signal) => reject(new Error(`Our transcoder ended early (${signal ?? code}).`)))
      }),
    async stop() {
      if (child.connected) child.send('stop')
      await over
    },
  }
}

export const isFinished = (told: Told | Finished): told is Finished => told.kind === 'finished'
export const isWatchable = (told: Told | Finished): told is Told => told.kind === 'watchable'
const isTranscoded = (told: Told | Finished): told is Told => told.kind === 'transcoded'

/** Our transcoder from the start of a job to the news that it is done. */
export const transcodeOnce = async (request: Request, say: (line: string) => void): Promise<Usage & Pick<Finished, 'bytes' | 'parts'>> => {
  const host = openHost(request, (told) => {
    if (told.kind === 'warned') say(`warned: ${told.detail}`)
  })
  const memory = host.child.pid === undefined ? undefined : watchMemory(host.child.pid)
  try {
    const [{ seconds, cpuSeconds }, { bytes, parts }] = await Promise.all([host.until(isTranscoded), host.until(isFinished)])
    const peakMb = await memory?.stop()
    return { wallSeconds: seconds, ...(cpuSeconds !== undefined && { cpuSeconds }), ...(peakMb !== undefined && { peakMb }), bytes, parts }
  } finally {
    await memory?.stop()
    await host.stop()
  }
}
