import { Worker } from 'node:worker_threads'
import type { Log } from '#ports/log.ts'
import type { Measure } from '../metrics/catalogue.ts'
import { handOn } from '../tracing.ts'
import type { FromOffice, OfficeData, Reach, ToOffice } from './office-thread.ts'
import type { SharedFile } from './school-file.ts'

/** One that broke down is begun again after so long: what breaks at once must not break in a circle. */
const AGAIN_MS = 1000

export type Office = { wake(): void; start(): void; stop(): Promise<void> }

type Options = {
  data: Omit<OfficeData, 'line'>
  file: Pick<SharedFile, 'line'>
  reach: Reach
  log: Log
  measure: Measure
  /** When the office has written what is told to somebody here. */
  wakeHere(): void
  script?: URL
}

/**
 * A thread in which money is worked off and letters are written, so that whoever looks at a page waits for none of it. What it is
 * telling when it breaks down is told again by the next.
 */
export const office = ({ data, file, reach, log, measure, wakeHere, script = new URL('./office-thread.ts', import.meta.url) }: Options): Office => {
  let isOpen = false
  let worker: Worker | undefined
  let over = Promise.resolve()
  let again: NodeJS.Timeout | undefined
  const tell = (told: ToOffice): void => worker?.postMessage(told)

  const answer = async ({ number, ask, given }: Extract<FromOffice, { ask: unknown }>): Promise<void> => {
    try {
      // The office calls each with what it takes.
      const asked = reach[ask] as (given: unknown) => Promise<unknown>
      tell({ number, result: await asked(given) })
    } catch (error) {
      tell({ number, error })
    }
  }
  const hear = (told: FromOffice): void => {
    if (told === 'wake') wakeHere()
    else if ('measures' in told) measure(...told.measures)
    else if ('span' in told) handOn(told.span)
    else if ('ask' in told) void answer(told)
    else if (told.says === 'error') log.error(told.message, told.error, told.fields)
    else log[told.says](told.message, told.fields)
  }
  const begin = (): void => {
    const line = file.line()
    const begun = new Worker(script, { workerData: { ...data, line } satisfies OfficeData, transferList: [line] })
    const ended = Promise.withResolvers<void>()
    begun.on('message', hear)
    begun.on('error', (error) => log.error('the office broke down', error))
    begun.on('exit', () => {
      worker = undefined
      if (isOpen) again = setTimeout(begin, AGAIN_MS)
      ended.resolve()
    })
    worker = begun
    over = ended.promise
  }
  return {
    wake: () => tell('wake'),
    start() {
      isOpen = true
      begin()
    },
    async stop() {
      isOpen = false
      clearTimeout(again)
      tell('stop')
      await over
    },
  }
}
