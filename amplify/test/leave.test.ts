import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { SHELL_KEY } from '../../core/shell.ts'
import { REQUIRED } from '../../homes/aws/settings.ts'
import { endpoints, PREFIXES } from '../../homes/aws/wiring.ts'
import { inWords, resourcesOf, type Templates, templatesOf } from './school.fixture.ts'

type Statement = { Effect: string; Action: string | string[]; Resource: unknown; Condition?: unknown }
type Policy = { PolicyDocument: { Statement: Statement[] }; Roles: { Ref: string }[] }
type Made = { FunctionName: string; Runtime: string; Architectures: string[]; Environment: { Variables: Record<string, unknown> }; Role: unknown }

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])

/** What every function finds in its environment; without the media host it would sign for the school's own. */
const NAMES = [...REQUIRED, 'LECTERN_MEDIA_URL']

describe('a function of the school', () => {
  let templates: Templates = {}
  let functions: (Made & { stack: string })[] = []
  before(() => {
    templates = templatesOf({ stage: 'production', LECTERN_SCHOOL: 'The Chess School' })
    // Each names the properties of its resource that are looked at.
    functions = resourcesOf(templates, 'AWS::Lambda::Function').map(({ Properties, stack }) => ({ ...(Properties as Made), stack }))
  })
  const statements = (): Statement[] =>
    ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role'].flatMap((type) =>
      resourcesOf(templates, type).flatMap(({ Properties }) => {
        const { PolicyDocument, Policies = [] } = Properties as Partial<Policy> & { Policies?: Policy[] }
        return [...(PolicyDocument ? [PolicyDocument] : []), ...Policies.map((policy) => policy.PolicyDocument)].flatMap(({ Statement }) => Statement)
      }),
    )
  /** What the function of one entry may do, as `action of resource`. */
  const leave = (entry: string): string[] => {
    const made = functions.find(({ FunctionName }) => FunctionName === `lectern-production-${entry}`)
    const role = inWords(made?.Role).replace(/^<|\.Arn>$/g, '')
    // A policy names its role by reference.
    const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
      resourcesOf(templates, type).map(({ Properties }) => Properties as Policy),
    )
    const own = policies.filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role)).flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    return own.flatMap(({ Action, Resource }) => listOf(Action).flatMap((action) => listOf(Resource).map((resource) => `${action} of ${inWords(resource)}`)))
  }
  const actions = (entry: string): Set<string> => new Set(leave(entry).map((each) => each.split(' of ')[0] ?? ''))

  it('runs on Node 24, on ARM', () => {
    assert.deepEqual(
      functions.map(({ FunctionName }) => FunctionName).toSorted(),
      ['api', 'events', 'hooks', 'schedule'].map((entry) => `lectern-production-${entry}`),
    )
    for (const { Runtime, Architectures } of functions) assert.deepEqual([Runtime, Architectures], ['nodejs24.x', ['arm64']])
  })

  it('finds each name it reads in its environment', () => {
    assert.ok(NAMES.includes('TABLE_NAME') && NAMES.length >= 16)
    for (const { FunctionName, Environment } of functions) {
      assert.deepEqual(
        NAMES.filter((name) => !(name in Environment.Variables)),
        [],
        FunctionName,
      )
      assert.equal(Environment.Variables['LECTERN_SCHOOL'], 'The Chess School')
      assert.match(inWords(Environment.Variables['QUEUES_URL']), /\/lectern-production-$/)
    }
  })

  it('has no secret in its environment', () => {
    for (const { Environment } of functions) assert.doesNotMatch(JSON.stringify(Environment), /resolve:|sk_live|sk_test|whsec|PRIVATE/)
  })

  it('may do nothing to everything: no statement has a star on both sides, and no action one at all', () => {
    assert.ok(statements().length > 30)
    for (const { Effect, Action, Resource } of statements()) {
      if (Effect !== 'Allow') continue
      for (const action of listOf(Action)) assert.doesNotMatch(String(action), /\*/)
      if (listOf(Resource).includes('*')) {
        const known = ['ecr:GetAuthorizationToken', 'mediaconvert:Probe']
        for (const action of listOf(Action)) assert.ok(known.includes(String(action)), `${action} of everything`)
      }
    }
  })

  it('for webhooks may write them down and read its own secret, and nothing else', () => {
    assert.deepEqual(
      [...actions('hooks')].toSorted(),
      [
        ...['dynamodb:ConditionCheckItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        ...['logs:CreateLogStream', 'logs:PutLogEvents', 'secretsmanager:GetSecretValue'],
      ].toSorted(),
    )
    assert.ok(!leave('hooks').some((each) => each.includes('signing')), 'the keys of videos are not its')
  })

  it('for the API signs what opens videos, and makes none; that for events makes them, and signs nothing', () => {
    assert.ok(![...actions('api')].some((action) => action.startsWith('mediaconvert:') || action === 'iam:PassRole'))
    const secrets = (entry: string): number => leave(entry).filter((each) => each.startsWith('secretsmanager:')).length
    assert.deepEqual(
      [secrets('api'), secrets('events'), secrets('schedule'), secrets('hooks')],
      [4, 2, 2, 2],
      'GitHub’s key is read wherever the repository is, and not where its webhooks come in',
    )
    for (const entry of ['events', 'schedule']) assert.ok(actions(entry).has('mediaconvert:CreateJob'))
  })

  it('tells again what was given up only where somebody asks for that: the API, and a timer of payments', () => {
    for (const entry of ['api', 'schedule']) {
      const sent = leave(entry).filter((each) => each.startsWith('sqs:SendMessage of') && !each.includes('dead'))
      assert.ok(
        sent.some((each) => each.endsWith(':lectern-production-payments')),
        entry,
      )
    }
    assert.ok(!actions('events').has('sqs:SendMessage'))
  })

  it('reads an index by its name, never every one', () => {
    for (const entry of ['api', 'events', 'schedule']) {
      const indexes = leave(entry).filter((each) => each.includes('/index/'))
      assert.equal(indexes.length, 1)
      assert.match(indexes[0] ?? '', /^dynamodb:Query of .*\/index\/index$/)
    }
  })

  it('reads and writes objects below every prefix the school keeps any, and never the app itself', () => {
    const below = (prefixes: readonly string[], bucket: RegExp): RegExp => new RegExp(`${bucket.source}.*/(${prefixes.join('|')})/\\*$`)
    const [stored, uploaded] = [below([...PREFIXES.written], /store/), below(PREFIXES.uploaded, /ground/)]
    const doing = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts']
    for (const entry of ['api', 'events', 'schedule']) {
      for (const action of doing) {
        const where = leave(entry).filter((each) => each.startsWith(`${action} `))
        const papers = where.filter((each) => /drafts.*\/runs\/\*$/.test(each)).length
        assert.equal(papers, ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].includes(action) ? PREFIXES.papers.length : 0, `${entry}: ${action}`)
        const more = papers + (action === 's3:GetObject' ? PREFIXES.read.length : 0)
        assert.equal(where.filter((each) => stored.test(each)).length, PREFIXES.written.length, `${entry}: ${action}`)
        assert.equal(where.filter((each) => uploaded.test(each)).length, PREFIXES.uploaded.length, `${entry}: ${action}`)
        assert.equal(where.length, PREFIXES.written.length + PREFIXES.uploaded.length + more, `${entry}: ${action}`)
      }
      assert.ok(leave(entry).some((each) => each.startsWith('s3:GetObject ') && each.endsWith(`/${SHELL_KEY.split('/')[0]}/*`)))
      const listed = leave(entry).filter((each) => each.startsWith('s3:ListBucket '))
      assert.equal(listed.length, 3, 'an object that is absent is told from one that is closed in every bucket')
    }
  })

  it('keeps objects below no prefix that nobody gave it leave for', () => {
    const root = join(import.meta.dirname, '..', '..')
    const texts = ['core', 'homes/aws'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts') && !/\.(test|fixture|laws)\.ts$/.test(path))
        .map((path) => readFileSync(join(root, folder, path), 'utf8')),
    )
    const code = texts.map((text) => text.replace(/\/\*[\s\S]*?\*\/|^ *\/\/.*$|^(import|export) .* from .*$|^\} from .*$/gm, '')).join('\n')
    const heads = new Set([...code.matchAll(/['"`]([a-z][a-z-]*)\//g)].map(([, head]) => head))
    // The app's own files, which whoever deploys puts there; types of content, folders within the prefix of one video, names of pages in the
    // catalogue, and branches.
    const others = [
      'lectern',
      'site',
      'application',
      'audio',
      'font',
      'image',
      'text',
      'video',
      'captions',
      'family',
      'ladder',
      'learn',
      'legal',
      'poster',
      'preview',
    ]
    assert.deepEqual([...heads].filter((head) => head !== undefined && !others.includes(head)).toSorted(), Object.values(PREFIXES).flat().toSorted())
  })

  it('is reached by people with a token alone, where the contract wants one', () => {
    type Route = { RouteKey: string; AuthorizationType: string }
    const routes = resourcesOf(templates, 'AWS::ApiGatewayV2::Route').map(({ Properties, stack }) => ({ ...(Properties as Route), stack }))
    const ofApi = routes.filter(({ stack }) => stack === 'api')
    assert.ok(ofApi.length < 300, 'what an API takes')
    for (const { method, path, isJudgedInside } of endpoints) {
      const route = ofApi.find(({ RouteKey }) => RouteKey === `${method} ${path}`)
      assert.equal(route?.AuthorizationType, isJudgedInside ? undefined : 'JWT', `${method} ${path}`)
    }
    assert.deepEqual(
      routes.filter(({ AuthorizationType }) => AuthorizationType === 'NONE').map(({ RouteKey }) => RouteKey),
      ['$default', 'POST /hooks/stripe', 'POST /hooks/github'],
    )
  })

  it('stands behind limits, and its requests are written down', () => {
    for (const { Properties } of resourcesOf(templates, 'AWS::ApiGatewayV2::Stage')) {
      const { AccessLogSettings, DefaultRouteSettings } = Properties as { AccessLogSettings: { Format: string }; DefaultRouteSettings: Record<string, number> }
      assert.ok((DefaultRouteSettings['ThrottlingRateLimit'] ?? 0) > 0 && (DefaultRouteSettings['ThrottlingBurstLimit'] ?? 0) > 0)
      assert.doesNotMatch(AccessLogSettings.Format, /Authorization|querystring|sourceIp|\$context\.path/i)
    }
  })

  it('keeps a log that ends', () => {
    for (const { Properties, id } of resourcesOf(templates, 'AWS::Logs::LogGroup')) assert.equal(Properties?.['RetentionInDays'], 30, id)
  })
})
