import { spawn } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod'
import { objects, storeClient } from '#homes/aws/objects.ts'
import { secretStore } from '#homes/aws/rotation.ts'
import { tables } from '#homes/aws/tables.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { buildWeb, root, schoolEnvironment, schoolNode } from '../setup.mjs'
import { run, say, step } from '../terminal.mjs'
import { DeployTrouble, type Tools } from './tools.ts'

const amplify = join(root, 'amplify')

const siteStore: Tools['siteStore'] = ({ bucket, table }) => ({
  // A deployment touches nothing of what browsers upload: there is no second bucket.
  objects: objects({ client: storeClient({}), buckets: { store: bucket, uploads: bucket }, clock: systemClock }),
  tables: tables({ client: new DynamoDBClient(), table, clock: systemClock }),
  clock: systemClock,
  ids: randomIds(systemClock),
})

const cdk = async (args: readonly string[]): Promise<void> => {
  const node = await schoolNode()
  const env = { ...schoolEnvironment(), PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` }
  const program = join(amplify, 'node_modules', 'aws-cdk', 'bin', 'cdk')
  const child = spawn(node, [program, ...args, '--no-notices', '--no-version-reporting'], { cwd: amplify, env, stdio: 'inherit' })
  const code = await new Promise<number>((done) => child.on('error', () => done(127)).on('close', (ended) => done(ended ?? 1)))
  if (code !== 0)
    throw new DeployTrouble(`The CDK ended with ${code}; what it said stands above. Stacks that were done before stay as they are: run the same again.`)
}

const Told = z.array(z.object({ OutputKey: z.string(), OutputValue: z.string() }))

/** By the AWS CLI, which every account's owner has: what CloudFormation's own client would be a package for. */
const outputs: Tools['outputs'] = async (stack) => {
  const asked = ['cloudformation', 'describe-stacks', '--stack-name', stack, '--query', 'Stacks[0].Outputs || `[]`', '--output', 'json']
  // Its first version, which many a system still has, knows the region by another name.
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION']
  const env = region === undefined ? process.env : { ...process.env, AWS_DEFAULT_REGION: region }
  const { code, output } = await run('aws', asked, { cwd: root, env })
  if (code === 127) throw new DeployTrouble('The AWS CLI is not installed, or not where programs are looked for: aws --version should answer.')
  if (code !== 0 && /does not exist/.test(output)) return undefined
  if (code !== 0) throw new DeployTrouble(`The AWS CLI could not tell of ${stack}. It said: ${output}`)
  return Object.fromEntries(Told.parse(JSON.parse(output)).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))
}

const ask = async (question: string, isHidden = false): Promise<string> => {
  if (!process.stdin.isTTY) throw new DeployTrouble(`"${question}" has to be answered on a terminal.`)
  // What is typed is echoed by readline alone: into nothing, where it is hidden.
  const output = isHidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stdout
  if (isHidden) process.stdout.write(`  ${question}: `)
  const reader = createInterface({ input: process.stdin, output, terminal: true })
  try {
    return await reader.question(isHidden ? '' : `  ${question}: `)
  } finally {
    reader.close()
    if (isHidden) process.stdout.write('\n')
  }
}

const commit = async (): Promise<string> => {
  const { code, output } = await run('git', ['describe', '--always', '--dirty', '--exclude', '*'], { cwd: root })
  return code === 0 ? output : 'unknown'
}

export type Making = {
  /** Packages and bundles. */
  prepareAws(): Promise<void>
  synthesise(stage: string, args: readonly string[], folder: string): Promise<string>
}

/** The region is that of the environment or the profile, as the CDK reads it. */
export const realTools = async ({ prepareAws, synthesise }: Making): Promise<Tools> => {
  const secrets = new SecretsManagerClient()
  return {
    prepare: async () => {
      // First: the function that publishes takes with it what draws its pages.
      await step('Web app', 'building', buildWeb)
      await prepareAws()
      return { site: join(root, 'web', 'dist') }
    },
    synthesise: async (stage, context, folder) => {
      const args = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`])
      await step('Templates', 'making and checking', () => synthesise(stage, args, folder))
    },
    ...{ cdk, outputs, ask, say, commit, siteStore, secrets: secretStore(secrets) },
    status: (url) =>
      fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) }).then(
        ({ status }) => status,
        () => undefined,
      ),
    wait: (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
    now: () => new Date(),
    kept: join(amplify, '.deployed'),
    stages: join(amplify, 'stages'),
  }
}
