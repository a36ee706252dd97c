import { link } from 'node:fs/promises'
import { join } from 'node:path'
import { laddersOf } from '#core/recipes/ladder.ts'
import { SHIPPED } from '#core/recipes/recipe.ts'
import { work } from '#homes/machine/ffmpeg/work.ts'
import { type MachineObjects, objects as openObjects } from '#homes/machine/objects.ts'
import { transcoder as openTranscoder } from '#homes/machine/transcoder.ts'

/** All that the bench knows of our own transcoder. */
export type Rung = { name: string; shortSide: number; crf: number; maxrateKbps: number }

const standard = SHIPPED.find(({ name }) => name === 'standard')
const family = standard?.families[0]
if (!standard || !family) throw new Error('No recipe “standard” is shipped.')

/** The shipped ladder, best first. */
export const standardRungs: readonly Rung[] = family.rungs

export type Request = { home: string; source: string; rungs: readonly Rung[]; encoders: number }

/** `watchable`: the first rendition can be played. */
export type Heard = { kind: 'worker began' | 'piece made'; what: string } | { kind: 'watchable' | 'transcoded' } | { kind: 'warned' | 'failed'; detail: string }

const HEARD: Record<string, 'worker began' | 'piece made'> = { 'A worker began': 'worker began', 'A piece of a video is made': 'piece made' }
/** Whether this piece is a stretch of the ladder itself. */
export const isChunk = (what: string): boolean => what.startsWith('chunk')

const SOURCE = 'uploads/source'
const OUTPUT = 'media/vid_bench/'
const OWNER = 'usr_bench'

export type Ours = {
  start(): Promise<void>
  close(): Promise<void>
  /** Bytes of each track, its init segment included. */
  bytes(): Promise<Record<string, number>>
  /** A track as one file. */
  track(name: string): Promise<Buffer>
}

const keysOf = async (objects: MachineObjects): Promise<{ key: string; size: number }[]> => {
  const all: { key: string; size: number }[] = []
  for (let after: string | undefined; ; ) {
    const page = await objects.list(OUTPUT, after)
    all.push(...page.items)
    if (page.next === undefined) return all
    after = page.next
  }
}

/** Opens the real transcoder over the real store in a folder, with the source uploaded already; or takes up what was left there. */
export const openOurs = async ({ home, source, rungs, encoders }: Request, hear: (heard: Heard) => void): Promise<Ours> => {
  const clock = { now: () => new Date() }
  const objects = await openObjects({ folder: join(home, 'objects'), url: 'http://bench.test', clock })
  const isNew = !(await objects.head(SOURCE))
  if (isNew) {
    // The store moves what it adopts: it gets a name of its own for the same bytes.
    await link(source, join(home, 'source'))
    await objects.adopt(SOURCE, join(home, 'source'), { type: 'video/mp4' })
  }
  const failed = (message: string, error: unknown): void => hear({ kind: 'failed', detail: `${message}: ${error}` })
  const transcoder = await openTranscoder({
    folder: join(home, 'transcoder'),
    objects,
    clock,
    encoders,
    async tell(news) {
      if (news.kind === 'watchable' || news.kind === 'transcoded') hear({ kind: news.kind })
      if (news.kind === 'failed') hear({ kind: 'failed', detail: `${news.fault}: ${news.detail}` })
    },
    log: {
      info(message, fields) {
        const kind = HEARD[message]
        if (kind) hear({ kind, what: String(fields?.['what']) })
      },
      warn: (message, fields) => hear({ kind: 'warned', detail: `${message} ${JSON.stringify(fields ?? {})}` }),
      error: failed,
    },
  })
  transcoder.begin()
  const begin = async (): Promise<void> => {
    const probed = await transcoder.probe({ key: SOURCE, owner: OWNER })
    if (probed.kind === 'unusable') return failed(probed.fault, probed.detail)
    const { facts } = probed
    const ladder = laddersOf(facts.picture, { ...standard, families: [{ ...family, rungs: [...rungs] }] }).first
    await transcoder.start({ job: 'job_bench', video: 'vid_bench', owner: OWNER, source: SOURCE, output: OUTPUT, facts, ladder, makes: 'whole' })
  }
  return {
    // What was begun before is taken up as soon as the transcoder is opened.
    start: async () => (isNew ? begin() : undefined),
    async close() {
      await transcoder.close()
      await objects.close()
    },
    async bytes() {
      const sizes: Record<string, number> = {}
      for (const { key, size } of await keysOf(objects)) {
        const track = /^([^/]+)\/[^/]+\.(?:m4s|mp4)$/.exec(key.slice(OUTPUT.length))?.[1]
        if (track !== undefined) sizes[track] = (sizes[track] ?? 0) + size
      }
      return sizes
    },
    async track(name) {
      const keys = (await keysOf(objects)).map(({ key }) => key).filter((key) => key.startsWith(`${OUTPUT}${name}/`) && /\.(m4s|mp4)$/.test(key))
      const parts = await Promise.all(
        keys.toSorted((a, b) => Number(b.endsWith('.mp4')) - Number(a.endsWith('.mp4')) || (a < b ? -1 : 1)).map((key) => objects.get(key)),
      )
      return Buffer.concat(parts.map((part) => part?.bytes ?? new Uint8Array()))
    },
  }
}

/** Has a worker start, load FFmpeg, and find nothing to do. */
export const idleWorker = async (folder: string): Promise<void> => {
  await work({ kind: 'copy', task: { from: join(folder, 'nothing'), to: join(folder, 'nowhere'), streams: [], format: 'matroska', options: {} } }, { folder })
}
