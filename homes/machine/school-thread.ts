import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { Unkept } from '#ports/unkept.ts'
import { openDatabase } from './database.ts'
import { tidyHeap } from './heap.ts'
import { type Deed, type Deeds, writing } from './school-deeds.ts'
import { whyUnkept } from './unkept.ts'

/** What a thread that serves asks for. Who started this one also hands in lines of others, and says `end` last. */
export type Asked = { number: number; deed: Deed; given: Parameters<Deeds[Deed]>[0] }
export type Told = Asked | { line: MessagePort } | 'end'
/** `why`: an error's own properties do not cross from one thread to another. */
export type Answer = { number: number; result: unknown } | { number: number; error: unknown; why: Unkept['why'] | undefined }
export type ThreadData = { path: string; patienceMs: number }

if (!parentPort) throw new Error('This writes for another thread, which starts it.')
const starter = parentPort
// What `school-file.ts` starts it with.
const { path, patienceMs } = workerData as ThreadData
const database = openDatabase(path)
const write = writing(database, patienceMs)
const underWay = new Set<Promise<void>>()
const lines = new Set<MessagePort>()

/** What one transaction answers one line goes back in one message. */
const answering = (line: MessagePort): ((answer: Answer) => void) => {
  let answers: Answer[] = []
  return (answer) => {
    answers.push(answer)
    if (answers.length > 1) return
    queueMicrotask(() => {
      line.postMessage(answers)
      answers = []
    })
  }
}

const serving = (line: MessagePort): ((asked: Asked) => void) => {
  const say = answering(line)
  lines.add(line)
  line.on('close', () => lines.delete(line))
  return ({ number, deed, given }) => {
    const over = write(deed, given)
      .then(
        (result) => say({ number, result }),
        (error: unknown) => say({ number, error, why: whyUnkept(error) }),
      )
      .finally(() => underWay.delete(over))
    underWay.add(over)
  }
}

const end = async (): Promise<void> => {
  await Promise.all(underWay)
  database.close()
  for (const line of lines) line.close()
}

tidyHeap()
const serve = serving(starter)
starter.on('message', (told: Told) => {
  if (told === 'end') void end()
  else if ('line' in told) told.line.on('message', serving(told.line))
  else serve(told)
})
