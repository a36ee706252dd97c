import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secret } from '#ports/secret.ts'
import { during, lineLog } from './log.ts'

const opened = () => {
  const lines: string[] = []
  const log = lineLog(
    (line) => lines.push(line),
    () => new Date('2026-11-22T10:00:00Z'),
  )
  return { log, lines, read: () => lines.map((line) => JSON.parse(line)) }
}

test('Each thing said is one line, with the request it was said in and no secret', async () => {
  const { log, lines, read } = opened()
  await Promise.all([
    during('one', async () => log.info('in one', { key: secret('hush'), text: 'two\nlines' })),
    during('two', async () => {
      await Promise.resolve()
      log.warn('in two')
    }),
  ])
  log.info('outside')
  const timestamp = '2026-11-22T10:00:00.000Z'
  assert.ok(lines.every((line) => line.indexOf('\n') === line.length - 1))
  assert.deepEqual(read(), [
    { timestamp, level: 'INFO', requestId: 'one', message: 'in one', key: '[secret]', text: 'two\nlines' },
    { timestamp, level: 'WARN', requestId: 'two', message: 'in two' },
    { timestamp, level: 'INFO', message: 'outside' },
  ])
})

test('An error is told with what it came of, and without what an SDK hangs onto it', () => {
  const { log, lines, read } = opened()
  const cause = Object.assign(new Error('socket closed'), { code: 'ECONNRESET' })
  log.error('request failed', Object.assign(new Error('not stored', { cause }), { $response: { headers: 'Bearer hush' } }), { method: 'PUT' })
  log.error('thrown', 'just a text')
  const [failed, thrown] = read()
  assert.deepEqual([failed.message, failed.method, failed.error.message, failed.error.cause.code], ['request failed', 'PUT', 'not stored', 'ECONNRESET'])
  assert.equal(thrown.error, 'just a text')
  assert.ok(!lines.join().includes('hush'))
})
