import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ECSClient } from '@aws-sdk/client-ecs'
import { tasksLaws } from '#ports/tasks.laws.ts'
import type { TaskEnd, TaskName } from '#ports/tasks.ts'
import { ecs, type Program } from '#test/aws/ecs.ts'
import type { ProgramEnd, StateChange } from '#test/aws/ecs-events.ts'
import { ACCOUNT, type Ask, openEndpoint, REGION } from '#test/aws/endpoint.ts'
import { aClock, aStore, scratchFolder } from '../machine/scratch.fixture.ts'
import { PROGRAM, programsIn } from '../machine/tasks.fixture.ts'
import { taskEndOf } from './task-ends.ts'
import { tasks } from './tasks.ts'

const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`
const definitionOf = (name: TaskName, revision: number) => ({
  ...{ family: `lectern-test-${name}`, revision, taskRole: role(name), executionRole: role(`${name}-pulling`) },
  containers: [{ name, image: `lectern-${name}@sha256:0`, environment: { PROGRAM: name } }],
})

/** ECS on this machine, whose containers are programs of this machine, and the school's tables. */
const aCluster = async () => {
  const [folder, store, clock] = [await scratchFolder(), await aStore(), aClock()]
  const looked = programsIn(join(folder, 'ran'))
  const told: StateChange[] = []
  const asked: Ask[] = []
  const place = { revision: 7, isAway: false, forbids: '' }
  const run = async ({ environment }: Program): Promise<ProgramEnd> => {
    if (environment['RUN']?.includes('unfit')) return { cannot: 'CannotPullContainerError: image manifest does not exist' }
    const child = spawn(process.execPath, [PROGRAM], { env: { PATH: process.env['PATH'], RAN_FOLDER: join(folder, 'ran'), ...environment }, stdio: 'ignore' })
    const [code] = await once(child, 'exit')
    return { exitCode: Number(code ?? 137) }
  }
  const cluster = ecs({
    ...{ now: clock.now, clusters: () => ['lectern-test'], run, emit: async (event) => void told.push(event) },
    definitions: () => (['writer', 'publisher'] as const).map((name) => definitionOf(name, place.revision)),
  })
  const service = {
    ...cluster.service,
    answer: async (call: Parameters<typeof cluster.service.answer>[0]) => {
      const answer = await cluster.service.answer(call)
      return place.isAway ? { status: 500, body: '{"__type":"ServerException"}' } : answer
    },
  }
  const allows = (_: string, ask: Ask): boolean => {
    asked.push(ask)
    return ask.action !== place.forbids
  }
  const endpoint = await openEndpoint({ services: [service], now: () => new Date(), allows })
  const client = new ECSClient({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('schedule') })
  const definitions = { writer: 'lectern-test-writer', publisher: 'lectern-test-publisher' }
  return {
    ...{ ...looked, cluster, clock, place, asked, told },
    open: () => tasks({ client, tables: store.tables, clock, cluster: 'lectern-test', definitions, subnets: ['subnet-1', 'subnet-2'], securityGroup: 'sg-1' }),
    /** What the school is told of; an event that is told twice commits one. */
    ends: async (): Promise<TaskEnd[]> => {
      const found = told.flatMap((event) => taskEndOf(event) ?? [])
      return [...new Map(found.map((end) => [end.id, end])).values()]
    },
    async close() {
      client.destroy()
      await cluster.idle()
      await endpoint.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const within = async (t: TestContext) => {
  const cluster = await aCluster()
  t.after(cluster.close)
  return cluster
}

tasksLaws('the AWS home', async () => {
  const { open, ran, ends, cluster, close } = await aCluster()
  return { ...{ tasks: open(), ran, ends, close }, settle: () => cluster.idle(), reopen: async () => open() }
})

const writer = (id: string) => ({ name: 'writer' as const, id, run: `run_${id}` })

test('a container is begun on leave for its definition and for both its roles, and is told its run and its id', async (t) => {
  const { open, asked, cluster, environment } = await within(t)
  await open().start(writer('tells'))
  await cluster.idle()
  assert.deepEqual(
    asked.map(({ action, resource }) => `${action} ${resource.split(/[:/]/).slice(-2).join(':')}`),
    ['ecs:RunTask lectern-test-writer:7', 'iam:PassRole role:writer', 'iam:PassRole role:writer-pulling'],
  )
  const { RUN, TASK_ID, PROGRAM: name } = await environment()
  assert.deepEqual([RUN, TASK_ID, name], ['run_tells', 'tells', 'writer'])
})

test('what ECS has no room for, or no leave, is refused; the same start may be asked for again', async (t) => {
  const { open, cluster, ran, place } = await within(t)
  cluster.refuse('RESOURCE:ENI')
  await assert.rejects(open().start(writer('one')), { code: 'task-refused', message: /RESOURCE:ENI/ })
  cluster.refuse(undefined)
  place.forbids = 'iam:PassRole'
  await assert.rejects(open().start(writer('one')), { code: 'task-refused', message: /iam:PassRole/ })
  place.forbids = ''
  await open().start(writer('one'))
  await cluster.idle()
  assert.deepEqual(await ran(), [{ name: 'writer', run: 'run_one' }])
})

test('a start whose answer was lost is asked for again, and runs once', async (t) => {
  const { open, cluster, ran, place, clock } = await within(t)
  place.isAway = true
  await assert.rejects(open().start(writer('one')), (error: Error) => !('code' in error) || error.code !== 'task-refused')
  place.isAway = false
  await open().start(writer('one'))
  await cluster.idle()
  clock.pass(25 * 3600_000)
  await open().start(writer('one'))
  await cluster.idle()
  assert.equal((await ran()).length, 1, 'ECS has forgotten it by then, and the school has not')
})

test('a start whose answer was lost, and that nobody has asked for since, is not begun when ECS may have forgotten it', async (t) => {
  const { open, cluster, ran, place, clock } = await within(t)
  place.isAway = true
  await assert.rejects(open().start(writer('one')))
  place.isAway = false
  await cluster.idle()
  clock.pass(3 * 3600_000)
  await open().start(writer('one'))
  await cluster.idle()
  assert.equal((await ran()).length, 1)
})

test('a start that is asked for with other words, as after a deployment, is the one before', async (t) => {
  const { open, cluster, ran, place } = await within(t)
  place.isAway = true
  await assert.rejects(open().start({ name: 'writer', id: 'one', run: 'run_one' }))
  place.isAway = false
  await open().start({ name: 'writer', id: 'one', run: 'run_other' })
  await cluster.idle()
  assert.deepEqual(await ran(), [{ name: 'writer', run: 'run_one' }])
})

test('a container that could not be begun is told of with its reason', async (t) => {
  const { open, cluster, ends } = await within(t)
  await open().start(writer('unfit'))
  await cluster.idle()
  const [end] = await ends()
  assert.deepEqual([end?.id, end?.run], ['unfit', 'run_unfit'])
  assert.match(end?.fault ?? '', /TaskFailedToStart: CannotPullContainerError/)
})

test('news of what is still running is no end, and of a container of somebody else’s a fault', async (t) => {
  const { open, cluster, told } = await within(t)
  await open().start(writer('fails'))
  await cluster.idle()
  const kinds = told.map((event) => [event.detail['lastStatus'], taskEndOf(event)?.fault])
  const fault = 'It ended with code 3: Essential container in task exited'
  assert.deepEqual(kinds, [
    ['PROVISIONING', undefined],
    ['RUNNING', undefined],
    ['STOPPED', fault],
    ['STOPPED', fault],
  ])
  const [, , stopped] = told
  assert.throws(() => taskEndOf({ ...stopped, detail: { ...stopped?.detail, overrides: { containerOverrides: [] } } }), /nobody of the school/)
})
