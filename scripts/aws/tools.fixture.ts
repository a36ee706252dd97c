import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Concern, OUTPUTS } from '#homes/aws/outputs.ts'
import { keysChanged, type SecretStore } from '#homes/aws/rotation.ts'
import type { World } from '#ports/world.ts'
import { openSchool } from '#test/school.ts'
import type { Tools } from './tools.ts'

const VALUES: Record<(typeof OUTPUTS)[Concern][number], string> = {
  StoreBucket: 'the-store',
  TableName: 'the-table',
  DistributionId: 'E123EXAMPLE',
  DistributionDomain: 'd1example.cloudfront.net',
}

/** As the CDK writes them: what the stacks tell, and what they tell each other. */
const outputsOf = (stage: string) =>
  Object.fromEntries(
    Object.entries(OUTPUTS).map(([concern, names]) => [
      `lectern-${stage}-${concern}`,
      { ...Object.fromEntries(names.map((name) => [name, VALUES[name]])), ExportsOutputRefX: 'x', PublishOutputRefY: 'y' },
    ]),
  )

const STACKS = ['store', 'data', 'media', 'content', 'events', 'schedule', 'api', 'hooks', 'delivery', 'watch']
const manifest = {
  artifacts: {
    'amplify-lectern-staging-standalone-1': { type: 'aws:cloudformation:stack' },
    ...Object.fromEntries(STACKS.map((name) => [`lectern-staging-${name}`, { type: 'aws:cloudformation:stack', displayName: `lectern-staging-${name}` }])),
    Tree: { type: 'cdk:tree' },
  },
}

type Given = { code?: string; status?: (asked: number) => number | undefined; answers?: string[]; fails?: (args: readonly string[]) => boolean }

const secretsOf = (vault: Map<string, string>, done: string[]): SecretStore => ({
  get: async (name) => vault.get(name),
  exchange: async (name, before, text) => {
    if (vault.get(name) !== before) throw keysChanged(name)
    done.push(`secret ${name}`)
    vault.set(name, text)
  },
  put: async (name, text) => {
    done.push(`secret ${name}`)
    vault.set(name, text)
  },
})

const siteStoreOf =
  (world: World, done: string[]): Tools['siteStore'] =>
  ({ bucket, table }) => ({
    ...world,
    objects: {
      ...world.objects,
      put: async (key, ...more) => {
        done.push(`put ${bucket}/${key}`)
        return world.objects.put(key, ...more)
      },
    },
    tables: {
      ...world.tables,
      commit: async (changes, events = []) => {
        for (const { name } of events) done.push(`tell ${table} ${name}`)
        return world.tables.commit(changes, events)
      },
    },
  })

/** An account that takes everything and a CDK that succeeds, with a record of what was asked of them, in order. */
export const someTools = async (t: TestContext, { code = 'bundled', status = () => 200, answers = [], fails = () => false }: Given = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-deploy-'))
  const school = await openSchool()
  t.after(async () => {
    await school.close()
    await rm(folder, { recursive: true })
  })
  const [kept, stages, site] = ['deployed', 'stages', 'dist'].map((name) => join(folder, name)) as [string, string, string]
  await mkdir(join(site, 'assets'), { recursive: true })
  await mkdir(stages)
  await writeFile(join(site, 'index.html'), '<!doctype html>')
  await writeFile(join(site, 'assets', 'app-1.js'), '1')
  await writeFile(join(site, 'robots.txt'), 'x')
  const done: string[] = []
  const said: string[] = []
  const contexts: Record<string, string>[] = []
  const account = { isDeployed: false }
  const vault = new Map<string, string>()
  let [asked, seconds] = [0, 0]
  const tools: Tools = {
    prepare: async () => {
      done.push('prepare')
      return { site }
    },
    synthesise: async (stage, context, into) => {
      done.push(`synth ${stage}`)
      contexts.push(context)
      await mkdir(into, { recursive: true })
      await writeFile(join(into, 'manifest.json'), JSON.stringify(manifest))
      await mkdir(join(into, 'asset.0a1b'), { recursive: true })
      await writeFile(join(into, 'asset.0a1b', 'index.mjs'), code)
    },
    cdk: async (args) => {
      const words = args.filter((arg) => !arg.startsWith(folder) && !arg.startsWith(tmpdir()) && !['--app', '--outputs-file'].includes(arg))
      done.push(`cdk ${words.join(' ')}`)
      if (fails(args)) throw new Error('The CDK ended with 1.')
      const at = args.indexOf('--outputs-file')
      if (at > 0) await writeFile(args[at + 1] ?? '', JSON.stringify(outputsOf('staging')))
      if (args.includes('--all') && args[0] === 'deploy') account.isDeployed = true
    },
    outputs: async (stack) => (account.isDeployed ? outputsOf('staging')[stack] : undefined),
    secrets: secretsOf(vault, done),
    siteStore: siteStoreOf(school.world, done),
    status: async (url) => {
      asked += 1
      done.push(`get ${url}`)
      return status(asked)
    },
    wait: async () => undefined,
    ask: async () => answers.shift() ?? '',
    say: (line = '') => void said.push(line),
    now: () => {
      seconds += 1
      return new Date(Date.now() + seconds * 1000)
    },
    commit: async () => '1a2b3c4',
    ...{ kept, stages },
  }
  const pass = (minutes: number): void => {
    seconds += minutes * 60
  }
  return { tools, school, done, said, contexts, vault, stages, pass }
}
