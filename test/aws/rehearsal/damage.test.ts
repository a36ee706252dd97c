import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { sign } from '#sandbox/stripe/deliveries.ts'
import { noDynamodb } from '../dynamodb.ts'
import { type Assembly, copyOf } from './assembly.ts'
import { changed, edgeProgram, forbidden, swappedKeys, unsaid, unsigned, without, withoutBehaviour } from './damages.ts'
import { drill } from './dead-letters.ts'
import { JOURNEYS } from './journeys.ts'
import { type Rehearsed, SCHOOL, synthesised } from './plan.ts'
import { aFilm, expect, needed, type Scene } from './scene.ts'
import { openStage, type Stage } from './stage.ts'
import { fire } from './timing.ts'
import { makeCourse, transcode, uploadFilm, watch } from './upload.ts'
import { beginSeries, merge, write } from './writing.ts'

type Part = (scene: Scene) => Promise<unknown>

/** News of another company, from its webhook to whoever hears of it. */
const news: Part = async ({ stage }) => {
  const body = JSON.stringify({
    id: `evt_${randomUUID()}`,
    type: 'invoice.voided',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: { object: { id: 'in_1', object: 'invoice' } },
  })
  const headers = { 'stripe-signature': sign(body, stage.webhookSecret, Math.floor(Date.now() / 1000)) }
  const { status, text, behaviour } = await stage.browser.visit(`${SCHOOL}/hooks/stripe`, { method: 'POST', body, headers })
  expect(status === 200, `A webhook was answered ${status} by the behaviour ${behaviour}: ${text}`)
  await stage.settle()
}

const past: Part = async ({ stage }) => {
  const status = await stage.browser.past(`${SCHOOL}/api/school`)
  expect(status === 403, `Past the proxy the API answered ${status}.`)
}

/** Judged by the gateway: no access token opens it. */
const me: Part = ({ teacher }) => needed(teacher, 'teacher').client.accounts.own({})

/** Another film for a lesson of its own, up to where it would be made. */
const another: Part = async (scene) => {
  const own: Scene = { ...scene }
  await makeCourse(own)
  await uploadFilm(own)
  await transcode(own)
}

/** A lesson of a course of its own, from the clock to its pull request: in one course nothing is written twice. */
const lesson = async (scene: Scene): Promise<Scene> => {
  const own: Scene = { ...scene }
  for (const play of [makeCourse, beginSeries, write]) await play(own)
  return own
}

/** And on, until somebody merges it. */
const merged: Part = async (scene) => merge(await lesson(scene))

const DAMAGES: readonly [name: string, damage: (assembly: Assembly) => void, part: Part, says: RegExp][] = [
  [
    'a rule hears of something else',
    changed('AWS::Events::Rule', /"payments\.process"/, 'EventPattern.detail-type', ['payment.renamed']),
    news,
    /payments\.process hears nothing of hook\.received/,
  ],
  ['a rule is missing', without('AWS::Events::Rule', /"payments\.process"/), news, /payments\.process hears nothing of hook\.received/],
  [
    'the pipe takes something else',
    changed('AWS::Pipes::Pipe', /./, 'SourceParameters.FilterCriteria.Filters', [{ Pattern: '{"eventName":["REMOVE"]}' }]),
    news,
    /never came to the bus: the pipe lectern-staging/,
  ],
  [
    'no function takes from a queue',
    without('AWS::Lambda::EventSourceMapping', /^takespayments/),
    news,
    /lie in lectern-staging-payments, and no function takes/,
  ],
  ['a queue lets nobody in', without('AWS::SQS::QueuePolicy', /^paymentsqueue/), news, /payments\.process hears nothing|lie in lectern-staging-payments-dead/],
  [
    'a function has no name of its table',
    changed('AWS::Lambda::Function', /"lectern-staging-events"/, 'Environment.Variables.TABLE_NAME'),
    news,
    /lectern-staging-events: .*TABLE_NAME/,
  ],
  [
    'a function has no ids of its keys',
    changed('AWS::Lambda::Function', /"lectern-staging-api"/, 'Environment.Variables.SIGNING_KEYS'),
    watch,
    /lectern-staging-api: .*SIGNING_KEYS/,
  ],
  ['webhooks may not be written down', forbidden(/^hooksrole/, 'dynamodb:UpdateItem'), news, /hooksrole\S* may not dynamodb:UpdateItem/],
  ['an upload may not begin', forbidden(/^apirole/, 's3:PutObject'), another, /apirole\S* may not s3:PutObject/],
  [
    'a teacher’s own keys say not whose they are',
    without('AWS::Cognito::IdentityPoolPrincipalTag', /./),
    another,
    /instructorGroupRole\S* may not s3:PutObject/,
  ],
  ['a teacher’s own keys open nothing', without('AWS::IAM::Policy', /^ownfilms/), another, /instructorGroupRole\S* may not s3:PutObject/],
  [
    'a role may not be tagged',
    changed('AWS::IAM::Role', /instructorGroupRole/, 'AssumeRolePolicyDocument.Statement.0.Action', 'sts:AssumeRoleWithWebIdentity'),
    another,
    /GetCredentialsForIdentity was answered 400/,
  ],
  [
    'a teacher’s own keys open what is another’s',
    changed('AWS::IAM::Policy', /^ownfilms/, 'PolicyDocument.Statement.0.Resource', '*'),
    another,
    /keys for \S+ could write to \S+sources\/another/,
  ],
  ['no job may be made', forbidden(/^eventsrole/, 'mediaconvert:CreateJob'), another, /eventsrole\S* may not mediaconvert:CreateJob/],
  ['no role may be handed on', forbidden(/^eventsrole/, 'iam:PassRole'), another, /eventsrole\S* may not iam:PassRole/],
  ['a film may not be looked at', forbidden(/^eventsrole/, 's3:GetObject'), another, /eventsrole\S* may not s3:GetObject/],
  ['a queue may not be read', forbidden(/^eventsrole/, 'sqs:ReceiveMessage'), news, /eventsrole\S* may not sqs:ReceiveMessage/],
  ['the pipe may not put events', forbidden(/^piperole/, 'events:PutEvents'), news, /piperole\S* may not events:PutEvents/],
  ['the API has no behaviour', withoutBehaviour('/api/*'), me, /behaviour \/api\/\*, and was by \*/],
  ['webhooks have no behaviour', withoutBehaviour('/hooks/*'), news, /webhook was answered 403 by the behaviour \*/],
  ['videos are open to everybody', unsigned('/media/*'), watch, /Without cookies \S+ was answered 200: the behaviour \/media\/\* asks for no signature/],
  ['the key group has other keys', swappedKeys, watch, /With cookies \S+ was answered 403 by the behaviour \/media\/\*/],
  ['the store lets the distribution read nothing', without('AWS::S3::BucketPolicy', /^storepolicy/), watch, /was answered 403 by the behaviour \/media\/\*/],
  ['pages may not send parts', changed('AWS::S3::Bucket', /^uploadsBucket/, 'CorsConfiguration'), another, /may not PUT into \S*uploads/],
  [
    'a queue keeps no dead letters',
    changed('AWS::SQS::Queue', /"lectern-staging-payments"/, 'RedrivePolicy'),
    drill,
    /the queue lectern-staging-payments is lost: there is no dead letter queue/,
  ],
  [
    'a rule keeps no dead letters',
    changed('AWS::Events::Rule', /"payments\.process"/, 'Targets.0.DeadLetterConfig'),
    drill,
    /the rule payments\.process is lost: there is no dead letter queue/,
  ],
  ['nobody hears of dead letters', without('AWS::CloudWatch::Alarm', /lectern-staging-payments-dead/), drill, /lectern-staging-payments-dead: it has no alarm/],
  [
    'a schedule is missing',
    without('AWS::Scheduler::Schedule', /every-60-seconds/),
    (scene) => fire(scene, 60),
    /No schedule calls the timers of every 60 seconds/,
  ],
  ['the gateway may not call its function', without('AWS::Lambda::Permission', /^hookspermission/), news, /The gateway may not call \S+lectern-staging-hooks/],
  [
    'people’s tokens are another pool’s',
    changed('AWS::ApiGatewayV2::Authorizer', /./, 'JwtConfiguration.Issuer', 'https://cognito-idp.eu-central-1.amazonaws.com/another'),
    me,
    /Unauthorized|401/i,
  ],
  [
    'the school is open past its proxy',
    (assembly) => edgeProgram(assembly, (code) => code.replace('!passes(request, host)', 'false')),
    past,
    /Past the proxy the API answered 200/,
  ],
  [
    'the distribution does not show what the gateways ask for',
    changed('AWS::CloudFront::Distribution', /./, 'DistributionConfig.Origins.1.OriginCustomHeaders'),
    me,
    /Forbidden|403/i,
  ],
  ['nothing begins the publisher', changed('AWS::Events::Rule', /"draft\.written"/, 'EventPattern.detail.toPropose', ['yes']), lesson, /The run is proposing/],
  ['the school hears no program', without('AWS::Events::Rule', /"Name":"news"/), lesson, /The run is writing/],
  ['no container may be begun', forbidden(/^eventsrole/, 'ecs:RunTask'), lesson, /eventsrole\S* may not ecs:RunTask/],
  ['the rule may hand on no role', forbidden(/^publisherstart/, 'iam:PassRole'), lesson, /publisherstart\S* may not iam:PassRole/],
  [
    'the writer is not told where papers lie',
    unsaid(/"lectern-staging-writer"/, 'DRAFTS_BUCKET'),
    lesson,
    /The container writer ended with code 1: [\s\S]*DRAFTS_BUCKET/,
  ],
  [
    'the writer is told of no model',
    unsaid(/"lectern-staging-writer"/, 'CHATBOT_MODEL'),
    lesson,
    /The container writer ended with code 1: [\s\S]*CHATBOT_MODEL/,
  ],
  ['the writer may keep no draft', forbidden(/^writerrole/, 's3:PutObject'), lesson, /writerrole\S* may not s3:PutObject/],
  [
    'the publisher may not read its key',
    forbidden(/^publisherrole/, 'secretsmanager:GetSecretValue'),
    lesson,
    /publisherrole\S* may not secretsmanager:GetSecretValue/,
  ],
  [
    'an image is not there',
    changed('AWS::ECS::TaskDefinition', /"lectern-staging-publisher"/, 'ContainerDefinitions.0.Image', 'lectern-publisher@sha256:0'),
    lesson,
    /CannotPullContainerError: lectern-publisher@sha256:0: not found/,
  ],
  ['GitHub’s webhook leads nowhere', without('AWS::ApiGatewayV2::Route', /POST \/hooks\/github/), merged, /GitHub’s webhook for \w+ was answered 404/],
]

// All of it on one machine that may be busy: a synthesis, every journey, and one short play for each damage.
describe('a rehearsal of templates that are damaged', { skip: noDynamodb, timeout: 480_000 }, () => {
  let rehearsed: Rehearsed | undefined
  let stage: Stage | undefined
  let scene: Scene | undefined
  before(async () => {
    rehearsed = await synthesised()
    stage = await openStage(rehearsed)
    scene = { stage, film: await aFilm() }
    // Whole, everything goes well: what fails below fails of the damage.
    for (const [, play] of JOURNEYS.flatMap(({ steps }) => steps)) await play(scene)
    for (const part of [news, me, merged]) await part(scene)
  })
  after(async () => {
    await stage?.close()
    await rehearsed?.close()
  })

  for (const [name, damage, part, says] of DAMAGES) {
    it(`fails and says why when ${name}`, async () => {
      assert.ok(rehearsed && stage && scene)
      const damaged = copyOf(rehearsed.assembly)
      damage(damaged)
      await stage.deploy(damaged)
      const { troubles } = stage
      const told = await part(scene).then(
        () => 'It went well.',
        (error: unknown) => [String(error), ...troubles()].join('\n'),
      )
      assert.match(told, says)
    })
  }

  it('goes well again when nothing is damaged', async () => {
    assert.ok(rehearsed && stage && scene)
    await stage.deploy(rehearsed.assembly)
    for (const part of [news, me, watch, another, lesson, drill]) await part(scene)
  })

  it('does not begin when something that is referred to is missing', async () => {
    assert.ok(rehearsed && stage)
    const damaged = copyOf(rehearsed.assembly)
    without('AWS::SQS::Queue', /"lectern-staging-payments-dead"/)(damaged)
    await assert.rejects(stage.deploy(damaged), /asks for paymentsdead\S*, and \S+ is not there/)
  })
})
