import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Events, Listener, Remembered } from './events.ts'
import type { Event, Tables } from './tables.ts'

export type EventsHome = {
  /** Where events are committed. */
  tables: Tables
  events: Events
  /** Moves the home's clock on. */
  pass(milliseconds: number): void
  /** Ends this one as a crash would and opens what it left. */
  reopen(): Promise<EventsHome>
  close(): Promise<void>
}

const HOUR_MS = 3600_000
const happened = (id: string, name = 'thing.happened'): Event => ({ id, name, at: '2026-11-22T10:00:00.000Z', payload: { about: id } })

/** A listener that writes down what it hears, and fails when told to. */
const ear = (name: string, hears: readonly string[] = ['thing.happened']): Listener & { heard: string[]; isFailing: boolean } => {
  const listener = {
    name,
    hears,
    heard: [] as string[],
    isFailing: false,
    async hear({ id }: Event) {
      listener.heard.push(id)
      if (listener.isFailing) throw new Error(`${name} is out of order`)
    },
  }
  return listener
}

const laws: { name: string; check(home: EventsHome): Promise<void> }[] = []
const law = (name: string, check: (home: EventsHome) => Promise<void>): void => void laws.push({ name, check })

law('each listener hears each event it names once, as it was committed', async ({ tables, events }) => {
  const [one, two, other] = [ear('one'), ear('two', ['thing.happened', 'other.happened']), ear('other', ['other.happened'])]
  const whole: Event[] = []
  events.listen([one, two, other, { name: 'whole', hears: ['thing.happened'], hear: async (event) => void whole.push(event) }])
  const told = { ...happened('e1'), payload: { text: 'é', list: [1, null, { deep: true }] } }
  await tables.commit([], [told, happened('e2', 'other.happened'), happened('e3', 'unheard.happened')])
  assert.equal(await events.drain(), 5)
  assert.deepEqual([one.heard, two.heard.sort(), other.heard], [['e1'], ['e1', 'e2'], ['e2']])
  assert.deepEqual(whole, [told])
  assert.equal(await events.drain(), 0)
})

law('a started outbox delivers by itself, also what is committed later and by a listener', async ({ tables, events }) => {
  const end = Promise.withResolvers<void>()
  const chain: Listener = {
    name: 'chain',
    hears: ['thing.happened'],
    hear: async ({ id }) => {
      if (id === 'e3') end.resolve()
      else await tables.commit([], [happened(`e${Number(id.slice(1)) + 1}`)])
    },
  }
  events.listen([chain])
  events.start()
  await tables.commit([], [happened('e1')])
  await end.promise
  await events.stop()
  assert.equal(await events.drain(), 0)
})

law('a listener that fails holds up neither the others nor other events', async ({ tables, events }) => {
  const [bad, good] = [ear('bad'), ear('good')]
  bad.isFailing = true
  events.listen([bad, good])
  await tables.commit([], [happened('e1'), happened('e2')])
  await events.drain()
  assert.deepEqual(good.heard.sort(), ['e1', 'e2'])
  assert.deepEqual(bad.heard.sort(), ['e1', 'e2'])
})

law('a listener that takes its time holds up neither the others nor its own other events', async ({ tables, events }) => {
  const gate = Promise.withResolvers<void>()
  const allHeard = Promise.withResolvers<void>()
  const quick: string[] = []
  const ids = Array.from({ length: 40 }, (_, n) => `e${n}`)
  events.listen([
    { name: 'slow', hears: ['thing.happened'], hear: () => gate.promise },
    {
      name: 'quick',
      hears: ['thing.happened'],
      async hear({ id }) {
        quick.push(id)
        if (quick.length === ids.length) allHeard.resolve()
      },
    },
  ])
  await tables.commit(
    [],
    ids.map((id) => happened(id)),
  )
  const drained = events.drain()
  await allHeard.promise
  gate.resolve()
  assert.equal(await drained, 80)
  assert.deepEqual(quick.sort(), ids.sort())
})

law('a failed delivery is tried again after a while that grows, and no sooner', async ({ tables, events, pass }) => {
  const bad = ear('bad')
  bad.isFailing = true
  events.listen([bad])
  await tables.commit([], [happened('e1')])
  assert.equal(await events.drain(), 1)
  assert.equal(await events.drain(), 0, 'not at once')
  const waits: number[] = []
  for (let attempt = 0; attempt < 6; attempt += 1) {
    let waited = 0
    while ((await events.drain()) === 0) {
      pass(100)
      waited += 100
      assert.ok(waited < HOUR_MS)
    }
    waits.push(waited)
  }
  assert.ok((waits[5] ?? 0) > 4 * (waits[0] ?? 0), waits.join(' '))
  bad.isFailing = false
  pass(HOUR_MS)
  await events.drain()
  pass(1000 * HOUR_MS)
  assert.equal(await events.drain(), 0, 'once it has succeeded it is over')
  assert.equal(bad.heard.length, 8)
})

law('a delivery that never succeeds is shelved after days, can be seen, and can be put back in line', async ({ tables, events, pass }) => {
  const [bad, good] = [ear('bad'), ear('good')]
  bad.isFailing = true
  events.listen([bad, good])
  await tables.commit([], [happened('e1')])
  assert.deepEqual(await events.deadLetters(), [])
  let hours = 0
  while ((await events.deadLetters()).length === 0) {
    await events.drain()
    pass(HOUR_MS)
    hours += 1
    assert.ok(hours < 1000)
  }
  assert.ok(hours > 24, `after ${hours} hours`)
  const [dead] = await events.deadLetters()
  assert.deepEqual(dead?.event, happened('e1'))
  assert.deepEqual([dead?.listener, dead?.reason, dead?.attempts], ['bad', 'bad is out of order', bad.heard.length])
  pass(1000 * HOUR_MS)
  assert.equal(await events.drain(), 0, 'the dead stay dead by themselves')
  assert.equal(await events.replay('e1', 'good'), 'absent')
  assert.equal(await events.replay('e2', 'bad'), 'absent')
  bad.isFailing = false
  assert.equal(await events.replay('e1', 'bad'), 'done')
  assert.equal(await events.replay('e1', 'bad'), 'absent')
  assert.equal(await events.drain(), 1)
  assert.deepEqual([await events.deadLetters(), good.heard], [[], ['e1']])
})

law('a delivery that is given up is told of, each time it is, and one that was to tell of that is not', async ({ tables, events, pass }) => {
  const [bad, teller] = [ear('bad'), { name: 'teller', hears: ['delivery.given-up'], told: [] as Event[] }]
  bad.isFailing = true
  const hear = async (event: Event): Promise<void> => {
    teller.told.push(event)
    throw new Error('the teller is out of order')
  }
  events.listen([bad, { ...teller, hear }])
  const untilDead = async (count: number): Promise<void> => {
    for (let hours = 0; (await events.deadLetters()).length < count; hours += 1) {
      assert.ok(hours < 1000)
      await events.drain()
      pass(HOUR_MS)
    }
  }
  await tables.commit([], [happened('e1')])
  await untilDead(2)
  const ids = (): number => new Set(teller.told.map(({ id }) => id)).size
  assert.deepEqual(teller.told[0]?.payload, { event: 'e1', name: 'thing.happened', listener: 'bad', reason: 'bad is out of order' })
  assert.equal(ids(), 1)
  await events.replay('e1', 'bad')
  await untilDead(3)
  assert.equal(ids(), 2)
})

law('a delivery that is discarded is gone for good, and nobody else’s', async ({ tables, events, pass }) => {
  const [bad, worse] = [ear('bad'), ear('worse')]
  bad.isFailing = worse.isFailing = true
  events.listen([bad, worse])
  await tables.commit([], [happened('e1')])
  for (let hours = 0; (await events.deadLetters()).length < 2; hours += 1) {
    assert.ok(hours < 1000)
    await events.drain()
    pass(HOUR_MS)
  }
  assert.deepEqual([await events.discard('e2', 'bad'), await events.discard('e1', 'nobody')], ['absent', 'absent'])
  assert.deepEqual([await events.discard('e1', 'bad'), await events.discard('e1', 'bad')], ['done', 'absent'])
  assert.deepEqual(
    (await events.deadLetters()).map(({ listener }) => listener),
    ['worse'],
  )
  assert.equal(await events.replay('e1', 'bad'), 'absent')
})

const everyRemembered = async (events: Events): Promise<Remembered[]> => {
  const found: Remembered[] = []
  let page: string | undefined
  do {
    const { items, next } = await events.remembered(page)
    found.push(...items)
    page = next
  } while (page !== undefined)
  return found.toSorted((one, other) => (one.event.id < other.event.id ? -1 : 1))
}

law('what was told is remembered, each event once, whether anybody has heard it or not', async ({ tables, events }) => {
  events.listen([ear('one')])
  const ids = Array.from({ length: 630 }, (_, n) => `e${String(n).padStart(3, '0')}`)
  for (let from = 0; from < ids.length; from += 90) {
    await tables.commit(
      [],
      ids.slice(from, from + 90).map((id) => happened(id)),
    )
    if (from === 0) await events.drain()
  }
  await tables.commit([], [happened('f', 'unheard.happened')])
  assert.deepEqual(
    (await everyRemembered(events)).map(({ event }) => event),
    [...ids.map((id) => happened(id)), happened('f', 'unheard.happened')],
  )
})

law('an event that is written anew is heard so by whoever has not heard it, and by nobody once more', async ({ tables, events, pass }) => {
  const good = ear('good')
  const said: Event[] = []
  let isFailing = true
  const hear = async (event: Event): Promise<void> => {
    if (isFailing) throw new Error('not yet')
    said.push(event)
  }
  events.listen([good, { name: 'late', hears: ['thing.happened'], hear }])
  await tables.commit([], [happened('e1'), happened('e2')])
  await events.drain()
  const anew = { ...happened('e1'), payload: { about: 'nobody' } }
  for (const { event, failures } of await everyRemembered(events)) if (event.id === 'e1') await events.rewrite({ event: anew, failures })
  await events.rewrite({ event: happened('unknown'), failures: [{ listener: 'late', reason: 'none' }] })
  isFailing = false
  pass(HOUR_MS)
  await events.drain()
  assert.deepEqual(
    said.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    [anew, happened('e2')],
  )
  await tables.commit([], [happened('e1')])
  await events.drain()
  assert.deepEqual([good.heard.sort(), said.length], [['e1', 'e2'], 2])
  assert.deepEqual(
    (await everyRemembered(events)).map(({ event }) => event),
    [anew, happened('e2')],
  )
})

law('why a delivery was given up can be written anew, and it is put back in line as it says now', async ({ tables, events, pass }) => {
  const said: Event[] = []
  let isFailing = true
  const hear = async (event: Event): Promise<void> => {
    if (isFailing) throw new Error('somebody is not there')
    said.push(event)
  }
  events.listen([{ name: 'bad', hears: ['thing.happened'], hear }])
  await tables.commit([], [happened('e1')])
  for (let hours = 0; (await events.deadLetters()).length === 0; hours += 1) {
    assert.ok(hours < 1000)
    await events.drain()
    pass(HOUR_MS)
  }
  const told = (await everyRemembered(events)).find(({ event }) => event.id === 'e1')
  assert.deepEqual(
    told?.failures.map(({ listener, reason }) => [listener, reason]),
    [['bad', 'somebody is not there']],
  )
  const anew = { ...happened('e1'), payload: { about: 'nobody' } }
  await events.rewrite({ event: anew, failures: [{ listener: 'bad', reason: 'nobody is not there' }] })
  const [dead] = await events.deadLetters()
  assert.deepEqual([dead?.event, dead?.reason], [anew, 'nobody is not there'])
  isFailing = false
  assert.equal(await events.replay('e1', 'bad'), 'done')
  await events.drain()
  assert.deepEqual(said, [anew])
})

law('an event told a second time under its id is heard once', async ({ tables, events }) => {
  const one = ear('one')
  events.listen([one])
  await tables.commit([], [happened('e1')])
  await events.drain()
  await tables.commit([], [happened('e1')])
  await tables.commit([], [{ ...happened('e1'), payload: { other: true } }])
  await events.drain()
  assert.deepEqual(one.heard, ['e1'])
})

law('events from before a listener’s time are not for it', async ({ tables, events }) => {
  const [one, late] = [ear('one'), ear('late')]
  events.listen([one])
  await tables.commit([], [happened('e1')])
  events.listen([one, late])
  await tables.commit([], [happened('e2')])
  await events.drain()
  assert.deepEqual([one.heard.sort(), late.heard], [['e1', 'e2'], ['e2']])
})

law('what was committed but not heard is heard after a crash, also what was being heard', async (before) => {
  const [interrupted, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const hang = (): Promise<void> => {
    interrupted.resolve()
    return gate.promise
  }
  before.events.listen([
    { name: 'one', hears: ['thing.happened'], hear: hang },
    { name: 'done', hears: ['thing.happened'], hear: async () => {} },
  ])
  await before.tables.commit([], [happened('e1')])
  const drained = before.events.drain()
  await interrupted.promise
  const next = await before.reopen()
  const [one, done] = [ear('one'), ear('done')]
  next.events.listen([one, done])
  await next.events.drain()
  assert.deepEqual(one.heard, ['e1'])
  assert.ok(done.heard.length <= 1)
  gate.resolve()
  await drained
  await next.close()
})

law('stopping waits for those who are listening and begins no more', async ({ tables, events }) => {
  const began = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const heard: string[] = []
  const slow: Listener = {
    name: 'slow',
    hears: ['thing.happened'],
    async hear({ id }) {
      began.resolve()
      await gate.promise
      heard.push(id)
    },
  }
  events.listen([slow])
  events.start()
  await tables.commit([], [happened('e1')])
  await began.promise
  const stopped = events.stop()
  await tables.commit([], [happened('e2')])
  gate.resolve()
  await stopped
  assert.deepEqual(heard, ['e1'])
  await events.drain()
  assert.deepEqual(heard, ['e1', 'e2'])
})

/** What every home's events must show. `open` makes an empty outbox. */
export const eventsLaws = (home: string, open: () => Promise<EventsHome>): void => {
  for (const { name, check } of laws) {
    test(`events (${home}): ${name}`, async () => {
      const opened = await open()
      await check(opened).finally(() => opened.close())
    })
  }
}
