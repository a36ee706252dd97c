import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { before, describe, test } from 'node:test'
import type { SourceFacts } from '#ports/transcoder.ts'
import { aClip } from './ffmpeg/clip.fixture.ts'
import { decodeTrack } from './ffmpeg/decode.fixture.ts'
import { aFolder, aMachine, endOf, jobOf } from './ffmpeg/machine.fixture.ts'

/** Two chunks of 24 seconds and a rest, so that there is more than one joint: twenty kills hit each of its pieces several times. */
const SECONDS = 50
const PIECES = ['audio', 'chunk-00000', 'chunk-00001', 'chunk-00002', 'preview', 'storyboard']
const LONG_SECONDS = 98

type Given = { film: Buffer; facts: SourceFacts; etags: Map<string, string>; lastsMs: number }
const given = Promise.withResolvers<Given>()
const longFilm = Promise.withResolvers<Buffer>()

type Machine = Awaited<ReturnType<typeof aMachine>>

const etagsOf = async ({ objects }: Machine): Promise<Map<string, string>> => {
  const { items } = await objects.list('media/')
  return new Map(items.map(({ key, etag }) => [key, etag]))
}

before(async () => longFilm.resolve(await aClip({ seconds: LONG_SECONDS, width: 160, height: 90, fps: '24' })))

/** The same film made without being disturbed: what every other run must come to, byte for byte. */
before(async () => {
  const film = await aClip({ seconds: SECONDS, width: 160, height: 90, fps: '12' })
  const machine = await aMachine({ encoders: 1 })
  const facts = await machine.factsOf(film, 'killed')
  const began = performance.now()
  await machine.transcoder.start(jobOf('killed', facts))
  await machine.transcoder.idle()
  const lastsMs = performance.now() - began
  assert.equal(endOf(machine.news, 'killed').durationSeconds, SECONDS)
  given.resolve({ film, facts, etags: await etagsOf(machine), lastsMs })
  await machine.close()
})

const recorded = (home: string): string[] => {
  // Not read only: what a killed process left in the log has to be taken in first.
  const database = new DatabaseSync(join(home, 'transcoder', 'transcoder.sqlite'), { timeout: 5000 })
  try {
    return database
      .prepare('SELECT piece FROM pieces ORDER BY piece')
      .all()
      .map((row) => String(row['piece']))
  } finally {
    database.close()
  }
}

/** A server that is killed after so long; answers what it had begun and what it had on record. */
const killedAfter = async (home: string, milliseconds: number): Promise<{ begun: string[]; finished: string[] }> => {
  const { film, facts } = await given.promise
  const source = join(home, 'source')
  await writeFile(source, film)
  const host = fork(new URL('./ffmpeg/host.fixture.ts', import.meta.url), [home, source, JSON.stringify(jobOf('killed', facts))], { execArgv: [] })
  const begun: string[] = []
  host.on('message', (said: { message: string; what?: string }) => {
    if (said.message !== 'A worker began') return
    if (begun.length === 0) setTimeout(() => host.kill('SIGKILL'), milliseconds)
    begun.push(said.what ?? '')
  })
  await once(host, 'exit')
  return { begun, finished: recorded(home) }
}

/** Numbers that look drawn by lot and are the same each time (Park and Miller). */
const lots = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

const surviveKill = async (share: number): Promise<void> => {
  const { etags, lastsMs } = await given.promise
  const home = await aFolder()
  const { begun, finished } = await killedAfter(home, share * lastsMs)
  const began: string[] = []
  const machine = await aMachine({
    folder: home,
    encoders: 1,
    onInfo: (message, fields) => message === 'A worker began' && began.push(String(fields?.['what'])),
  })
  await machine.transcoder.idle()
  if (!machine.news.some(({ kind }) => kind === 'transcoded')) assert.deepEqual(finished, PIECES, 'it had ended before the kill')
  assert.deepEqual(recorded(home), PIECES)
  assert.deepEqual(
    began.toSorted(),
    PIECES.filter((piece) => !finished.includes(piece)),
    'what was on record is not made again',
  )
  const repeated = began.filter((piece) => begun.includes(piece))
  assert.ok(repeated.filter((piece) => piece !== 'preview').length <= 1, `made twice: ${repeated.join(', ')}`)
  const made = await etagsOf(machine)
  for (const [key, etag] of etags) assert.equal(made.get(key), etag, `${key} is the same, byte for byte`)
  assert.equal(made.size, etags.size)
  await machine.close()
}

describe('a server killed at twenty moments drawn by lot', { concurrency: 2 }, () => {
  const lot = lots(20_261_125)
  for (let kill = 1; kill <= 20; kill += 1) {
    const share = lot() * 1.1
    test(`ends the job right after the kill at ${Math.round(share * 100)} % of its time, and its encoder repeats at most one piece`, () => surviveKill(share))
  }
})

test('over every joint sound and picture go on without a gap: decoded, each frame comes one frame after the one before', async () => {
  const film = await longFilm.promise
  const folder = await aFolder()
  const machine = await aMachine()
  const { renditions } = await machine.transcode(film)
  for (const { name } of renditions) {
    const { times, errors } = await decodeTrack(machine.objects, `media/vid_one/${name}/`, folder)
    assert.equal(errors, 0)
    assert.equal(times.length, LONG_SECONDS * 24)
    for (const [index, time] of times.entries()) assert.ok(Math.abs(time - index / 24) < 0.001, `frame ${index} of ${name} is shown at ${time} s`)
  }
  const sound = await decodeTrack(machine.objects, 'media/vid_one/audio/', folder)
  for (const [index, time] of sound.times.entries()) {
    const step = time - (sound.times[index - 1] ?? time - sound.frameSeconds)
    assert.ok(Math.abs(step - sound.frameSeconds) < 0.001, `sound at ${time} s comes ${step} s after what is before it`)
  }
  const end = (sound.times.at(-1) ?? 0) + sound.frameSeconds
  assert.ok(Math.abs(end - LONG_SECONDS) < 1 / 24, `the sound ends at ${end} s`)
  await machine.close()
})

test('of two teachers with five videos each, the second does not wait for all of the first’s', async () => {
  const film = await aClip({ seconds: 3, width: 160, height: 90, sound: false })
  const machine = await aMachine({ encoders: 1 })
  const names = ['first', 'second'].flatMap((owner) => [1, 2, 3, 4, 5].map((video) => ({ owner: `prs_${owner}`, name: `${owner}${video}` })))
  const jobs = []
  for (const { owner, name } of names) jobs.push(jobOf(name, await machine.factsOf(film, name), { owner }))
  for (const job of jobs) await machine.transcoder.start(job)
  await machine.transcoder.idle()
  const ended = machine.news.flatMap((news) => (news.kind === 'transcoded' ? [news.job] : []))
  assert.equal(ended.length, 10)
  const place = (owner: string, nth: number): number => ended.indexOf(ended.filter((job) => job.startsWith(`job_${owner}`))[nth] ?? '')
  assert.ok(place('second', 0) < place('first', 2), ended.join(' '))
  assert.ok(place('first', 0) < place('second', 2), ended.join(' '))
  const firsts = machine.news.flatMap((news) => (news.kind === 'watchable' || news.kind === 'transcoded' ? [`${news.kind} ${news.job}`] : []))
  const seen = firsts.findIndex((said) => said.startsWith('watchable job_second'))
  assert.ok(seen >= 0 && seen < firsts.indexOf(`transcoded ${ended.filter((job) => job.startsWith('job_first'))[3]}`), firsts.join(', '))
  await machine.close()
})

test('a stretch somebody wants to see is made next', async () => {
  const film = await longFilm.promise
  const finished: string[] = []
  const machine = await aMachine({
    encoders: 1,
    onInfo: (message, fields) => message === 'A piece of a video is made' && finished.push(String(fields?.['what'])),
  })
  const job = jobOf('wanted', await machine.factsOf(film, 'wanted'))
  await machine.transcoder.start(job)
  await machine.transcoder.prefer(job.job, 73)
  assert.deepEqual(
    (await machine.transcoder.pieces(job.job)).map(({ seconds }) => seconds),
    [0, 24, 48, 72, 96],
  )
  await machine.transcoder.idle()
  const chunks = finished.filter((piece) => piece.startsWith('chunk'))
  // One chunk may have begun before the wish was heard.
  assert.ok(chunks.indexOf('chunk-00003') <= 1, chunks.join(' '))
  assert.ok(chunks.indexOf('chunk-00003') < chunks.indexOf('chunk-00001'), chunks.join(' '))
  await machine.close()
})
