import { ACCOUNT, type Answer, type Ask, type Call, REGION, type Service } from './endpoint.ts'
import { corsHeaders, preflight } from './s3-cors.ts'
import { multipartHandlers } from './s3-multipart.ts'
import { type Desk, objectHandlers, type Reason } from './s3-objects.ts'
import { arn, asError, asksOf, placeOf, requestOf, S3Fault } from './s3-request.ts'
import { type Bucket, type CorsRule, type Held, openShelf } from './s3-shelf.ts'

/** As EventBridge has it from a bucket that tells of its objects. A key stands in it as it is, not encoded. */
export type ObjectCreated = {
  version: '0'
  id: string
  'detail-type': 'Object Created'
  source: 'aws.s3'
  account: string
  time: string
  region: string
  resources: string[]
  detail: {
    version: '0'
    bucket: { name: string }
    object: { key: string; size: number; etag: string; sequencer: string }
    'request-id': string
    requester: string
    'source-ip-address': string
    reason: Reason
  }
}

type Options = {
  buckets: Record<string, { cors?: CorsRule[] }>
  now(): Date
  /** Told of every object that was made; what it throws is the caller's own fault. */
  emit?(event: ObjectCreated): void
  /** As the endpoint has it: who may not list a bucket is not told what is missing in it. */
  allows?(principal: string, ask: Ask): boolean
}

type Created = { bucket: Bucket; held: Held; reason: Reason; sequence: number; at: Date }

const created = ({ bucket: { name }, held: { key, size, etag }, reason, sequence, at }: Created): ObjectCreated => ({
  version: '0',
  id: `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`,
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: ACCOUNT,
  time: at.toISOString().replace(/\.\d+Z/, 'Z'),
  region: REGION,
  resources: [arn(name)],
  detail: {
    version: '0',
    bucket: { name },
    object: { key, size, etag, sequencer: sequence.toString(16).toUpperCase().padStart(18, '0') },
    'request-id': 'local',
    requester: ACCOUNT,
    'source-ip-address': '127.0.0.1',
    reason,
  },
})

const HANDLERS = { ...objectHandlers, ...multipartHandlers }

/** Who may list a bucket is told that a key is absent; whoever may not gets the answer of a locked door. */
const absence = (mayList: boolean): S3Fault =>
  mayList ? new S3Fault(404, 'NoSuchKey', 'The specified key does not exist.') : new S3Fault(403, 'AccessDenied', 'Access Denied')

/** S3 as programs and browsers speak to it, path style, with its bodies on this machine's disk. */
export const openS3 = ({ buckets, now, emit, allows = () => true }: Options): Service => {
  const shelf = openShelf(buckets)
  const deskFor = (principal: string): Desk => ({
    shelf,
    now,
    tell: (bucket, held, reason) => emit?.(created({ bucket, held, reason, sequence: shelf.next(), at: now() })),
    absent: (bucket) => absence(allows(principal, { action: 's3:ListBucket', resource: arn(bucket) })),
  })
  const isBucket = (target: string): boolean => placeOf(new URL(target, 'http://endpoint').pathname).bucket in buckets

  const handled = (call: Call): Answer => {
    try {
      const request = requestOf(call)
      const handle = HANDLERS[request.operation]
      if (!handle) throw new S3Fault(501, 'NotImplemented', request.operation)
      return handle(deskFor(call.principal ?? ''), request)
    } catch (error) {
      if (!(error instanceof S3Fault)) throw error
      return call.method === 'HEAD' ? { status: error.status } : asError(error.status, error.code, error.message)
    }
  }

  return {
    name: 's3',
    refuse: asError,
    asks(call) {
      try {
        return asksOf(requestOf(call))
      } catch (error) {
        // What is not played here is answered so, not refused.
        if (error instanceof S3Fault) return []
        throw error
      }
    },
    takesUnsigned: ({ method, headers, target }) => method === 'OPTIONS' && headers['access-control-request-method'] !== undefined && isBucket(target),
    async answer(call) {
      const { cors } = buckets[placeOf(call.url.pathname).bucket] ?? {}
      if (call.method === 'OPTIONS') return preflight(cors ?? [], call.headers)
      const answer = handled(call)
      return { ...answer, headers: { ...answer.headers, ...corsHeaders(cors ?? [], call.headers, call.method) } }
    },
    close: async () => shelf.close(),
  }
}
