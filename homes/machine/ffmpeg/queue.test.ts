import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fairQueue, type Request } from './queue.ts'

const never = new AbortController().signal

type Asked = Partial<Request> & { name: string }

/** Lets requests in one after another and notes who was given a place, finishing each at once when `isQuick`. */
const aDesk = (places: number) => {
  const queue = fairQueue(places)
  const served: string[] = []
  const finish = new Map<string, () => void>()
  const ask = ({ name, ...of }: Asked): void => {
    const request: Request = { owner: name, job: name, urgency: 'now', weight: 1, remaining: () => 1, rank: () => 0, ...of }
    void queue.take(request, never).then((release) => {
      served.push(name)
      finish.set(name, release)
    })
  }
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const end = async (name: string): Promise<void> => {
    const release = finish.get(name)
    assert.ok(release, `${name} has a place`)
    finish.delete(name)
    release()
    await settle()
  }
  /** Ends whatever is under way, again and again, until nothing waits. */
  const drain = async (): Promise<void> => {
    await settle()
    for (let name = [...finish.keys()][0]; name !== undefined; name = [...finish.keys()][0]) await end(name)
  }
  return { ask, settle, end, drain, served }
}

test('two teachers with five videos each take turns, though one came first with all of hers', async () => {
  const desk = aDesk(1)
  for (const owner of ['a', 'b']) for (let video = 1; video <= 5; video += 1) desk.ask({ name: `${owner}${video}`, owner, job: `${owner}${video}` })
  await desk.drain()
  assert.equal(desk.served.length, 10)
  const turns = desk.served.slice(1).map((name) => name[0])
  assert.deepEqual(turns, ['b', 'a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'])
})

test('long pieces count for more than short ones', async () => {
  const desk = aDesk(1)
  desk.ask({ name: 'start', owner: 'c' })
  for (let piece = 0; piece < 3; piece += 1) desk.ask({ name: `long${piece}`, owner: 'a', weight: 3 })
  for (let piece = 0; piece < 6; piece += 1) desk.ask({ name: `short${piece}`, owner: 'b', weight: 1 })
  await desk.drain()
  const firstSix = desk.served.slice(1, 7)
  assert.equal(firstSix.filter((name) => name.startsWith('short')).length, 4, desk.served.join(' '))
})

test('who was idle for long has saved nothing up', async () => {
  const desk = aDesk(1)
  for (let piece = 0; piece < 20; piece += 1) desk.ask({ name: `a${piece}`, owner: 'a' })
  await desk.settle()
  for (let piece = 0; piece < 10; piece += 1) await desk.end(`a${piece}`)
  for (let piece = 0; piece < 5; piece += 1) desk.ask({ name: `b${piece}`, owner: 'b' })
  await desk.drain()
  assert.deepEqual(
    desk.served.slice(11, 17).map((name) => name[0]),
    ['b', 'a', 'b', 'a', 'b', 'a'],
  )
})

test('what a teacher waits for goes into the place that is kept for it, past long pieces of others', async () => {
  const desk = aDesk(1)
  desk.ask({ name: 'long', owner: 'a' })
  desk.ask({ name: 'next', owner: 'a' })
  desk.ask({ name: 'probe', owner: 'b', urgency: 'first' })
  desk.ask({ name: 'another probe', owner: 'c', urgency: 'first' })
  await desk.settle()
  assert.deepEqual(desk.served, ['long', 'probe'])
  await desk.end('probe')
  assert.deepEqual(desk.served, ['long', 'probe', 'another probe'])
})

test('a teacher with many firsts holds nobody’s ladder up', async () => {
  const desk = aDesk(1)
  desk.ask({ name: 'busy', owner: 'c' })
  for (let piece = 0; piece < 6; piece += 1) desk.ask({ name: `first${piece}`, owner: 'a', urgency: 'first' })
  desk.ask({ name: 'ladder', owner: 'b' })
  await desk.settle()
  await desk.end('busy')
  assert.deepEqual(desk.served, ['busy', 'first0', 'ladder'])
  await desk.end('first0')
  assert.equal(desk.served[3], 'first1', 'the spare place goes on with them')
})

test('idle work waits for everything else', async () => {
  const desk = aDesk(1)
  desk.ask({ name: 'busy', owner: 'a' })
  desk.ask({ name: 'idle', owner: 'b', urgency: 'idle' })
  desk.ask({ name: 'later', owner: 'a' })
  await desk.drain()
  assert.deepEqual(desk.served, ['busy', 'later', 'idle'])
})

test('of one teacher’s videos the one with least left is finished first, and its pieces in the order asked for', async () => {
  const desk = aDesk(1)
  desk.ask({ name: 'busy', owner: 'a' })
  desk.ask({ name: 'long', owner: 'a', job: 'long', remaining: () => 100 })
  desk.ask({ name: 'short 2', owner: 'a', job: 'short', remaining: () => 2, rank: () => 2 })
  desk.ask({ name: 'short 1', owner: 'a', job: 'short', remaining: () => 2, rank: () => 1 })
  await desk.drain()
  assert.deepEqual(desk.served, ['busy', 'short 1', 'short 2', 'long'])
})

test('who gives up waiting leaves the line', async () => {
  const queue = fairQueue(1)
  const request: Request = { owner: 'a', job: 'a', urgency: 'now', weight: 1, remaining: () => 1, rank: () => 0 }
  const release = await queue.take(request, never)
  const leaving = new AbortController()
  const refused = assert.rejects(queue.take(request, leaving.signal), /given up/)
  const patient = queue.take(request, never)
  leaving.abort(new Error('given up'))
  await refused
  release()
  ;(await patient)()
})
