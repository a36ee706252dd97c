import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from './database.ts'
import { type Deed, type Deeds, writing } from './school-deeds.ts'

/** What the thread that serves asks for; `end` comes last. */
export type Asked = { number: number; deed: Deed; given: Parameters<Deeds[Deed]>[0] } | 'end'
export type Answer = { number: number; result: unknown } | { number: number; error: unknown }
export type ThreadData = { path: string; patienceMs: number }

if (!parentPort) throw new Error('This writes for another thread, which starts it.')
const port = parentPort
// What `school-file.ts` starts it with.
const { path, patienceMs } = workerData as ThreadData
const database = openDatabase(path, '')
const write = writing(database, patienceMs)
const underWay = new Set<Promise<void>>()
let answers: Answer[] = []

/** What one transaction answers goes back in one message. */
const say = (answer: Answer): void => {
  answers.push(answer)
  if (answers.length > 1) return
  queueMicrotask(() => {
    port.postMessage(answers)
    answers = []
  })
}

const end = async (): Promise<void> => {
  await Promise.all(underWay)
  database.close()
  port.close()
}

port.on('message', (asked: Asked) => {
  if (asked === 'end') return void end()
  const { number, deed, given } = asked
  const over = write(deed, given)
    .then(
      (result) => say({ number, result }),
      (error: unknown) => say({ number, error }),
    )
    .finally(() => underWay.delete(over))
  underWay.add(over)
})
