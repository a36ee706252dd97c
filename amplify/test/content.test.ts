import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { BUS_NEWS, BUS_STARTS, type BusNews, startedBy } from '../../core/series/bus.ts'
import { inputFor, type RuleProperties } from '../../test/aws/events.ts'
import { matches } from '../../test/aws/pattern.ts'
import { inWords, resourcesOf, type Templates, templatesOf } from './school.fixture.ts'

const IMAGES = { writerImage: `lectern-writer@sha256:${'a'.repeat(64)}`, publisherImage: `lectern-publisher@sha256:${'b'.repeat(64)}` }
const CONTENT = {
  ...{ CHATBOT_MODEL: 'small', CHATBOT_URL: 'https://models.example/v1', CHATBOT_INPUT_PRICE: '0.15', CHATBOT_OUTPUT_PRICE: '0.6' },
  ...{ GITHUB_REPOSITORY: 'school/courses', CONTENT_PROPOSALS_A_DAY: '2' },
}

type Statement = { Action: string | string[]; Resource: unknown; Condition?: Record<string, unknown> }
type Container = { Name: string; Image: string; Environment: { Name: string; Value: unknown }[]; ReadonlyRootFilesystem: boolean }
type Rule = RuleProperties & { Targets: { EcsParameters?: { TaskDefinitionArn: unknown; NetworkConfiguration: unknown }; RoleArn?: unknown }[] }

const written = (toPropose: boolean): BusNews => {
  const spent = { tokens: { input: 1, output: 2 }, costMicros: 3, model: 'small' }
  return { type: 'draft.written', detail: { run: 'run_0123456789', attempt: 3, ...spent, title: 'Openings', path: 'courses/a.md', toPropose } }
}

describe('lessons written by machine', () => {
  let templates: Templates = {}
  before(() => {
    templates = templatesOf({ stage: 'production', ...IMAGES, ...CONTENT })
  })
  const of = <T>(type: string): (T & { stack: string; id: string })[] =>
    // Each type names the properties of its resource that are looked at.
    resourcesOf(templates, type).map(({ Properties, stack, id }) => ({ ...(Properties as T), stack, id }))
  const containers = (): Container[] => of<{ ContainerDefinitions: Container[] }>('AWS::ECS::TaskDefinition').flatMap(({ ContainerDefinitions: all }) => all)
  const environmentOf = (name: string): Record<string, string> =>
    Object.fromEntries((containers().find(({ Name }) => Name === name)?.Environment ?? []).map(({ Name, Value }) => [Name, inWords(Value)]))
  const leave = (role: RegExp): string[] =>
    of<{ PolicyDocument: { Statement: Statement[] } }>('AWS::IAM::Policy')
      .filter(({ id }) => role.test(id))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(({ Action, Resource }) => [Action].flat().flatMap((action) => [Resource].flat().map((each) => `${action} ${inWords(each)}`)))
  const contentRules = (): Rule[] => of<Rule>('AWS::Events::Rule').filter(({ stack }) => stack === 'content')

  it('begins by the school’s own timers: no schedule starts a container', () => {
    const schedules = of<{ Target: { EcsParameters?: unknown } }>('AWS::Scheduler::Schedule')
    assert.ok(schedules.length > 0 && schedules.every(({ Target }) => Target.EcsParameters === undefined))
  })

  it('gives each program the names of its own service, and a secret that the other cannot read', () => {
    const [writer, publisher] = [environmentOf('writer'), environmentOf('publisher')]
    assert.deepEqual([writer['CHATBOT_MODEL'], writer['GITHUB_REPOSITORY']], ['small', undefined])
    assert.deepEqual([publisher['CHATBOT_MODEL'], publisher['GITHUB_REPOSITORY'], publisher['CONTENT_PROPOSALS_A_DAY']], [undefined, 'school/courses', '2'])
    assert.match(writer['CONTENT_SECRET_ARN'] ?? '', /chatbot/)
    assert.match(publisher['CONTENT_SECRET_ARN'] ?? '', /github/)
    const secretsOf = (role: RegExp) => leave(role).filter((each) => each.startsWith('secretsmanager:'))
    assert.deepEqual(
      [secretsOf(/^writerrole/), secretsOf(/^publisherrole/)].map((all) => all.length),
      [1, 1],
    )
    assert.match(secretsOf(/^writerrole/)[0] ?? '', /chatbot/)
    assert.match(secretsOf(/^publisherrole/)[0] ?? '', /github/)
    for (const { Image, ReadonlyRootFilesystem } of containers()) assert.deepEqual([/@sha256:[ab]{64}$/.test(Image), ReadonlyRootFilesystem], [true, true])
  })

  it('lets the writer read and write papers, the publisher read them, and neither touch a table, a queue or another’s object', () => {
    const doing = (role: RegExp) => [...new Set(leave(role).map((each) => each.split(' ')[0]))].toSorted()
    assert.deepEqual(doing(/^writerrole/), [
      'events:PutEvents',
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      'secretsmanager:GetSecretValue',
    ])
    assert.match(leave(/^writerrole/).find((each) => each.startsWith('s3:DeleteObject')) ?? '', /\/runs\/\*\/asked\.json$/)
    assert.deepEqual(doing(/^publisherrole/), ['events:PutEvents', 's3:GetObject', 's3:ListBucket', 'secretsmanager:GetSecretValue'])
    for (const role of [/^writerrole/, /^publisherrole/])
      for (const each of leave(role).filter((one) => one.startsWith('s3:'))) assert.match(each, /drafts/, each)
  })

  it('lets the listener’s function alone begin programs, and hand on their roles to ECS alone', () => {
    const runs = of<{ PolicyDocument: { Statement: Statement[] } }>('AWS::IAM::Policy').filter(({ PolicyDocument }) =>
      PolicyDocument.Statement.some(({ Action }) => [Action].flat().includes('ecs:RunTask')),
    )
    assert.deepEqual(
      runs.map(({ id }) => id.replace(/role.*$/, '')),
      ['events'],
    )
    const passing = runs[0]?.PolicyDocument.Statement.find(({ Condition }) => (JSON.stringify(Condition) ?? '').includes('ecs-tasks.amazonaws.com'))
    assert.equal([passing?.Resource].flat().length, 4)
  })

  it('begins the publisher for a draft that is to be proposed, with the run and the id the machine would give it', () => {
    for (const { type, starts } of BUS_STARTS) {
      const rule = contentRules().find(({ Name }) => Name === type)
      assert.ok(rule)
      const [target] = rule.Targets
      assert.ok(target)
      const event = (toPropose: boolean) => ({ source: 'lectern.content', 'detail-type': type, detail: written(toPropose).detail })
      assert.deepEqual([matches(rule.EventPattern, event(true)), matches(rule.EventPattern, event(false))], [true, false])
      const whole = { version: '0' as const, id: 'e', account: '1', time: '', region: '', resources: [], ...event(true) }
      const { containerOverrides } = JSON.parse(inputFor({ ...rule, EventBusName: 'content' }, target, whole))
      const [{ run, id } = assert.fail('nothing begins')] = startedBy(written(true))
      assert.deepEqual(containerOverrides, [
        {
          name: starts,
          environment: [
            { name: 'RUN', value: run },
            { name: 'TASK_ID', value: id },
          ],
        },
      ])
      assert.match(inWords(target.EcsParameters?.TaskDefinitionArn), /:task-definition\/lectern-production-publisher$/)
    }
  })

  it('tells the school all that programs tell, and of each that ended badly', () => {
    const news = contentRules().find(({ Name }) => Name === 'news')
    assert.ok(news)
    for (const type of Object.keys(BUS_NEWS)) assert.ok(matches(news.EventPattern, { source: 'lectern.content', 'detail-type': type, detail: {} }), type)
    const ended = contentRules().find(({ Name }) => Name === 'lectern-production-task-ended')
    assert.match(inWords(ended?.Targets[0]?.Arn), /tasksqueue/)
    assert.match(inWords(news.Targets[0]?.Arn), /tasksqueue/)
  })

  it('keeps papers for as long as the school may need them, and not for ever', () => {
    const [drafts] = resourcesOf(templates, 'AWS::S3::Bucket').filter(({ stack }) => stack === 'content')
    assert.match(JSON.stringify(drafts?.Properties?.['LifecycleConfiguration']), /"ExpirationInDays":16/)
  })

  it('is off while there are no images: the school says that nobody writes', () => {
    const bare = templatesOf({ stage: 'production', ...CONTENT })
    const functions = resourcesOf(bare, 'AWS::Lambda::Function').map(
      // As CloudFormation words a function's environment.
      ({ Properties }) => (Properties as { Environment: { Variables: Record<string, unknown> } }).Environment.Variables,
    )
    for (const environment of functions) {
      assert.deepEqual(
        Object.keys(environment).filter((name) => /^CHATBOT_|_DEFINITION$|^CONTENT_(CLUSTER|SUBNETS)/.test(name)),
        [],
      )
      assert.equal(environment['GITHUB_REPOSITORY'], 'school/courses')
    }
  })
})
