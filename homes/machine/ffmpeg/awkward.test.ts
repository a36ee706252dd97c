import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { looksLikeMedia } from '#core/media/sniff.ts'
import { REASONS, refusedVerdict, verdictAfter, verdictOf } from '#core/media/verdict.ts'
import type { SourceFacts, SourceFault, Transcoded } from '#ports/transcoder.ts'
import { CONTAINERS } from './awkward-containers.fixture.ts'
import { NO_FILMS, playlistsTo } from './awkward-disguises.fixture.ts'
import type { Ready, Usable } from './awkward-film.fixture.ts'
import { PICTURES } from './awkward-pictures.fixture.ts'
import { REFUSED } from './awkward-refused.fixture.ts'
import { SOUNDS } from './awkward-sounds.fixture.ts'
import { decodeTrack } from './decode.fixture.ts'
import { findFfmpeg } from './found.fixture.ts'
import { assertGapless } from './gapless.fixture.ts'
import { aMachine, jobOf } from './machine.fixture.ts'

/** Nobody waits longer for so short a file, on however busy a machine. */
const MOST_MS = 60_000

const USABLE: Record<string, Usable> = { ...PICTURES, ...SOUNDS, ...CONTAINERS }
const disguised = Object.entries(playlistsTo('/etc/hostname')).map(([name, text]) => [name, Buffer.from(text.padEnd(600), 'latin1')] as const)
const NO_VIDEOS = [...Object.entries(NO_FILMS), ...disguised]

const BEGINS_LIKE_A_FILM = [
  'a picture in an ISO box',
  'noise behind the first bytes of Matroska',
  'noise behind the first bytes of AVI',
  'a thousand boxes in one another',
  'a hundred thousand empty boxes',
  'a DASH manifest that begins as an MP4 does',
]

type Machine = Awaited<ReturnType<typeof aMachine>>
type Ending = { kind: 'refused'; fault: SourceFault } | { kind: 'ready'; facts: SourceFacts; result: Transcoded }

/** What becomes of a file, from its first look to its end. */
const endingOf = async (machine: Machine, bytes: Buffer): Promise<Ending> => {
  const probed = await machine.probe(bytes, 'one')
  if (probed.kind === 'unusable') return { kind: 'refused', fault: probed.fault }
  await machine.transcoder.start(jobOf('one', probed.facts))
  await machine.settle()
  const end = machine.news.find(({ kind }) => kind === 'transcoded' || kind === 'failed')
  if (end?.kind === 'failed') return { kind: 'refused', fault: end.fault }
  assert.equal(end?.kind, 'transcoded')
  return { kind: 'ready', facts: probed.facts, result: end.result }
}

const assertPlayable = async (machine: Machine, { durationSeconds, renditions, audio }: Transcoded): Promise<void> => {
  for (const { name, fps } of renditions) {
    const { seconds } = await assertGapless(machine.objects, `media/vid_one/${name}/`)
    assert.ok(Math.abs(seconds - durationSeconds) < 1 / fps, `${seconds} s of ${name}`)
  }
  if (audio) {
    const { seconds } = await assertGapless(machine.objects, 'media/vid_one/audio/')
    assert.ok(Math.abs(seconds - durationSeconds) < 0.05, `${seconds} s of sound`)
    assert.equal((await decodeTrack(machine.objects, 'media/vid_one/audio/', machine.home)).errors, 0)
  }
  const lowest = renditions.at(-1)
  assert.ok(lowest)
  const { times, errors } = await decodeTrack(machine.objects, `media/vid_one/${lowest.name}/`, machine.home)
  assert.deepEqual([errors, times.length], [0, Math.max(1, Math.round(durationSeconds * lowest.fps))])
}

const assertReady = async (machine: Machine, bytes: Buffer, { notes, seconds, size, sound }: Ready): Promise<void> => {
  const end = await endingOf(machine, bytes)
  assert.equal(end.kind, 'ready', JSON.stringify(end))
  const { facts, result } = end
  const verdict = verdictAfter(verdictOf(facts), result)
  assert.equal(verdict.notes.map(({ code }) => code).join(' '), notes)
  assert.ok(verdict.notes.every(({ text }) => /\.$/.test(text)))
  assert.equal(`${result.renditions[0]?.width}×${result.renditions[0]?.height}`, size)
  assert.ok(Math.abs(result.durationSeconds - seconds) < 0.1, `${result.durationSeconds} s`)
  assert.equal(result.audio !== undefined, sound === true)
  await assertPlayable(machine, result)
}

const laws = (engine: 'embedded' | 'cli', ffmpegPath: string | undefined): void => {
  /** A machine of its own for each file; whatever went wrong with a worker it would tell as a warning. */
  const withMachine = async (act: (machine: Machine) => Promise<void>): Promise<string[]> => {
    const warned: string[] = []
    const onWarn = (_: string, fields?: Record<string, unknown>): void => void warned.push(`${fields?.['what']}: ${fields?.['detail']}`)
    const machine = await aMachine({ ...(ffmpegPath === undefined ? {} : { ffmpegPath }), onWarn })
    try {
      await act(machine)
    } finally {
      await machine.close()
    }
    return warned
  }

  for (const [name, { make, ready, readyByCli }] of Object.entries(USABLE)) {
    test(`a film ${name} becomes a video that plays`, { timeout: MOST_MS }, async () => {
      const bytes = await make()
      const expected = (engine === 'cli' && readyByCli) || ready
      const warned = await withMachine((machine) => assertReady(machine, bytes, expected))
      // What is left out is told of; nothing else goes wrong with any worker.
      const isLeftOut = expected.notes.includes('lost-sound')
      assert.deepEqual(
        warned.filter((one) => !(isLeftOut && one.startsWith('audio:'))),
        [],
      )
    })
  }

  for (const [name, refused] of Object.entries(REFUSED)) {
    const fault = (engine === 'cli' && refused.faultByCli) || refused.fault
    test(`a film ${name} is refused as ${fault}`, { timeout: MOST_MS }, async () => {
      const bytes = await refused.make()
      const warned = await withMachine(async (machine) => assert.deepEqual(await endingOf(machine, bytes), { kind: 'refused', fault }))
      assert.deepEqual(warned, [])
    })
  }

  test('what is no film is refused as such, whatever it is called', { timeout: MOST_MS }, async () => {
    const warned = await withMachine(async (machine) => {
      for (const [name, bytes] of NO_VIDEOS) {
        const probed = await machine.probe(bytes, 'one')
        assert.equal(probed.kind === 'unusable' ? probed.fault : probed.kind, 'not-a-video', name)
      }
    })
    assert.deepEqual(warned, [])
  })
}

describe('awkward files, with the FFmpeg that came with npm', { concurrency: 2 }, () => laws('embedded', undefined))

const found = findFfmpeg()
describe('awkward files, with an ffmpeg of the machine', { concurrency: 2, ...('skip' in found ? found : {}) }, () =>
  laws('cli', 'path' in found ? found.path : undefined),
)

describe('the first look at an upload', () => {
  for (const [name, { make }] of Object.entries(USABLE)) {
    test(`lets a film ${name} in`, async () => assert.ok(looksLikeMedia(await make())))
  }
  test('stops what begins like no film; what only begins like one is for the probe', () => {
    const letIn = NO_VIDEOS.filter(([, bytes]) => looksLikeMedia(bytes)).map(([name]) => name)
    assert.deepEqual(letIn, BEGINS_LIKE_A_FILM)
  })
})

test('every fault that stops a file has words for it', () => {
  const faults = new Set(Object.values(REFUSED).map(({ fault }) => fault))
  for (const fault of faults) assert.match(refusedVerdict(fault).notes[0]?.text ?? '', /\.$/)
  assert.equal(new Set(Object.values(REASONS).map(({ reason }) => reason)).size, Object.keys(REASONS).length)
})
