import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { eventually, type Program, program } from '#test/journeys/program.ts'

/** `npm run faults -- --long` has ten thousand. */
const IDLE = Number(process.env['LECTERN_IDLE'] ?? 2000)
const AT_ONCE = 100

const opened = async (school: Program, count: number, say = ''): Promise<Socket[]> => {
  const { port } = new URL(school.url)
  const sockets: Socket[] = []
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, () => connect(Number(port), '127.0.0.1'))
    // Whoever is turned away hears it as an end, or not at all.
    for (const socket of some) socket.on('error', () => undefined)
    await Promise.all(some.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])))
    for (const socket of some) if (say !== '') socket.write(say)
    sockets.push(...some)
  }
  return sockets
}
const left = (sockets: readonly Socket[]): void => {
  for (const socket of sockets) socket.destroy()
}

/** What somebody else waits for an answer meanwhile: the median and the longest of some. */
const waits = async (school: Program, asks = 40): Promise<{ median: number; longest: number }> => {
  const all: number[] = []
  for (let asked = 0; asked < asks; asked += 1) {
    const from = performance.now()
    const answer = await fetch(`${school.url}/api/health`)
    assert.equal(answer.status, 200)
    await answer.text()
    all.push(performance.now() - from)
  }
  const sorted = all.toSorted((a, b) => a - b)
  return { median: sorted[Math.floor(asks / 2)] ?? 0, longest: sorted.at(-1) ?? 0 }
}

const openFilesAllowed = async (): Promise<number> => {
  const { stdout } = await promisify(execFile)('sh', ['-c', 'ulimit -n'])
  return stdout.trim() === 'unlimited' ? Number.POSITIVE_INFINITY : Number(stdout)
}
const fewFiles = (await openFilesAllowed()) < IDLE + 500 ? `the system lets a program have fewer than ${IDLE + 500} files open` : false

describe('a school that many hold on to', () => {
  let school: Program
  before(async () => {
    school = await program({ args: ['--empty'] })
    await school.start()
  })
  after(() => school.close())

  test(`${IDLE} connections on which nothing is said keep nobody waiting`, { skip: fewFiles }, async (t) => {
    const idle = await opened(school, IDLE)
    const { median, longest } = await waits(school)
    t.diagnostic(`${IDLE} idle: others waited ${median.toFixed(1)} ms in the middle, ${Math.round(longest)} ms at most`)
    assert.ok(idle.filter(({ destroyed }) => !destroyed).length === IDLE)
    assert.ok(median < 250, `${median} ms`)
    left(idle)
  })

  test('clients that say a request byte by byte, send a body that never ends, or read no answer, keep nobody waiting', async (t) => {
    const headers = await opened(school, 150, 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
    const bodies = await opened(
      school,
      150,
      'POST /hooks/stripe HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{',
    )
    const readers = await opened(school, 150)
    for (const socket of readers) socket.pause().write('GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(4))
    const drip = setInterval(() => {
      for (const socket of [...headers, ...bodies]) socket.write('x')
    }, 100)
    try {
      const { median, longest } = await waits(school)
      t.diagnostic(`450 slow: others waited ${median.toFixed(1)} ms in the middle, ${Math.round(longest)} ms at most`)
      assert.ok(median < 250, `${median} ms`)
    } finally {
      clearInterval(drip)
      left([...headers, ...bodies, ...readers])
    }
    await waits(school, 5)
  })
})

describe('a school that may open few files', { skip: process.platform === 'win32' && 'Windows has no such limit' }, () => {
  let school: Program
  before(async () => {
    school = await program({ args: ['--empty'], openFiles: 200 })
    await school.start()
  })
  after(() => school.close())

  test('lives through being out of them, and answers as soon as there are some again', async () => {
    const crowd = await opened(school, 400)
    // Whoever it has no file for is let go at once.
    for (const socket of crowd) socket.resume()
    await eventually('some to be turned away', async () => crowd.some(({ destroyed }) => destroyed) || undefined)
    assert.ok(crowd.some(({ destroyed }) => !destroyed))
    await fetch(`${school.url}/api/health`, { signal: AbortSignal.timeout(1000) }).catch(() => undefined)
    left(crowd)
    await eventually('an answer', async () => ((await fetch(`${school.url}/api/health`).catch(() => undefined))?.ok ? true : undefined), 20)
    const page = await fetch(school.url)
    assert.equal(page.status, 200)
    assert.match(await page.text(), /<html/)
    assert.doesNotMatch(await readFile(`${school.data}/school.log`, 'utf8'), /uncaught/i)
  })
})
