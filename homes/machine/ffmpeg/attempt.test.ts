import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { objects as openObjects } from '../objects.ts'
import { attempt } from './attempt.ts'
import { card, h264 } from './awkward-film.fixture.ts'
import { aFolder } from './machine.fixture.ts'
import { fairQueue } from './queue.ts'

test('work that takes too long every time is refused as too heavy, and not as a fault of ours', async () => {
  const home = await aFolder()
  const objects = await openObjects({ folder: join(home, 'objects'), url: 'http://machine.test', clock: { now: () => new Date() } })
  const tried: unknown[] = []
  const log = { info: () => {}, warn: (_: string, fields?: Record<string, unknown>) => void tried.push(fields?.['tried']), error: () => {} }
  const shop = { objects, queue: fairQueue(1), scratch: join(home, 'tmp'), ffmpegPath: undefined, log, signal: new AbortController().signal }
  const endless = {
    graph: card({ seconds: 1_000_000 }),
    outputs: [{ path: 'out.mp4', format: 'mp4', options: {}, streams: [h264()] }],
    folders: [],
  }
  const request = { owner: 'prs_teacher', job: 'job_slow', urgency: 'now' as const, weight: 1, remaining: () => 1, rank: () => 0 }
  const errand = { order: { kind: 'run' as const, task: endless }, request, what: 'chunk', limits: { seconds: 0.4 } }
  await assert.rejects(
    attempt(shop, errand, async () => 'made'),
    { fault: 'too-heavy' },
  )
  assert.deepEqual(tried, [1, 2, 3])
  await objects.close()
})
