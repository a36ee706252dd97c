import { Readable } from 'node:stream'
import { objects } from './objects.ts'
import { aClock } from './scratch.fixture.ts'

export const PART_BYTES = 512 * 1024
export const PARTS = 40
export const KEY = 'sources/vid_a/source'

/** A part's bytes, which differ from those of every other. */
export const partOf = (number: number): Buffer => Buffer.alloc(PART_BYTES, `part ${number}, `)

export const openStore = (folder: string) => objects({ folder, url: 'http://localhost:4600', clock: aClock(), minPartBytes: 1 })

/** Sends one part, as a browser does; answers the status. */
export const sendPart = async (store: Awaited<ReturnType<typeof openStore>>, upload: string, number: number, bytes = partOf(number)): Promise<number> => {
  const url = await store.signPart({ key: KEY, upload, number, size: bytes.length }, 3600)
  return (await store.receivePart(new URL(url), Readable.from([bytes]))).status
}

// As a program of its own it sends parts, four at a time, until it is killed: each one acknowledged is told.
const [, , folder, upload] = process.argv
if (process.send && folder !== undefined && upload !== undefined) {
  const store = await openStore(folder)
  const arrived = new Set((await store.listParts(KEY, upload)).map(({ number }) => number))
  const missing = Array.from({ length: PARTS }, (_, index) => index + 1).filter((number) => !arrived.has(number))
  const lane = async (): Promise<void> => {
    for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
      await sendPart(store, upload, number)
      process.send?.(number)
    }
  }
  await Promise.all([lane(), lane(), lane(), lane()])
  process.disconnect?.()
}
