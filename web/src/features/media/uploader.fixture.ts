import assert from 'node:assert/strict'
import type { Upload } from '#contract/media.ts'
import { lanes } from './lanes.ts'
import type { OutgoingPart, UploadWorld } from './upload-world.ts'
import { type UploadState, uploader } from './uploader.ts'
import { aVideo } from './video.fixture.ts'

export class Answer extends Error {
  readonly code: string
  readonly status: number
  constructor(code: string, status: number, message: string) {
    super(message)
    this.code = code
    this.status = status
  }
}

export const PART_BYTES = 10

export const bytes = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, index) => (index * 7) % 251)
export const aFile = (length: number): File => new File([bytes(length)], 'lesson.mp4', { type: 'video/mp4', lastModified: 1 })

/** The school's half of the contract, in memory, over the parts that are `held`. */
const aSchool = (held: Map<number, Uint8Array>, calls: string[]): UploadWorld['api'] => {
  let begun: Upload | undefined
  let generation = 0
  let isFinished = false
  const upload = (): Upload => {
    if (!begun) throw new Answer('not-found', 404, 'There is no such upload.')
    return { ...begun, arrived: [...held.keys()].sort((a, b) => a - b) }
  }
  return {
    async startUpload({ lesson, fileName, sizeBytes }) {
      calls.push('start')
      const cut = { partBytes: PART_BYTES, parts: Math.ceil(sizeBytes / PART_BYTES), arrived: [] }
      begun ??= { id: 'upl_00000001', video: 'vid_00000001', lesson, fileName, sizeBytes, ...cut }
      return upload()
    },
    upload: async () => upload(),
    async signParts({ parts, hashes }) {
      calls.push(`sign ${parts.join()}`)
      generation += 1
      return { parts: parts.map((number, index) => ({ number, url: `part:${number}:${hashes?.[index] ?? ''}:${generation}`, size: PART_BYTES })) }
    },
    async finishUpload() {
      calls.push('finish')
      const known = upload()
      if (known.arrived.length < known.parts) throw new Answer('upload-incomplete', 409, 'Parts are missing.')
      isFinished = true
      return aVideo({ state: 'uploaded', fileName: known.fileName, sizeBytes: known.sizeBytes })
    },
    async cancelUpload() {
      calls.push('cancel')
      begun = undefined
      return { done: true }
    },
    video: async () => aVideo({ state: isFinished ? 'uploaded' : 'uploading' }),
  }
}

type Fate = (part: { number: number; url: string; attempt: number }) => Promise<number | undefined> | number | undefined

/** A store that keeps the contract, in memory. `fate` decides what becomes of each PUT: a status, or nothing for success. */
export const aStore = (fate: Fate = () => undefined) => {
  const held = new Map<number, Uint8Array>()
  const [puts, waits, calls]: [number[], number[], string[]] = [[], [], []]
  let now = 0
  let most = 0
  const send = async ({ url, body, onSent, signal }: OutgoingPart): Promise<number> => {
    const number = Number(url.split(':')[1])
    now += 1
    most = Math.max(most, now)
    puts.push(number)
    onSent(body.size / 2)
    const content = new Uint8Array(await body.arrayBuffer())
    const status = await fate({ number, url, attempt: puts.filter((put) => put === number).length })
    now -= 1
    if (signal.aborted) return 0
    if (status !== undefined) return status
    held.set(number, content)
    onSent(body.size)
    return 200
  }
  const content = (): number[] => [...held].sort(([a], [b]) => a - b).flatMap(([, part]) => [...part])
  const world: UploadWorld = {
    api: aSchool(held, calls),
    send,
    hash: async () => undefined,
    signOwn: () => Promise.reject(new Error('The store gives nobody keys.')),
    lanes: lanes(4),
    random: () => 1,
    wait: async (milliseconds) => {
      waits.push(milliseconds)
    },
  }
  return { world, held, puts, waits, calls, content, mostAtOnce: () => most }
}

export const anUpload = (file: File, world: UploadWorld) => {
  const states: UploadState[] = []
  const upload = uploader({ file, lesson: 'les_00000001', onChange: (state) => states.push(state) }, world)
  return { upload, states }
}

/** Resolves once `isTrue`, which is looked at whenever something happens. */
export const until = async (isTrue: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 1000 && !isTrue(); turn += 1) await new Promise(setImmediate)
  assert.ok(isTrue(), 'waited in vain')
}
