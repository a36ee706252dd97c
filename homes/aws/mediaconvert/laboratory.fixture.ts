import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MediaConvertClient } from '@aws-sdk/client-mediaconvert'
import { events } from '#homes/machine/events.ts'
import { silentLog } from '#homes/machine/log.ts'
import { objects as openObjects } from '#homes/machine/objects.ts'
import { openSchoolFile } from '#homes/machine/school-file.ts'
import { tables as openTables } from '#homes/machine/tables.ts'
import type { SourceFacts, TranscodeNews } from '#ports/transcoder.ts'
import { ACCOUNT, openEndpoint, REGION } from '#test/aws/endpoint.ts'
import type { StateChange } from '#test/aws/mediaconvert/events.ts'
import { mediaconvert } from '#test/aws/mediaconvert.ts'
import { transcoder } from '../transcoder.ts'

export const QUEUE = `arn:aws:mediaconvert:${REGION}:${ACCOUNT}:queues/lectern`
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/lectern-media`
const BUCKETS = { uploads: 'lectern-uploads', store: 'lectern-store' }

const keyOf = (url: string): string => {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? []
  assert.equal(bucket, bucketOf(key), `${url} lies where the school keeps it`)
  return key
}

export const bucketOf = (key: string): string => (/^(uploads|sources)\//.test(key) ? BUCKETS.uploads : BUCKETS.store)

/** The engine of AWS, with MediaConvert as a service of this machine, over the machine's own tables and objects. */
export const aLaboratory = async ({ now = () => new Date() }: { now?: () => Date } = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-laboratory-'))
  const clock = { now }
  const file = openSchoolFile(':memory:')
  const tables = openTables({ file, outbox: events({ file, clock, log: silentLog }) })
  const objects = await openObjects({ folder, url: 'http://aws.test', clock })
  const [news, told]: [TranscodeNews[], StateChange[]] = [[], []]
  const service = mediaconvert({
    ...{ now, queues: [QUEUE] },
    // What lies in somebody else's bucket may not be read.
    read: async (url) => (url.startsWith('s3://lectern-') ? (await objects.get(keyOf(url)))?.bytes : undefined),
    write: async (url, { bytes, type, role }) => {
      assert.equal(role, ROLE)
      await objects.put(keyOf(url), bytes, { type })
    },
    emit: async (event) => {
      told.push(event)
      const one = await engine.newsOf(event)
      if (one) news.push(one)
    },
  })
  const endpoint = await openEndpoint({ services: [service], now: () => new Date() })
  const client = new MediaConvertClient({ endpoint: endpoint.url, region: REGION, credentials: endpoint.credentials('events'), maxAttempts: 1 })
  const engine = transcoder({ client, tables, objects, bucketOf, role: ROLE, queue: QUEUE, log: silentLog, tell: async (one) => void news.push(one) })
  const factsOf = async (source: Uint8Array, name: string): Promise<SourceFacts> => {
    await objects.put(`uploads/${name}`, source, { type: 'video/mp4' })
    const probed = await engine.probe({ key: `uploads/${name}`, owner: 'prs_teacher' })
    assert.equal(probed.kind, 'usable', JSON.stringify(probed))
    return probed.facts
  }
  return {
    ...{ transcoder: engine, objects, tables, news, told, service, client, factsOf },
    settle: () => service.idle(),
    close: async () => {
      client.destroy()
      await endpoint.close()
      await file.close()
      await objects.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
