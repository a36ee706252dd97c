import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CreateJobRequest, CreateJobRequest$, type Job, ProbeRequest$ } from '@aws-sdk/client-mediaconvert'
import { ACCOUNT, type Answer, type Ask, type Call, REGION, type Service } from './endpoint.ts'
import { EncodeFault, encode } from './mediaconvert/encode.ts'
import { complete, failed, type JobOf, type StateChange, stateChange, statusUpdate } from './mediaconvert/events.ts'
import { ModelFault, read, written } from './mediaconvert/model.ts'
import { addPlaylists } from './mediaconvert/playlists.ts'
import { probeBytes } from './mediaconvert/probing.ts'
import { refusalOf } from './mediaconvert/refusals.ts'

export type MediaConvertOptions = {
  now(): Date
  /** ARNs of the queues there are. */
  queues: readonly string[]
  /** The bytes at `s3://bucket/key`, read as the job's role; undefined where there is nothing. */
  read(url: string, role: string): Promise<Uint8Array | undefined>
  /** Writes `s3://bucket/key`, as the job's role. */
  write(url: string, object: { bytes: Uint8Array; type: string; role: string }): Promise<void>
  /** Events as EventBridge has them on its default bus. */
  emit(event: StateChange): Promise<void>
}

export type MediaConvert = Service & {
  /** Resolves when no job is waiting or being made; throws what went wrong in the making of this service itself. */
  idle(): Promise<void>
  jobs: readonly Job[]
}

const PREFIX = '/2017-08-29/'
/** How long a token is remembered: https://docs.aws.amazon.com/mediaconvert/latest/apireference/idempotency.html. */
const TOKEN_MS = 60_000
const TYPES: Record<string, string> = { m3u8: 'application/x-mpegURL', cmfv: 'video/mp4', cmfa: 'audio/mp4', jpg: 'image/jpeg' }

const json = (status: number, value: unknown): Answer => ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(written(value)) })

const refuse = (status: number, code: string, message: string): Answer => ({
  ...{ status, headers: { 'content-type': 'application/json', 'x-amzn-errortype': code } },
  body: JSON.stringify({ message }),
})

const folderOf = (destination: string): string => destination.slice(0, destination.lastIndexOf('/') + 1)

/** Where each file goes: to the group whose destination its name begins with. */
const destinationsOf = ({ Settings }: Job): string[] =>
  (Settings?.OutputGroups ?? []).flatMap(({ OutputGroupSettings: of }) => of?.CmafGroupSettings?.Destination ?? of?.FileGroupSettings?.Destination ?? [])

const make = async (job: Job, { read: fetch, write }: MediaConvertOptions): Promise<{ seconds: number; lastFile(destination: string): string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-mediaconvert-'))
  try {
    const settings = job.Settings ?? {}
    const bytes = await fetch(settings.Inputs?.[0]?.FileInput ?? '', job.Role ?? '')
    if (!bytes) throw new EncodeFault('internal', 'The input file is not there')
    const { facts, files } = await encode(folder, bytes, settings)
    for (const group of settings.OutputGroups ?? []) addPlaylists(files, group)
    const urls = [...files.keys()].map((name) => {
      const destination = destinationsOf(job).find((each) => name.startsWith(each.slice(each.lastIndexOf('/') + 1))) ?? ''
      return [name, folderOf(destination) + name] as const
    })
    for (const [name, url] of urls) {
      await write(url, { bytes: files.get(name) ?? Buffer.alloc(0), type: TYPES[name.split('.').at(-1) ?? ''] ?? 'binary/octet-stream', role: job.Role ?? '' })
    }
    const lastFile = (destination: string): string =>
      urls
        .map(([, url]) => url)
        .filter((url) => url.startsWith(`${destination}.`))
        .sort()
        .at(-1) ?? ''
    return { seconds: facts.durationSeconds, lastFile }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const perform = async (job: Job, options: MediaConvertOptions): Promise<void> => {
  const of: JobOf = { id: job.Id ?? '', queue: job.Queue ?? '', userMetadata: job.UserMetadata ?? {} }
  const isCancelled = (): boolean => job.Status === 'CANCELED'
  const tell = async (detail: { status: string }): Promise<void> => {
    if (!isCancelled()) await options.emit(stateChange(of, options.now(), detail))
  }
  if (isCancelled()) return
  job.Status = 'PROGRESSING'
  await tell({ status: 'PROGRESSING' })
  try {
    await tell(statusUpdate(7, 'TRANSCODING'))
    const { seconds, lastFile } = await make(job, options)
    await tell(statusUpdate(95, 'UPLOADING'))
    if (isCancelled()) return
    job.Status = 'COMPLETE'
    await options.emit(stateChange(of, options.now(), complete(job.Settings ?? {}, seconds, lastFile)))
  } catch (error) {
    if (!(error instanceof EncodeFault)) throw error
    if (isCancelled()) return
    job.Status = 'ERROR'
    await options.emit(stateChange(of, options.now(), failed(error)))
  }
}

/** What MediaConvert does with a request, job by job; FFmpeg makes what it would. */
const desk = (options: MediaConvertOptions) => {
  const jobs: (Job & { Id: string })[] = []
  let work: Promise<void> = Promise.resolve()
  const faults: unknown[] = []

  const create = (request: CreateJobRequest): Answer => {
    const refusal = refusalOf(request, options.queues)
    if (refusal !== undefined) return refuse(400, 'BadRequestException', refusal)
    const now = options.now()
    const same = jobs.find(({ ClientRequestToken: token, CreatedAt }) => token === request.ClientRequestToken && now.getTime() - Number(CreatedAt) < TOKEN_MS)
    if (same) return json(201, { Job: same })
    const id = `${now.getTime()}-${String(jobs.length).padStart(6, '0')}`
    const made: Job & { Id: string } = { ...request, Id: id, Arn: `arn:aws:mediaconvert:${REGION}:${ACCOUNT}:jobs/${id}`, Status: 'SUBMITTED', CreatedAt: now }
    jobs.push(made)
    work = work.then(() => perform(made, options)).catch((error: unknown) => void faults.push(error))
    return json(201, { Job: made })
  }
  const cancel = async (id: string): Promise<Answer> => {
    const job = jobs.find((each) => each.Id === id)
    if (!job) return refuse(404, 'NotFoundException', `There is no job ${id}.`)
    if (job.Status !== 'SUBMITTED' && job.Status !== 'PROGRESSING') return refuse(409, 'ConflictException', `The job is ${job.Status}.`)
    job.Status = 'CANCELED'
    await options.emit(stateChange({ id, queue: job.Queue ?? '', userMetadata: job.UserMetadata ?? {} }, options.now(), { status: 'CANCELED' }))
    return json(202, {})
  }
  const search = (query: URLSearchParams): Answer => {
    const [input, queue] = [query.get('inputFile'), query.get('queue')]
    const found = jobs.filter(({ Settings, Queue }) => (!queue || Queue === queue) && (!input || Settings?.Inputs?.[0]?.FileInput?.includes(input)))
    return json(200, { Jobs: found.toReversed().slice(0, 20) })
  }
  const idle = async (): Promise<void> => {
    // What one job's end sets off may have been another.
    for (let seen: Promise<void> | undefined; seen !== work; ) {
      seen = work
      await seen
    }
    if (faults.length > 0) throw new AggregateError(faults, 'Jobs broke in the making.')
  }
  return { jobs, create, cancel, search, idle, find: (id: string) => jobs.find((each) => each.Id === id) }
}

const ACTIONS: Record<string, string> = {
  'POST jobs': 'CreateJob',
  'GET jobs': 'GetJob',
  'DELETE jobs': 'CancelJob',
  'POST probe': 'Probe',
  'GET search': 'SearchJobs',
}

const routeOf = ({ method, url }: Call): { route: string; id: string } => {
  const [what = '', id = ''] = url.pathname.slice(PREFIX.length).split('/')
  return { route: `${method} ${what}`, id: decodeURIComponent(id) }
}

const parsed = <T>(schema: unknown, { body }: Call): T => {
  // The model has just been checked member by member.
  return read(schema, JSON.parse(body.toString() || '{}')) as T
}

/** CreateJob needs leave to hand the role on, too. */
const asksOf = (call: Call): Ask[] => {
  const { route, id } = routeOf(call)
  const action = `mediaconvert:${ACTIONS[route] ?? 'Unknown'}`
  if (route !== 'POST jobs') return [{ action, resource: id ? `arn:aws:mediaconvert:${REGION}:${ACCOUNT}:jobs/${id}` : '*' }]
  const request = parsed<CreateJobRequest>({}, call) as { queue?: string; role?: string }
  return [
    { action, resource: request.queue ?? '*' },
    { action: 'iam:PassRole', resource: request.role ?? '*' },
  ]
}

/** AWS Elemental MediaConvert as the school speaks to it. Jobs are made one after another. */
export const mediaconvert = (options: MediaConvertOptions): MediaConvert => {
  const { jobs, create, cancel, search, idle, find } = desk(options)
  const probed = async (call: Call): Promise<Answer> => {
    const { InputFiles = [] } = parsed<{ InputFiles?: { FileUrl?: string }[] }>(ProbeRequest$, call)
    // Probing is done with the caller's own leave, and has no role.
    const bytes = await options.read(InputFiles[0]?.FileUrl ?? '', call.principal ?? '')
    if (!bytes) return refuse(400, 'BadRequestException', 'Access denied: the input file was not found or may not be read.')
    return json(200, { ProbeResults: [await probeBytes(bytes)] })
  }
  const answer = async (call: Call): Promise<Answer> => {
    const { route, id } = routeOf(call)
    if (route === 'POST jobs') return create(parsed<CreateJobRequest>(CreateJobRequest$, call))
    if (route === 'DELETE jobs') return cancel(id)
    if (route === 'POST probe') return probed(call)
    if (route === 'GET search') return search(call.url.searchParams)
    const job = route === 'GET jobs' ? find(id) : undefined
    return job ? json(200, { Job: job }) : refuse(404, 'NotFoundException', `There is no ${route} ${id}.`)
  }
  return {
    ...{ name: 'mediaconvert', jobs, idle, refuse, asks: asksOf },
    answer: async (call) => {
      try {
        return await answer(call)
      } catch (error) {
        if (error instanceof ModelFault) return refuse(400, 'BadRequestException', error.message)
        throw error
      }
    },
    close: async () => {
      await idle().catch(() => undefined)
    },
  }
}
