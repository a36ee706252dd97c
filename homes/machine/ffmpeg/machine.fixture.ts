import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { laddersOf } from '#core/recipes/ladder.ts'
import { Recipe } from '#core/recipes/recipe.ts'
import type { SourceFacts, Transcoded, TranscodeJob, TranscodeNews } from '#ports/transcoder.ts'
import { objects as openObjects } from '../objects.ts'
import { transcoder as openTranscoder } from '../transcoder.ts'

const clock = { now: () => new Date() }
const folders: string[] = []

export const aFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-transcoder-'))
  folders.push(folder)
  return folder
}
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** Two small rungs, quick to make. */
export const smallRecipe: Recipe = Recipe.parse({
  ...{ name: 'small', title: 'Small', says: '', segmentSeconds: 4, audioKbps: 64 },
  families: [
    {
      ...{ codec: 'h264', effort: 'veryfast', tune: 'animation', when: 'first' },
      rungs: [
        { name: '180p', shortSide: 180, crf: 30, maxrateKbps: 300 },
        { name: '90p', shortSide: 90, crf: 30, maxrateKbps: 100 },
      ],
    },
  ],
})

export const jobOf = (name: string, facts: SourceFacts, of: Partial<TranscodeJob> = {}): TranscodeJob => ({
  ...{ job: `job_${name}`, video: `vid_${name}`, owner: 'prs_teacher', source: `uploads/${name}`, output: `media/vid_${name}/` },
  ...{ facts, ladder: laddersOf(facts.picture, smallRecipe).first, makes: 'whole' },
  ...of,
})

type Said = (message: string, fields?: Record<string, unknown>) => void
type Setup = { folder?: string; ffmpegPath?: string; encoders?: number; onInfo?: Said; onWarn?: Said; tell?: (news: TranscodeNews) => Promise<void> }

export const endOf = (news: TranscodeNews[], name: string): Transcoded => {
  const end = news.find((one) => one.job === `job_${name}` && (one.kind === 'transcoded' || one.kind === 'failed'))
  assert.equal(end?.kind, 'transcoded', JSON.stringify(end))
  return end.result
}

/** A transcoder over a store, both in one folder. */
export const aMachine = async ({ folder, ffmpegPath, encoders = 2, onInfo, onWarn, tell }: Setup = {}) => {
  const home = folder ?? (await aFolder())
  const news: TranscodeNews[] = []
  const objects = await openObjects({ folder: join(home, 'objects'), url: 'http://machine.test', clock })
  const transcoder = await openTranscoder({
    ...{ folder: join(home, 'transcoder'), objects, clock, encoders },
    ...(ffmpegPath ? { ffmpegPath } : {}),
    tell: async (one) => {
      news.push(one)
      await tell?.(one)
    },
    log: { info: (message, fields) => onInfo?.(message, fields), warn: (message, fields) => onWarn?.(message, fields), error: () => {} },
  })
  transcoder.begin()
  const close = async (): Promise<void> => {
    await transcoder.close()
    await objects.close()
  }
  const probe = async (source: Uint8Array, name: string) => {
    await objects.put(`uploads/${name}`, source, { type: 'video/mp4' })
    return transcoder.probe({ key: `uploads/${name}`, owner: 'prs_teacher' })
  }
  const factsOf = async (source: Uint8Array, name: string): Promise<SourceFacts> => {
    const probed = await probe(source, name)
    assert.equal(probed.kind, 'usable', JSON.stringify(probed))
    return probed.facts
  }
  const transcode = async (source: Uint8Array, name = 'one', of: Partial<TranscodeJob> = {}): Promise<Transcoded> => {
    await transcoder.start(jobOf(name, await factsOf(source, name), of))
    await transcoder.idle()
    return endOf(news, name)
  }
  return { home, objects, transcoder, news, settle: () => transcoder.idle(), close, probe, factsOf, transcode }
}
