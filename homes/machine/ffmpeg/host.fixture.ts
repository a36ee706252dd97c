import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TranscodeJob } from '#ports/transcoder.ts'
import { objects } from '../objects.ts'
import { transcoder } from '../transcoder.ts'

/** A server with nothing but a transcoder in it, for tests that kill it. Arguments: data folder, source file, job as JSON, encoders. */
const [folder = '', source = '', asked = '', encoders = '1'] = process.argv.slice(2)
const clock = { now: () => new Date() }
const store = await objects({ folder: join(folder, 'objects'), url: 'http://machine.test', clock })
// The job is the test's own, through its command line.
const job = JSON.parse(asked) as TranscodeJob
if (!(await store.head(job.source))) await store.put(job.source, await readFile(source), { type: 'video/mp4' })
const engine = await transcoder({
  folder: join(folder, 'transcoder'),
  objects: store,
  clock,
  encoders: Number(encoders),
  tell: async (news) => void process.send?.({ message: news.kind }),
  log: { info: (message, fields) => void process.send?.({ message, ...fields }), warn: () => {}, error: () => {} },
})
engine.begin()
await engine.start(job)
