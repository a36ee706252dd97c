import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recipe } from '#ports/transcoder.ts'
import { objects } from '../objects.ts'
import { transcoder } from '../transcoder.ts'

/** A server with nothing but a transcoder in it, for tests that kill it. Arguments: data folder, source file, recipe as JSON. */
const [folder = '', source = '', recipe = ''] = process.argv.slice(2)
const clock = { now: () => new Date() }
const store = await objects({ folder: join(folder, 'objects'), url: 'http://machine.test', clock })
await store.put('uploads/source', await readFile(source), { type: 'video/mp4' })
const engine = await transcoder({
  folder: join(folder, 'transcoder'),
  objects: store,
  clock,
  encoders: 1,
  tell: async () => {},
  log: { info: (message, fields) => void process.send?.({ message, ...fields }), warn: () => {}, error: () => {} },
})
// The recipe is the test's own, through its command line.
await engine.start({ job: 'job_killed', video: 'vid_killed', source: 'uploads/source', output: 'media/vid_killed/', recipe: JSON.parse(recipe) as Recipe })
