import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Events } from './events.ts'
import { type Event, type Item, type JsonObject, type Page, TABLE_LIMITS, type Tables, TablesLimit } from './tables.ts'

export type TablesHome = {
  tables: Tables
  /** The outbox of these very tables. */
  events: Events
  /** Ends this one as a crash would and opens what it left. */
  reopen(): Promise<TablesHome>
  close(): Promise<void>
}

const put = (pk: string, sk: string, body: JsonObject = {}, index?: { ipk: string; isk: string }) =>
  ({ kind: 'put', key: { pk, sk }, body, ...(index && { index }) }) as const
const happened = (id: string): Event => ({ id, name: 'thing.happened', at: '2026-11-22T10:00:00.000Z', payload: { id } })

const everyPage = async (next: (page?: string) => Promise<Page<Item>>): Promise<{ items: Item[]; sizes: number[] }> => {
  const items: Item[] = []
  const sizes: number[] = []
  for (let page: string | undefined, isFirst = true; isFirst || page !== undefined; isFirst = false) {
    const found = await next(page)
    items.push(...found.items)
    sizes.push(found.items.length)
    page = found.next
  }
  return { items, sizes }
}
const sortKeys = (items: readonly Item[]): string[] => items.map(({ sk }) => sk)

const laws: { name: string; check(home: TablesHome): Promise<void> }[] = []
const law = (name: string, check: (home: TablesHome) => Promise<void>): void => void laws.push({ name, check })
const refused = (work: Promise<unknown>, why: string): Promise<void> =>
  assert.rejects(work, (error) => error instanceof TablesLimit && error.code === 'tables-limit', why)

law('an item is read as it was written, and each write grows its version by one', async ({ tables }) => {
  const body = { text: 'é “quoted” \u0000 \u{1f393}', number: 1.5, big: 9007199254740991, none: null, deep: { list: [1, [true, {}]] } }
  assert.equal(await tables.get({ pk: 'a', sk: '1' }), undefined)
  assert.equal(await tables.commit([put('a', '1', body)]), 'done')
  assert.deepEqual(await tables.get({ pk: 'a', sk: '1' }), { pk: 'a', sk: '1', body, version: 1 })
  await tables.commit([put('a', '1', { other: true }, { ipk: 'i', isk: 's' })])
  assert.deepEqual(await tables.get({ pk: 'a', sk: '1' }), { pk: 'a', sk: '1', body: { other: true }, version: 2, index: { ipk: 'i', isk: 's' } })
  assert.equal(await tables.get({ pk: 'a', sk: '2' }), undefined)
  assert.equal(await tables.get({ pk: '1', sk: 'a' }), undefined)
  await tables.commit([{ kind: 'remove', key: { pk: 'a', sk: '1' } }])
  assert.equal(await tables.get({ pk: 'a', sk: '1' }), undefined)
  assert.equal(await tables.commit([{ kind: 'remove', key: { pk: 'a', sk: '1' } }]), 'done', 'removing what is not there is no error')
})

law('a commit whose expectation fails writes nothing and tells nothing', async ({ tables, events }) => {
  const heard: string[] = []
  events.listen([{ name: 'l', hears: ['thing.happened'], hear: async ({ id }) => void heard.push(id) }])
  await tables.commit([put('a', 'there', { n: 1 })])
  const failing = [
    { ...put('a', 'there'), expect: 'absent' } as const,
    { ...put('a', 'none'), expect: 'present' } as const,
    { ...put('a', 'there'), expect: { version: 2 } } as const,
    { ...put('a', 'none'), expect: { version: 1 } } as const,
    { kind: 'remove', key: { pk: 'a', sk: 'none' }, expect: 'present' } as const,
    { kind: 'check', key: { pk: 'a', sk: 'there' }, expect: 'absent' } as const,
    { kind: 'check', key: { pk: 'a', sk: 'none' }, expect: 'present' } as const,
  ]
  for (const [number, change] of failing.entries()) {
    assert.equal(await tables.commit([put('a', 'beside'), change], [happened(`e${number}`)]), 'conflict', JSON.stringify(change))
    assert.equal(await tables.commit([change, put('a', 'beside')], [happened(`f${number}`)]), 'conflict')
  }
  assert.equal(await tables.get({ pk: 'a', sk: 'beside' }), undefined)
  assert.deepEqual((await tables.get({ pk: 'a', sk: 'there' }))?.body, { n: 1 })
  await events.drain()
  assert.deepEqual(heard, [])
})

law('a commit whose expectations hold writes all and tells all', async ({ tables, events }) => {
  const heard: string[] = []
  events.listen([{ name: 'l', hears: ['thing.happened'], hear: async ({ id }) => void heard.push(id) }])
  await tables.commit([put('a', '1'), put('a', '2')])
  const changes = [
    { ...put('a', '1', { n: 2 }), expect: { version: 1 } } as const,
    { ...put('a', '3'), expect: 'absent' } as const,
    { kind: 'remove', key: { pk: 'a', sk: '2' }, expect: 'present' } as const,
    { kind: 'check', key: { pk: 'a', sk: '4' }, expect: 'absent' } as const,
  ]
  assert.equal(await tables.commit(changes, [happened('e1'), happened('e2')]), 'done')
  assert.deepEqual(sortKeys((await tables.list('a')).items), ['1', '3'])
  assert.equal((await tables.get({ pk: 'a', sk: '1' }))?.version, 2)
  await events.drain()
  assert.deepEqual(heard.sort(), ['e1', 'e2'])
})

law('of many who replace what they read at the same time, one succeeds', async ({ tables }) => {
  await tables.commit([put('a', '1')])
  const outcomes = await Promise.all(Array.from({ length: 10 }, (_, n) => tables.commit([{ ...put('a', '1', { n }), expect: { version: 1 } }])))
  assert.equal(outcomes.filter((outcome) => outcome === 'done').length, 1)
  assert.equal((await tables.get({ pk: 'a', sk: '1' }))?.version, 2)
})

law('a partition is listed by sort key in either direction, by prefix, in pages', async ({ tables }) => {
  const keys = ['a', 'b#1', 'b#10', 'b#2', 'b#é', 'b', 'B', 'b$', '~', 'c'].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
  await tables.commit([...keys.map((sk) => put('p', sk)), put('p2', 'x'), put('o', 'x')])
  const prefixed = keys.filter((sk) => sk.startsWith('b#'))
  for (const limit of [1, 2, 3, 100]) {
    for (const descending of [false, true]) {
      for (const prefix of [undefined, 'b#']) {
        const options = { limit, descending, ...(prefix && { prefix }) }
        const { items, sizes } = await everyPage((page) => tables.list('p', { ...options, ...(page && { page }) }))
        const wanted = prefix ? prefixed : keys
        assert.deepEqual(sortKeys(items), descending ? [...wanted].reverse() : wanted, JSON.stringify(options))
        assert.ok(
          sizes.every((size) => size <= limit),
          JSON.stringify(options),
        )
      }
    }
  }
  assert.deepEqual(await tables.list('none'), { items: [] })
  assert.deepEqual((await tables.list('p', { prefix: 'zz' })).items, [])
})

law('what reads like a part of a statement, a pattern or an expression is a key like any other', async ({ tables }) => {
  const odd = ["'", "x' OR '1'='1", "'; DROP TABLE items; --", '"', 'a" OR pk <> "', '%', '_', '*', '?', '?1', ':sk', '#sk', '$1', '\\', '`', '/* */']
  const [pk, ipk] = ["p' OR 'p'='p", "i' OR 'i'='i"]
  await tables.commit([...odd.map((sk) => put(pk, sk, { said: sk }, { ipk, isk: sk })), put('p', 'xx', {}, { ipk: 'i', isk: 'xx' })])
  for (const sk of odd) {
    assert.deepEqual((await tables.get({ pk, sk }))?.body, { said: sk })
    const begin = odd.filter((each) => each.startsWith(sk)).toSorted()
    assert.deepEqual(sortKeys((await tables.list(pk, { prefix: sk })).items).toSorted(), begin, sk)
    assert.deepEqual(sortKeys((await tables.listIndex(ipk, { prefix: sk })).items).toSorted(), begin, sk)
  }
  assert.equal((await tables.list(pk)).items.length, odd.length)
  assert.equal((await tables.listIndex(ipk)).items.length, odd.length)
  assert.deepEqual(sortKeys((await tables.list('p')).items), ['xx'], 'nothing else was touched')
})

law('an index finds items of many partitions in its own order, and loses none among equal keys', async ({ tables }) => {
  const index = (number: number) => ({ ipk: 'all', isk: number < 6 ? 'same' : `later#${9 - number}` })
  await tables.commit(Array.from({ length: 10 }, (_, n) => put(`p${n % 3}`, `s${n}`, {}, index(n))))
  await tables.commit([put('p0', 'unindexed'), put('p0', 'other', {}, { ipk: 'other', isk: 'same' })])
  for (const limit of [1, 4, 100]) {
    for (const descending of [false, true]) {
      const { items } = await everyPage((page) => tables.listIndex('all', { limit, descending, ...(page && { page }) }))
      const order = items.map((item) => item.index?.isk ?? '')
      assert.deepEqual(
        order,
        [...order].sort((one, other) => (descending ? -1 : 1) * Buffer.compare(Buffer.from(one), Buffer.from(other))),
      )
      assert.deepEqual(sortKeys(items).sort(), ['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 's9'])
    }
  }
  assert.equal((await tables.listIndex('all', { prefix: 'later#' })).items.length, 4)
  await tables.commit([put('p0', 's0')])
  assert.equal((await tables.listIndex('all')).items.length, 9, 'written without an index, an item leaves it')
  await tables.commit([{ kind: 'remove', key: { pk: 'p1', sk: 's1' } }])
  assert.equal((await tables.listIndex('all')).items.length, 8)
})

law('a page token goes on where its page ended, also when items around it have gone', async ({ tables }) => {
  await tables.commit(['1', '2', '3', '4'].map((sk) => put('p', sk)))
  const { next } = await tables.list('p', { limit: 2 })
  assert.ok(next)
  await tables.commit([{ kind: 'remove', key: { pk: 'p', sk: '2' } }, put('p', '2b'), put('p', '0')])
  assert.deepEqual(sortKeys((await tables.list('p', { page: next })).items), ['2b', '3', '4'])
})

law('a page token that this listing did not give is refused', async ({ tables }) => {
  await tables.commit([...['1', '2', '3'].map((sk) => put('p', sk, {}, { ipk: 'p', isk: sk })), put('q', '1')])
  const { next: own = '' } = await tables.list('p', { limit: 1 })
  const { next: indexed = '' } = await tables.listIndex('p', { limit: 1 })
  assert.ok(own && indexed)
  for (const page of ['', 'nonsense', 'bnVsbA', '[]', own.slice(0, -4), `x${own}`]) await refused(tables.list('p', { page }), page)
  await refused(tables.list('q', { page: own }), 'of another partition')
  await refused(tables.listIndex('p', { page: own }), 'of the table')
  await refused(tables.list('p', { page: indexed }), 'of the index')
})

law('a walk through everything meets each item once, whichever its partition, and nothing that the home keeps for itself', async ({ tables }) => {
  const name = ({ pk, sk }: { pk: string; sk: string }): string => `${pk} ${sk}`
  // More than a page of either home: 500 items, or a megabyte.
  const all = Array.from({ length: 540 }, (_, n) => put(`walk#${n % 7}`, `s${n}`, { n, text: 'x'.repeat(2500) }, { ipk: 'walked', isk: `${n}` }))
  for (let at = 0; at < all.length; at += 90) await tables.commit(all.slice(at, at + 90), [happened(`e${at}`)])
  const first = await tables.every()
  assert.ok(first.next, 'there are more pages than one')
  // What comes and goes meanwhile may be met or not; the rest is.
  const gone = { pk: 'walk#3', sk: 's3' }
  await tables.commit([{ kind: 'remove', key: gone }, put('walk#8', 'late'), put('walk#4', 's4', { n: 4, text: 'again' })])
  const { items } = await everyPage((page) => (page === undefined ? Promise.resolve(first) : tables.every(page)))
  const met = items.map(name)
  assert.equal(new Set(met).size, met.length, 'each once')
  const stays = all.map(({ key }) => name(key)).filter((each) => each !== name(gone))
  assert.deepEqual(met.filter((each) => each !== name(gone) && each !== 'walk#8 late').toSorted(), stays.toSorted())
  const one = items.find(({ sk }) => sk === 's500')
  assert.deepEqual(one, { pk: 'walk#3', sk: 's500', body: { n: 500, text: 'x'.repeat(2500) }, version: 1, index: { ipk: 'walked', isk: '500' } })
})

law('what passes a limit is refused whole', async ({ tables, events }) => {
  const heard: string[] = []
  events.listen([{ name: 'l', hears: ['thing.happened'], hear: async ({ id }) => void heard.push(id) }])
  const many = (count: number) => Array.from({ length: count }, (_, n) => put('many', `${n}`))
  const text = (length: number) => ({ text: 'x'.repeat(length) })
  await refused(tables.commit(many(TABLE_LIMITS.commitEntries + 1)), '101 changes')
  await refused(tables.commit(many(TABLE_LIMITS.commitEntries), [happened('e')]), '100 changes and an event')
  await refused(tables.commit([put('many', '1'), put('many', '1')]), 'one key twice')
  await refused(tables.commit([put('many', '1'), { kind: 'check', key: { pk: 'many', sk: '1' }, expect: 'absent' }]), 'a check of what is changed')
  await refused(tables.commit([put('many', '0'), put('many', 'large', text(TABLE_LIMITS.itemBytes))]), 'over 400 KB')
  await refused(tables.commit([put('many', 'é', { text: 'é'.repeat(TABLE_LIMITS.itemBytes / 2) })]), 'over 400 KB in UTF-8')
  await refused(tables.commit([put('many', '0')], [{ ...happened('e'), payload: text(TABLE_LIMITS.itemBytes) }]), 'an event over 400 KB')
  await refused(tables.commit([put('many', '0')], [happened('e'), happened('e')]), 'an event twice')
  await refused(tables.commit(many(12).map((change) => ({ ...change, body: text(380_000) }))), 'over 4 MB')
  for (const key of [
    { pk: '', sk: '1' },
    { pk: 'many', sk: '' },
    { pk: 'many', sk: 'x'.repeat(TABLE_LIMITS.keyBytes + 1) },
  ])
    await refused(tables.commit([{ kind: 'put', key, body: {} }]), JSON.stringify(key).slice(0, 40))
  await refused(tables.commit([put('many', '1', {}, { ipk: '', isk: 's' })]), 'an empty index key')
  await refused(tables.commit([put('many', '1', {}, { ipk: 'i', isk: '' })]), 'an empty index sort key')
  assert.deepEqual((await tables.list('many')).items, [])
  await events.drain()
  assert.deepEqual(heard, [])
  assert.equal(await tables.commit(many(TABLE_LIMITS.commitEntries - 1), [happened('e')]), 'done')
  assert.equal(await tables.commit([put('large', '1', text(380_000))]), 'done')
  assert.equal((await tables.list('many', { limit: 1000 })).items.length, TABLE_LIMITS.commitEntries - 1)
})

law('every value JSON knows comes back as it was, also the odd ones', async ({ tables }) => {
  const nested = (depth: number): JsonObject => (depth === 1 ? { end: '' } : { in: nested(depth - 1) })
  const body = {
    numbers: [0, 1, -1, 0.1, 1e-7, 123456.789, 1.7976931348623157, 1796083200000, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER],
    empty: { text: '', list: [], object: {}, none: null },
    words: { true: true, false: false, null: null, '': 'no name', size: 1, 'a.b': 2, ':c': 3, '#d': 4 },
    lists: [[], [[]], [null, '', false, {}]],
    ids: ['1', '1.0', '01', '9007199254740993'],
  }
  await tables.commit([put('v', 'odd', body), put('v', 'deep', nested(TABLE_LIMITS.depth)), put('v', 'empty', {})])
  assert.deepEqual((await tables.get({ pk: 'v', sk: 'odd' }))?.body, body)
  assert.deepEqual((await tables.get({ pk: 'v', sk: 'deep' }))?.body, nested(TABLE_LIMITS.depth))
  assert.deepEqual((await tables.get({ pk: 'v', sk: 'empty' }))?.body, {})
  await refused(tables.commit([put('v', 'deeper', nested(TABLE_LIMITS.depth + 1))]), 'deeper than every home keeps')
  for (const number of [2 ** 53, -(2 ** 53), 1e200, Number.NaN, Number.POSITIVE_INFINITY])
    await refused(tables.commit([put('v', 'n', { number })]), `${number}`)
})

law('an item is weighed as DynamoDB weighs it, also where JSON is lighter', async ({ tables }) => {
  const lists = (count: number): JsonObject => ({ lists: Array.from({ length: count }, () => []) })
  // Three bytes each in JSON, four in DynamoDB.
  assert.ok(JSON.stringify(lists(110_000)).length < TABLE_LIMITS.itemBytes)
  await refused(tables.commit([put('w', '1', lists(110_000))]), 'over 400 KB there')
  assert.equal(await tables.commit([put('w', '1', lists(90_000))]), 'done')
})

law('what a commit has acknowledged is there after a crash', async (before) => {
  await before.tables.commit([put('p', '1', { n: 1 }, { ipk: 'i', isk: 's' })])
  await before.tables.commit([put('p', '1', { n: 2 }, { ipk: 'i', isk: 's' }), put('p', '2')])
  const { next } = await before.tables.list('p', { limit: 1 })
  const { tables, close } = await before.reopen()
  try {
    assert.deepEqual(await tables.get({ pk: 'p', sk: '1' }), { pk: 'p', sk: '1', body: { n: 2 }, version: 2, index: { ipk: 'i', isk: 's' } })
    assert.equal((await tables.listIndex('i')).items.length, 1)
    assert.deepEqual(sortKeys((await tables.list('p', next ? { page: next } : {})).items), ['2'])
  } finally {
    await close()
  }
})

/** What every home's tables must show. `open` makes empty ones. */
export const tablesLaws = (home: string, open: () => Promise<TablesHome>): void => {
  for (const { name, check } of laws) {
    test(`tables (${home}): ${name}`, async () => {
      const opened = await open()
      await check(opened).finally(() => opened.close())
    })
  }
}
