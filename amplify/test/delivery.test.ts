import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Behaviour, behaviourIn, behavioursOf } from '../../core/delivery/behaviours.ts'
import { UPLOAD_KEPT_DAYS } from '../../ports/objects.ts'
import { DOMAIN, inWords, resourcesOf, type Templates, templatesOf } from './school.fixture.ts'

const URL_OF_SCHOOL = 'https://school.example'
const MEDIA_URL = 'https://media.school.example'
const TABLE = behavioursOf({ url: URL_OF_SCHOOL, mediaUrl: MEDIA_URL, connects: ['<connects>'] })

type Row = {
  PathPattern?: string
  TargetOriginId: string
  AllowedMethods: string[]
  CachePolicyId: unknown
  ResponseHeadersPolicyId: { Ref: string }
  OriginRequestPolicyId?: string
  TrustedKeyGroups?: unknown[]
  FunctionAssociations?: unknown[]
  ViewerProtocolPolicy: string
}
type Distribution = {
  CacheBehaviors: Row[]
  DefaultCacheBehavior: Row
  Aliases: string[]
  CustomErrorResponses?: { ErrorCode: number; ErrorCachingMinTTL: number }[]
  Origins: { Id: string; OriginAccessControlId?: unknown; DomainName: unknown }[]
  ViewerCertificate: { MinimumProtocolVersion: string }
}
type Header = { Header: string; Value: unknown; Override: boolean }
type Told = {
  CorsConfig?: { AccessControlAllowOrigins: { Items: string[] }; AccessControlAllowCredentials: boolean; AccessControlAllowMethods: { Items: string[] } }
  CustomHeadersConfig?: { Items: Header[] }
  SecurityHeadersConfig: Record<string, Record<string, unknown>>
}

/** What a viewer is told by a policy, under the names of HTTP; `undefined` for what an origin may say otherwise. */
const headersOf = ({ CustomHeadersConfig, SecurityHeadersConfig }: Told): Record<string, string> => {
  const { ContentSecurityPolicy: csp, ContentTypeOptions, FrameOptions, ReferrerPolicy, StrictTransportSecurity: transport } = SecurityHeadersConfig
  return {
    ...Object.fromEntries((CustomHeadersConfig?.Items ?? []).map(({ Header, Value }) => [Header, inWords(Value)])),
    ...(csp && { 'content-security-policy': inWords(csp['ContentSecurityPolicy']) }),
    ...(ContentTypeOptions && { 'x-content-type-options': 'nosniff' }),
    ...(FrameOptions && { 'x-frame-options': String(FrameOptions['FrameOption']) }),
    ...(ReferrerPolicy && { 'referrer-policy': String(ReferrerPolicy['ReferrerPolicy']) }),
    ...(transport && { 'strict-transport-security': `max-age=${transport['AccessControlMaxAgeSec']}` }),
  }
}

/** Where the pages may connect is known only when buckets and pools have names: one word stands for it on both sides. */
const withoutConnects = (policy: string | undefined): string | undefined =>
  policy?.replace(/(connect-src 'self' https:\/\/media\.school\.example) [^;]+/, '$1 <connects>')

type Statement = { Effect: string; Principal: unknown; Action: unknown; Resource: unknown; Condition?: { StringEquals?: Record<string, unknown> } }

/** What the store's one policy says. */
const statementsOf = (templates: Templates): Statement[] => {
  const [policy] = resourcesOf(templates, 'AWS::S3::BucketPolicy').filter(({ stack }) => stack === 'delivery')
  // A policy as IAM words it.
  const { Statement } = (policy?.Properties?.['PolicyDocument'] ?? { Statement: [] }) as { Statement: Statement[] }
  return Statement
}

describe('the distribution', () => {
  let templates: Templates = {}
  let distribution: Distribution | undefined
  let rows: Row[] = []
  before(() => {
    templates = templatesOf({ stage: 'production', ...DOMAIN })
    // One distribution, as the property `DistributionConfig` of its resource; what is missing in it fails below.
    distribution = resourcesOf(templates, 'AWS::CloudFront::Distribution')[0]?.Properties?.['DistributionConfig'] as Distribution
    rows = [...distribution.CacheBehaviors, distribution.DefaultCacheBehavior]
  })
  const told = ({ ResponseHeadersPolicyId: { Ref } }: Row): Told =>
    // The resource a row refers to, by its logical id.
    resourcesOf(templates, 'AWS::CloudFront::ResponseHeadersPolicy').find(({ id }) => id === Ref)?.Properties?.['ResponseHeadersPolicyConfig'] as Told

  it('has the rows of the shared table, in its order', () => {
    assert.deepEqual(
      rows.map(({ PathPattern }) => PathPattern ?? '*'),
      TABLE.map(({ pattern }) => pattern),
    )
    assert.equal(resourcesOf(templates, 'AWS::CloudFront::Distribution').length, 1)
  })

  for (const [index, behaviour] of TABLE.entries()) {
    it(`serves ${behaviour.pattern} as the table says`, () => {
      const row = rows[index]
      assert.ok(row)
      const origin: Record<Behaviour['origin'], string> = {
        ...{ media: 'store', files: 'store', site: 'store', catalogue: ['page', 'place', 'home'].includes(behaviour.lookup) ? 'pages' : 'store' },
        app: behaviour.pattern === '/hooks/*' ? 'hooks' : 'api',
      }
      assert.equal(row.TargetOriginId, origin[behaviour.origin])
      assert.equal((row.TrustedKeyGroups?.length ?? 0) > 0, behaviour.isSigned)
      assert.equal((row.FunctionAssociations?.length ?? 0) > 0, !behaviour.isSigned)
      assert.equal(row.AllowedMethods.includes('POST'), behaviour.methods === 'all')
      assert.equal(row.ViewerProtocolPolicy, 'redirect-to-https')
      assert.equal(row.OriginRequestPolicyId !== undefined, behaviour.origin === 'app')
      const { 'cache-control': cacheControl, ...headers } = headersOf(told(row))
      assert.equal(cacheControl, behaviour.cacheControl?.value)
      const csp = withoutConnects(headers['content-security-policy'])
      assert.deepEqual({ ...headers, ...(csp !== undefined && { 'content-security-policy': csp }) }, behaviour.headers)
    })

    it(`lets ${behaviour.readableFrom ?? 'nobody else'} read ${behaviour.pattern}`, () => {
      const row = rows[index]
      assert.ok(row)
      const { CorsConfig: cors } = told(row)
      assert.deepEqual(cors?.AccessControlAllowOrigins.Items, behaviour.readableFrom === undefined ? undefined : [behaviour.readableFrom])
      if (cors) assert.deepEqual([cors.AccessControlAllowCredentials, cors.AccessControlAllowMethods.Items], [true, ['GET', 'HEAD']])
    })

    it(`lets the store say what may differ for ${behaviour.pattern}, and no more`, () => {
      const row = rows[index]
      assert.ok(row)
      const { CustomHeadersConfig, SecurityHeadersConfig } = told(row)
      const yields = (CustomHeadersConfig?.Items ?? []).filter(({ Override }) => !Override).map(({ Header }) => Header)
      const isOwn = behaviour.origin === 'app'
      assert.equal(SecurityHeadersConfig['ContentSecurityPolicy']?.['Override'] ?? !isOwn, !isOwn, 'the program has policies of its own')
      const wanted = [
        ...(isOwn ? ['cross-origin-resource-policy', 'cross-origin-opener-policy', 'permissions-policy'] : []),
        ...('content-disposition' in behaviour.headers ? ['content-disposition'] : []),
        ...(behaviour.cacheControl?.precedence === 'stored' ? ['cache-control'] : []),
      ]
      assert.deepEqual(yields, wanted)
    })
  }

  it('answers for both hosts, and for no old TLS', () => {
    assert.deepEqual(distribution?.Aliases, ['school.example', 'media.school.example'])
    assert.equal(distribution?.ViewerCertificate.MinimumProtocolVersion, 'TLSv1.2_2021')
  })

  it('verifies with two keys, so that one can be turned over', () => {
    const [group] = resourcesOf(templates, 'AWS::CloudFront::KeyGroup')
    const { Items } = (group?.Properties?.['KeyGroupConfig'] ?? { Items: [] }) as { Items: unknown[] }
    assert.equal(Items.length, 2)
    assert.equal(new Set(Items.map(inWords)).size, 2)
  })

  it('lets a teacher’s page send films and the files beside a lesson, each to the bucket that takes them', () => {
    const policy = headersOf(told(rows.at(-1) ?? assert.fail('no rows')))['content-security-policy'] ?? ''
    const store = inWords(distribution?.Origins.find(({ Id }) => Id === 'store')?.DomainName)
    const connects = /connect-src ([^;]+)/.exec(policy)?.[1]?.split(' ') ?? []
    assert.ok(connects.includes(`https://${store}`), policy)
    assert.ok(
      connects.some((each) => /^https:\/\/.*[uU]ploads.*RegionalDomainName/.test(each)),
      policy,
    )
    templates['store']?.hasResourceProperties('AWS::S3::Bucket', {
      CorsConfiguration: {
        CorsRules: [
          {
            AllowedOrigins: [URL_OF_SCHOOL],
            AllowedMethods: ['PUT'],
            AllowedHeaders: ['content-type', 'x-amz-checksum-sha256'],
            ExposedHeaders: ['ETag'],
            MaxAge: 3600,
          },
        ],
      },
    })
  })

  it('keeps an upload that somebody goes on with for weeks, and no upload for ever', () => {
    const store = resourcesOf(templates, 'AWS::S3::Bucket').find(({ stack, id }) => stack === 'store' && id.startsWith('store'))
    const [days] = /(?<="DaysAfterInitiation":)\d+/.exec(JSON.stringify(store?.Properties?.['LifecycleConfiguration'])) ?? []
    assert.ok(Number(days) >= 4 * UPLOAD_KEPT_DAYS, `${days} days from its beginning`)
  })

  it('reads a store that answers nobody else', () => {
    const [, ...others] = resourcesOf(templates, 'AWS::S3::BucketPolicy').filter(({ stack }) => stack === 'delivery')
    assert.deepEqual(others, [])
    for (const { Properties, id } of resourcesOf(templates, 'AWS::S3::Bucket')) {
      assert.deepEqual(
        Properties?.['PublicAccessBlockConfiguration'],
        { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        id,
      )
    }
    templates['delivery']?.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'cloudfront.amazonaws.com' }, Action: 's3:GetObject' },
          { Effect: 'Allow', Principal: { Service: 'cloudfront.amazonaws.com' }, Action: 's3:ListBucket' },
          { Effect: 'Deny', Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        ],
      },
    })
    for (const { Effect, Condition } of statementsOf(templates)) {
      if (Effect === 'Allow') assert.match(inWords(Condition?.StringEquals?.['aws:SourceArn']), /:distribution\/<distribution/)
    }
    const store = distribution?.Origins.find(({ Id }) => Id === 'store')
    assert.ok(store?.OriginAccessControlId)
  })

  it('says of what is missing that it is missing, and not that it is closed', () => {
    const looking = statementsOf(templates).find(({ Action }) => Action === 's3:ListBucket')
    assert.deepEqual([looking?.Effect, looking?.Principal], ['Allow', { Service: 'cloudfront.amazonaws.com' }])
    assert.match(inWords(looking?.Resource), /store[^/]*$/)
  })

  it('keeps no fault, and no refusal, for whoever asks next', () => {
    assert.deepEqual(
      distribution?.CustomErrorResponses,
      [400, 403, 405, 500, 502, 503, 504].map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
    )
  })

  it('takes every row’s path to the row the table takes it to', () => {
    for (const path of ['/media/vid_a/master.m3u8', '/courses/chess', '/api/health', '/hooks/stripe', '/', '/assets/app.js']) {
      const index = TABLE.indexOf(behaviourIn(TABLE, path))
      assert.equal(rows[index]?.PathPattern ?? '*', behaviourIn(TABLE, path).pattern)
    }
  })
})
