import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Side } from '../move/side.ts'
import type { MachineObjects } from './objects.ts'

/** Takes a stream as an object; `folder` is on the disk of the store. */
export const takingFile = ({ objects, folder }: { objects: MachineObjects; folder: string }): Side['take'] => {
  let count = 0
  return async (key, body, options) => {
    count += 1
    // Counted from one again, so that what a crash left is written over.
    const file = join(folder, `carried-${count}`)
    try {
      await pipeline(Readable.from(body), createWriteStream(file))
      await objects.adopt(key, file, options)
    } finally {
      await rm(file, { force: true })
    }
  }
}
