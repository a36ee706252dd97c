import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { LEAST_PASSWORD } from '../../homes/least-password.ts'
import { synthesise } from '../../scripts/aws-home.mjs'
import { DOMAIN, inWords, type Resource } from './school.fixture.ts'

type Statement = { Action: unknown; Resource: unknown }

type Found = Resource & { stack: string; id: string; UpdateReplacePolicy?: string }

const statementsOf = ({ Properties = {} }: Resource): Statement[] => {
  // What a policy says, as IAM words it.
  const { Statement } = Properties['PolicyDocument'] as { Statement: Statement[] }
  return Statement
}

describe('the whole school, as it would be deployed', () => {
  let folder = ''
  let resources: Found[] = []
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lectern-cdk-'))
    // Throws with what was found: CloudFormation's rules are errors, and so is whatever cdk-nag finds and nobody answers for.
    await synthesise(
      'production',
      Object.entries({ ...DOMAIN, distribution: 'E2ABCDEFGHIJKL', owner: 'owner@school.example', codesFrom: 'hello@school.example' }).flatMap(
        ([name, value]) => ['-c', `${name}=${value}`],
      ),
      folder,
    )
    const files = (await readdir(folder)).filter((name) => name.endsWith('.template.json'))
    const templates = files.map(async (name): Promise<Found[]> => {
      const { Resources } = JSON.parse(await readFile(join(folder, name), 'utf8'))
      return Object.entries<Resource>(Resources).map(([id, resource]) => ({ ...resource, id, stack: name.replace('.template.json', '') }))
    })
    resources = (await Promise.all(templates)).flat()
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const ofType = (type: string): Found[] => resources.filter(({ Type }) => Type === type)

  it('holds before CloudFormation’s rules and both packs of cdk-nag’s', async () => {
    const { pluginReports } = JSON.parse(await readFile(join(folder, 'validation-report.json'), 'utf8'))
    assert.deepEqual(pluginReports, [])
  })

  it('has every stack, each small enough for CloudFormation', () => {
    const concerns = ['api', 'content', 'data', 'delivery', 'events', 'hooks', 'media', 'schedule', 'store', 'watch', 'watch-edge']
    for (const concern of concerns) {
      const count = resources.filter(({ stack }) => stack === `lectern-production-${concern}`).length
      assert.ok(count > 0 && count <= 500, `${concern} has ${count}`)
    }
  })

  it('keeps people, whatever becomes of the stack', () => {
    const [pool, ...others] = ofType('AWS::Cognito::UserPool')
    assert.deepEqual(others, [])
    assert.equal(pool?.DeletionPolicy, 'Retain')
    assert.equal(pool?.Properties?.['DeletionProtection'], 'ACTIVE')
    // As CloudFormation words it.
    const { PasswordPolicy: asks = {} } = (pool?.Properties?.['Policies'] ?? {}) as { PasswordPolicy?: Record<string, unknown> }
    assert.deepEqual(
      [asks['MinimumLength'], asks['RequireSymbols'], asks['RequireNumbers']],
      [LEAST_PASSWORD, false, false],
      'a password is as good in every home',
    )
    assert.equal(ofType('AWS::Cognito::IdentityPool')[0]?.Properties?.['AllowUnauthenticatedIdentities'], false)
  })

  it('sends codes by SES from an address of the school’s own, where one is named', () => {
    // As CloudFormation words it.
    const { SourceArn, ...told } = (ofType('AWS::Cognito::UserPool')[0]?.Properties?.['EmailConfiguration'] ?? {}) as Record<string, unknown>
    assert.deepEqual(told, { EmailSendingAccount: 'DEVELOPER', From: 'hello@school.example' })
    assert.match(inWords(SourceArn), /^arn:\S*:ses:\S+:identity\/school\.example$/)
  })

  it('lets people sign in by code alone, on the school’s own host', () => {
    const client = ofType('AWS::Cognito::UserPoolClient')[0]?.Properties ?? {}
    assert.deepEqual(client['AllowedOAuthFlows'], ['code'])
    assert.deepEqual(client['CallbackURLs'], ['https://school.example/signed-in', 'https://school.example/account'])
    assert.equal(client['GenerateSecret'], false)
    assert.equal(client['PreventUserExistenceErrors'], 'ENABLED')
  })

  it('keeps what was uploaded, takes parts from its own pages, and forgets what nobody finished', () => {
    const uploads = ofType('AWS::S3::Bucket').find(({ stack }) => stack.includes('storage'))
    assert.equal(uploads?.DeletionPolicy, 'Retain')
    const properties = uploads?.Properties ?? {}
    assert.deepEqual(properties['CorsConfiguration'], {
      CorsRules: [
        {
          AllowedHeaders: ['content-type', 'x-amz-checksum-sha256'],
          AllowedMethods: ['PUT'],
          AllowedOrigins: ['https://school.example'],
          ExposedHeaders: ['ETag'],
          MaxAge: 3600,
        },
      ],
    })
    assert.deepEqual(properties['NotificationConfiguration'], { EventBridgeConfiguration: { EventBridgeEnabled: true } })
    assert.match(JSON.stringify(properties['LifecycleConfiguration']), /"AbortIncompleteMultipartUpload":\{"DaysAfterInitiation":30\}/)
    assert.ok(!resources.some(({ Type }) => Type === 'Custom::S3AutoDeleteObjects'), 'nothing empties buckets')
  })

  it('lets a teacher’s page put films below its own person’s prefix, everybody else’s nothing, and nobody’s anything more', () => {
    const [policy, ...others] = resources.filter(({ Type, id }) => Type === 'AWS::IAM::Policy' && id === 'ownfilms')
    assert.ok(policy && others.length === 0)
    const [statement, ...more] = statementsOf(policy)
    assert.deepEqual([statement?.Action, more], ['s3:PutObject', []])
    assert.match(inWords(statement?.Resource), /\/sources\/\$\{aws:PrincipalTag\/sub\}\/vid_\*\/source$/)
    assert.match(JSON.stringify(policy.Properties?.['Roles']), /instructorGroupRole.*adminGroupRole/)
    const ofPeople = ofType('AWS::IAM::Role').filter(({ Properties }) => JSON.stringify(Properties?.['AssumeRolePolicyDocument']).includes('cognito-identity'))
    assert.equal(ofPeople.length, 7, 'guests, people, and a role each for five groups')
    for (const { Properties, id } of ofPeople) {
      assert.equal(Properties?.['Policies'] ?? Properties?.['ManagedPolicyArns'], undefined, id)
      assert.equal(JSON.stringify(Properties).includes('"sts:TagSession"'), !id.includes('unauthenticated'), id)
    }
    assert.deepEqual(ofType('AWS::Cognito::IdentityPoolPrincipalTag')[0]?.Properties?.['PrincipalTags'], { sub: 'sub' })
    assert.match(JSON.stringify(ofType('AWS::Cognito::IdentityPool')[0]?.Properties), /"ServerSideTokenCheck":true/)
  })

  it('tells of whoever signs up by a function that may do that and no more', () => {
    const policies = resources.filter(({ Type, stack, id }) => Type === 'AWS::IAM::Policy' && stack.includes('auth') && id.includes('postconfirmation'))
    const statements = policies.flatMap(statementsOf)
    assert.deepEqual(
      statements.map(({ Action }) => Action),
      [['logs:CreateLogStream', 'logs:PutLogEvents'], 'events:PutEvents'],
    )
    assert.match(inWords(statements[1]?.Resource), /:event-bus\/lectern-production$/)
  })

  it('has nothing of Amplify’s that waits for the other stacks', async () => {
    const { artifacts } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))
    const [, amplify] =
      Object.entries<{ dependencies?: string[] }>(artifacts).find(([name]) => /^amplify-.*\d$|^amplify-[\w-]+$/.test(name) && !name.endsWith('.assets')) ?? []
    assert.ok(amplify)
    assert.deepEqual(
      (amplify.dependencies ?? []).filter((name) => name.startsWith('lectern-')),
      [],
    )
  })
})
