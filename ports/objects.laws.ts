import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { type ObjectMeta, type Objects, ObjectsRefusal, UPLOAD_LIMITS } from './objects.ts'

export type ObjectsHome = {
  objects: Objects
  /** PUTs a body to a part's URL, as a browser does; answers the HTTP status. */
  send(url: string, body: Uint8Array): Promise<number>
  /** Moves the home's clock on. */
  pass(milliseconds: number): void
  close(): Promise<void>
}

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes)
const MIB = 1024 * 1024
const PART = UPLOAD_LIMITS.minPartBytes
const type = 'text/plain'

/** Bytes that differ from place to place, so that parts in the wrong order are seen. */
const bytesOf = (length: number, seed: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 1) bytes[at] = (at * 31 + (at >> 8) * 7 + seed * 101) & 255
  return bytes
}
const digest = (...parts: Uint8Array[]): string => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')

const BAD_KEYS = [
  '',
  '/',
  '/a',
  'a/',
  'a//b',
  '.',
  '..',
  'a/..',
  '../a',
  'a/./b',
  'a/../b',
  'a b',
  'a%2e',
  'a\\b',
  'a\u0000',
  'é',
  'a?b',
  'a#b',
  'a*',
  'a\n',
  'x'.repeat(1025),
]

const NAMES = [
  '\u00dcbungsblatt \u2116 1 \u2013 \u7df4\u7fd2.pdf',
  'say "hi"; it\u2019s; filename=b.exe',
  '../../etc/passwd',
  'C:\\notes.txt',
  '\u200f\u05de\u05d3\u05e8\u05d9\u05da\u202e.pdf',
  '\u{1F3A8}.png',
  '%0d%0a.txt',
  '\u{20BB7}'.repeat(200),
]

const everyKey = async (objects: Objects, prefix: string): Promise<{ keys: string[]; sizes: number[] }> => {
  const [keys, sizes]: [string[], number[]] = [[], []]
  for (let page: string | undefined, isFirst = true; isFirst || page !== undefined; isFirst = false) {
    const found = await objects.list(prefix, page)
    keys.push(...found.items.map(({ key }) => key))
    sizes.push(found.items.length)
    page = found.next
  }
  return { keys, sizes }
}

const laws: { name: string; check(home: ObjectsHome): Promise<void> }[] = []
const law = (name: string, check: (home: ObjectsHome) => Promise<void>): void => void laws.push({ name, check })
const refused = (code: ObjectsRefusal['code'], work: () => Promise<unknown>, why?: string): Promise<void> =>
  assert.rejects(work, (error) => error instanceof ObjectsRefusal && error.code === code, why)

law('an object is read as it was put, whole, in part, and by its head', async ({ objects }) => {
  const meta = await objects.put('a/b.txt', 'h\u00e9llo', { type, cacheControl: 'no-cache' })
  assert.deepEqual({ ...meta, etag: '' }, { key: 'a/b.txt', size: 6, type, etag: '', cacheControl: 'no-cache' })
  assert.ok(meta.etag.length > 0 && !meta.etag.includes('"'))
  const { bytes, ...rest } = (await objects.get('a/b.txt')) ?? assert.fail('it is there')
  assert.deepEqual([text(bytes), rest], ['h\u00e9llo', meta])
  assert.deepEqual(await objects.head('a/b.txt'), meta)
  const ranges: [number, number, string][] = [
    [0, 0, 'h'],
    [3, 4, 'll'],
    [3, 99, 'llo'],
    [0, 5, 'h\u00e9llo'],
    [6, 9, ''],
  ]
  for (const [start, end, wanted] of ranges) assert.equal(text(await objects.range('a/b.txt', start, end)), wanted, `${start}-${end}`)
  assert.equal((await objects.put('plain', new Uint8Array([0, 255]), { type })).cacheControl, undefined)
  assert.deepEqual([...((await objects.get('plain'))?.bytes ?? [])], [0, 255])
  assert.equal((await objects.put('empty', '', { type })).size, 0)
  assert.equal(text((await objects.get('empty'))?.bytes), '')
})

law('what is not there is absent, and removing it is no error', async ({ objects }) => {
  assert.deepEqual([await objects.get('a'), await objects.head('a'), await objects.range('a', 0, 1)], [undefined, undefined, undefined])
  await objects.remove('a')
  await objects.put('a/b', 'x', { type })
  assert.equal(await objects.get('a'), undefined, 'a key is no folder')
  await objects.remove('a/b')
  assert.equal(await objects.head('a/b'), undefined)
})

law('putting again replaces the object whole: bytes, type and identity', async ({ objects }) => {
  const before = await objects.put('a', 'a long first text', { type, cacheControl: 'no-cache' })
  const after = await objects.put('a', 'short', { type: 'text/html' })
  assert.notEqual(after.etag, before.etag)
  assert.deepEqual(await objects.head('a'), after)
  assert.deepEqual([after.type, after.cacheControl, text((await objects.get('a'))?.bytes)], ['text/html', undefined, 'short'])
})

law('a file name in any language travels with its object, put whole or in parts, and can be given anew', async (at) => {
  const { objects } = at
  for (const fileName of NAMES) {
    assert.equal((await objects.put('a', 'x', { type, fileName })).fileName, fileName)
    assert.equal((await objects.head('a'))?.fileName, fileName)
  }
  const before = await objects.head('a')
  await objects.nameFile('a', 'notes.txt')
  assert.deepEqual({ ...(await objects.head('a')), etag: before?.etag }, { ...before, fileName: 'notes.txt' })
  assert.equal(text((await objects.get('a'))?.bytes), 'x')
  assert.equal((await objects.put('a', 'x', { type })).fileName, undefined)
  assert.equal((await objects.head('a'))?.fileName, undefined, 'it belongs to what was put, not to the key')
  await objects.nameFile('b', 'notes.txt')
  assert.equal(await objects.head('b'), undefined)
  const upload = await objects.startUpload(key, { type, fileName: NAMES[0] ?? '' })
  await sendPart(at, upload, 1, three)
  assert.equal((await objects.finishUpload(key, upload, 1)).fileName, NAMES[0])
  assert.equal((await objects.head(key))?.fileName, NAMES[0])
  await objects.remove(key)
  assert.equal((await objects.put(key, 'x', { type })).fileName, undefined)
})

law('what is no name for a file is refused, and nothing is kept', async ({ objects }) => {
  await objects.put('a', 'before', { type, fileName: 'a.txt' })
  for (const fileName of ['', 'a\r\nb', 'a\nb', 'a\u0000', 'a\u007f', 'a\u0085', 'a\u2028b', '\ud800', 'x'.repeat(201), '\u{20BB7}'.repeat(201)]) {
    const why = JSON.stringify(fileName.slice(0, 20))
    await refused('bad-name', () => objects.put('a', 'after', { type, fileName }), why)
    await refused('bad-name', () => objects.startUpload('a', { type, fileName }), why)
    await refused('bad-name', () => objects.nameFile('a', fileName), why)
  }
  assert.deepEqual([text((await objects.get('a'))?.bytes), (await objects.head('a'))?.fileName], ['before', 'a.txt'])
})

law('readers of an object that is being replaced see one version or the other, never a mixture', async ({ objects }) => {
  const versions = Array.from({ length: 40 }, (_, seed) => bytesOf(20_000, seed))
  const known = new Set(versions.map((version) => digest(version)))
  await objects.put('a', versions[0] ?? '', { type })
  let isOver = false
  const read = async (): Promise<void> => {
    while (!isOver) {
      assert.ok(known.has(digest((await objects.get('a'))?.bytes ?? new Uint8Array())))
      assert.equal((await objects.range('a', 10_000, 10_009))?.length, 10)
    }
  }
  const readers = [read(), read(), read(), read(), read(), read()]
  const replaced = versions.reduce((before, version) => before.then(() => objects.put('a', version, { type })).then(() => {}), Promise.resolve())
  await replaced.finally(() => {
    isOver = true
  })
  await Promise.all(readers)
  assert.equal(digest((await objects.get('a'))?.bytes ?? new Uint8Array()), digest(versions.at(-1) ?? new Uint8Array()))
})

law('a listing is by key, ascending, of one prefix, a thousand at most to a page', async ({ objects }) => {
  const many = Array.from({ length: 1003 }, (_, number) => `many/${String(number).padStart(4, '0')}`)
  for (let at = 0; at < many.length; at += 100) await Promise.all(many.slice(at, at + 100).map((key) => objects.put(key, 'x', { type })))
  for (const key of ['many', 'many-more', 'many0', 'man/1', 'zoo/B', 'zoo/a']) await objects.put(key, 'xy', { type })
  const { keys, sizes } = await everyKey(objects, 'many/')
  assert.deepEqual(keys, many)
  assert.ok(sizes.every((size) => size <= 1000) && sizes.length >= 2)
  assert.deepEqual((await everyKey(objects, 'zoo/')).keys, ['zoo/B', 'zoo/a'], 'capitals first, as bytes sort')
  assert.equal((await everyKey(objects, '')).keys.length, many.length + 6)
  const [found] = (await objects.list('man/')).items
  assert.deepEqual(found, { key: 'man/1', size: 2, etag: (await objects.head('man/1'))?.etag })
  assert.deepEqual(await objects.list('none/'), { items: [] })
})

law('a key that is not plain names is refused everywhere', async ({ objects }) => {
  for (const key of BAD_KEYS) {
    const works: (() => Promise<unknown>)[] = [
      () => objects.put(key, 'x', { type }),
      () => objects.get(key),
      () => objects.head(key),
      () => objects.range(key, 0, 1),
      () => objects.nameFile(key, 'a.txt'),
      () => objects.remove(key),
      () => objects.startUpload(key, { type }),
      () => objects.signPart({ key, upload: 'u', number: 1, size: 1 }, 60),
      () => objects.listParts(key, 'u'),
      () => objects.finishUpload(key, 'u', 1),
      () => objects.cancelUpload(key, 'u'),
    ]
    for (const [number, work] of works.entries()) await refused('bad-key', work, `${JSON.stringify(key.slice(0, 20))}, method ${number}`)
  }
  const longest = `${'k'.repeat(500)}/${'K'.repeat(500)}/._-${'9'.repeat(19)}`
  await objects.put(longest, 'x', { type })
  assert.equal((await objects.head(longest))?.key, longest)
})

const [one, two, three] = [bytesOf(PART, 1), bytesOf(PART + 5, 2), bytesOf(1000, 3)]
const key = 'sources/vid_a/original.mp4'
const sha256Of = (body: Uint8Array): string => createHash('sha256').update(body).digest('base64')
/** With its digest, without which a store need not take a part. */
const sign = ({ objects }: ObjectsHome, upload: string, number: number, body: Uint8Array): Promise<string> =>
  objects.signPart({ key, upload, number, size: body.length, sha256: sha256Of(body) }, 60)
const sendPart = async (at: ObjectsHome, upload: string, number: number, body: Uint8Array): Promise<number> =>
  at.send(await sign(at, upload, number, body), body)

law('parts sent in any order are joined in theirs; a part sent again replaces the first', async (at) => {
  const { objects } = at
  const upload = await objects.startUpload(key, { type: 'video/mp4', cacheControl: 'no-store' })
  assert.deepEqual(await objects.listParts(key, upload), [])
  assert.equal(await sendPart(at, upload, 3, three), 200)
  assert.equal(await sendPart(at, upload, 1, bytesOf(PART, 9)), 200)
  assert.equal(await sendPart(at, upload, 2, two), 200)
  assert.equal(await sendPart(at, upload, 1, one), 200)
  assert.deepEqual(
    (await objects.listParts(key, upload)).map(({ number, size }) => [number, size]),
    [
      [1, PART],
      [2, PART + 5],
      [3, 1000],
    ],
  )
  assert.equal(await objects.head(key), undefined, 'nothing is there until it is finished')
  const meta: ObjectMeta = await objects.finishUpload(key, upload, 3)
  assert.deepEqual([meta.size, meta.type, meta.cacheControl], [2 * PART + 1005, 'video/mp4', 'no-store'])
  assert.deepEqual(await objects.head(key), meta)
  assert.equal(digest((await objects.get(key))?.bytes ?? new Uint8Array()), digest(one, two, three))
  assert.equal(digest((await objects.range(key, PART - 3, PART + 2)) ?? new Uint8Array()), digest(one.subarray(-3), two.subarray(0, 3)))
  await refused('upload-unknown', () => objects.finishUpload(key, upload, 3), 'twice')
  assert.deepEqual(await objects.listParts(key, upload), [])
})

law('an upload with a missing or too small part is refused, stays, and can be completed', async (at) => {
  const { objects } = at
  const upload = await objects.startUpload(key, { type })
  await sendPart(at, upload, 2, three)
  await refused('part-missing', () => objects.finishUpload(key, upload, 2))
  await sendPart(at, upload, 3, three)
  await refused('part-missing', () => objects.finishUpload(key, upload, 2), 'two parts, but not the first two')
  await sendPart(at, upload, 1, three)
  await refused('part-too-small', () => objects.finishUpload(key, upload, 2))
  for (const parts of [0, -1, 4]) await refused('part-missing', () => objects.finishUpload(key, upload, parts), String(parts))
  assert.equal(await objects.head(key), undefined)
  await sendPart(at, upload, 1, one)
  assert.equal((await objects.finishUpload(key, upload, 2)).size, PART + 1000)
  const small = await objects.startUpload(key, { type })
  await sendPart(at, small, 1, three)
  assert.equal((await objects.finishUpload(key, small, 1)).size, 1000, 'the last may be small, and replaces what was there')
})

law('parts that arrive shuffled are joined in order, however often one of them comes again', async (at) => {
  const { objects } = at
  const parts = Array.from({ length: 6 }, (_, seed) => bytesOf(seed === 5 ? 700 : PART + seed, seed))
  const upload = await objects.startUpload(key, { type })
  const order = [2, 1, 1, 4, 2, 6, 3, 1, 5, 3]
  for (const number of order) assert.equal(await sendPart(at, upload, number, parts[number - 1] ?? one), 200)
  assert.deepEqual(
    (await objects.listParts(key, upload)).map(({ number, size }) => [number, size]),
    parts.map(({ length }, index) => [index + 1, length]),
  )
  await objects.finishUpload(key, upload, 6)
  assert.equal(digest((await objects.get(key))?.bytes ?? new Uint8Array()), digest(...parts))
})

law('a part sent again with another content, even of another size, changes itself and no other', async (at) => {
  const { objects } = at
  const upload = await objects.startUpload(key, { type })
  const [first, second, third] = [bytesOf(PART, 4), bytesOf(PART + 9, 5), bytesOf(PART + 2, 6)]
  for (const [index, part] of [first, second, third, three].entries()) await sendPart(at, upload, index + 1, part)
  assert.equal(await sendPart(at, upload, 2, two), 200)
  assert.equal(await sendPart(at, upload, 1, one), 200)
  assert.deepEqual(
    (await objects.listParts(key, upload)).map(({ number, size }) => [number, size]),
    [one, two, third, three].map(({ length }, index) => [index + 1, length]),
  )
  const meta = await objects.finishUpload(key, upload, 3)
  assert.equal(meta.size, one.length + two.length + third.length)
  assert.equal(digest((await objects.get(key))?.bytes ?? new Uint8Array()), digest(one, two, third))
})

law('a part signed with its digest is kept with that content only, and can be sent again after another was refused', async (at) => {
  const { objects, send } = at
  const upload = await objects.startUpload(key, { type })
  const sha256 = createHash('sha256').update(three).digest('base64')
  const url = await objects.signPart({ key, upload, number: 1, size: three.length, sha256 }, 60)
  const damaged = three.slice()
  damaged[500] = (damaged[500] ?? 0) ^ 1
  assert.equal(await send(url, damaged), 400)
  assert.deepEqual(await objects.listParts(key, upload), [])
  const other = createHash('sha256').update(damaged).digest('base64')
  assert.equal(await send(url.replace(encodeURIComponent(sha256), encodeURIComponent(other)), damaged), 403, 'the digest is part of what is signed')
  assert.equal(await send(url, three), 200)
  await objects.finishUpload(key, upload, 1)
  assert.equal(digest((await objects.get(key))?.bytes ?? new Uint8Array()), digest(three))
})

law('a part without its digest is taken, or refused before a byte of it is sent', async (at) => {
  const { objects, send } = at
  const upload = await objects.startUpload(key, { type })
  const url = await objects.signPart({ key, upload, number: 1, size: three.length }, 60).catch((error: unknown) => {
    assert.ok(error instanceof ObjectsRefusal && error.code === 'digest-missing', String(error))
    return undefined
  })
  if (url === undefined) return
  assert.equal(await send(url, three), 200)
  assert.equal((await objects.finishUpload(key, upload, 1)).size, three.length)
})

law('how much more fits in is a number of bytes, or nothing where nothing bounds it', async ({ objects }) => {
  const free = await objects.freeBytes()
  assert.ok(free === undefined || (Number.isInteger(free) && free >= 0), String(free))
})

law('a part’s URL holds for that part, that size and that time only', async (at) => {
  const { objects, send, pass } = at
  const upload = await objects.startUpload(key, { type })
  const other = await objects.startUpload(key, { type })
  const url = await sign(at, upload, 1, three)
  const altered = [url.replace('original.mp4', 'other.mp4'), url.replace(upload, other), `${url}x`, url.replace(/\?.*/, '')]
  for (const [name, value] of new URL(url).searchParams)
    altered.push(
      url.replace(`${name}=${encodeURIComponent(value)}`, `${name}=${encodeURIComponent(/^\d+$/.test(value) ? String(Number(value) + 1) : `${value}a`)}`),
    )
  for (const bad of altered) if (bad !== url) assert.ok([400, 403, 404, 405].includes(await send(bad, three)), bad)
  assert.ok((await send(url, three.subarray(1))) >= 400, 'too short')
  assert.ok((await send(url, bytesOf(1001, 3))) >= 400, 'too long')
  assert.deepEqual([await objects.listParts(key, upload), await objects.listParts(key, other)], [[], []])
  assert.equal(await send(url, three), 200)
  pass(61_000)
  assert.equal(await send(url, three), 403, 'expired')
  assert.equal(await sendPart(at, upload, UPLOAD_LIMITS.parts, three), 200)
  assert.ok((await sendPart(at, upload, UPLOAD_LIMITS.parts + 1, three)) >= 400)
  assert.deepEqual(
    (await objects.listParts(key, upload)).map(({ number }) => number),
    [1, UPLOAD_LIMITS.parts],
  )
})

law('a cancelled upload is gone with its parts, and what its key held stays', async (at) => {
  const { objects } = at
  await objects.put(key, 'before', { type })
  const upload = await objects.startUpload(key, { type })
  await sendPart(at, upload, 1, three)
  await objects.cancelUpload(key, upload)
  assert.deepEqual(await objects.listParts(key, upload), [])
  assert.equal(await sendPart(at, upload, 2, three), 404)
  await refused('upload-unknown', () => objects.finishUpload(key, upload, 1))
  await objects.cancelUpload(key, upload)
  await objects.cancelUpload(key, 'unknown')
  assert.equal(text((await objects.get(key))?.bytes), 'before')
})

law('an upload belongs to its key', async (at) => {
  const { objects } = at
  const upload = await objects.startUpload(key, { type })
  await sendPart(at, upload, 1, three)
  assert.deepEqual(await objects.listParts('sources/vid_b/original.mp4', upload), [])
  await refused('upload-unknown', () => objects.finishUpload('sources/vid_b/original.mp4', upload, 1))
  await objects.cancelUpload('sources/vid_b/original.mp4', upload)
  assert.equal((await objects.finishUpload(key, upload, 1)).size, 1000)
})

law('a large object is joined from many parts', async (at) => {
  const { objects } = at
  const parts = Array.from({ length: 4 }, (_, seed) => bytesOf(6 * MIB, seed))
  const upload = await objects.startUpload(key, { type })
  const sent = await Promise.all(parts.map((part, index) => sendPart(at, upload, index + 1, part)))
  assert.deepEqual(sent, [200, 200, 200, 200])
  const results = await Promise.allSettled([objects.finishUpload(key, upload, 4), objects.finishUpload(key, upload, 4)])
  assert.ok(
    results.some(({ status }) => status === 'fulfilled'),
    'asked twice at once, it is finished once',
  )
  for (const result of results)
    if (result.status === 'rejected') assert.ok(result.reason instanceof ObjectsRefusal && result.reason.code === 'upload-unknown', String(result.reason))
  assert.equal(digest((await objects.get(key))?.bytes ?? new Uint8Array()), digest(...parts))
})

/** What every home's objects must show. `open` makes an empty store. */
export const objectsLaws = (home: string, open: () => Promise<ObjectsHome>): void => {
  for (const { name, check } of laws) {
    test(`objects (${home}): ${name}`, async () => {
      const opened = await open()
      await check(opened).finally(() => opened.close())
    })
  }
}
