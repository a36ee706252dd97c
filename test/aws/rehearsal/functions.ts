import { join } from 'node:path'
import * as z from 'zod'
import { type Endpoint, REGION } from '../endpoint.ts'
import type { Deployment } from './deployment.ts'
import { type FunctionProcess, startFunction } from './function-process.ts'

const Lambda = z.object({
  FunctionName: z.string(),
  Handler: z.literal('index.handler'),
  Code: z.object({ S3Key: z.string() }),
  Role: z.string(),
  Timeout: z.number().default(3),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).default({ Variables: {} }),
})

/** Nobody waits longer here, whatever a function may take. */
const MOST_SECONDS = 60

type Made = { name: string; arn: string; role: string; folder: string; seconds: number; environment: Record<string, string> }
type Options = { endpoint: () => Endpoint; hosts: () => Record<string, string> }

/** The functions of a deployment, each in a process of its own that begins with the first call and ends when its template changes. */
export const functions = ({ endpoint, hosts }: Options) => {
  let made: Made[] = []
  const running = new Map<string, { likeness: string; process: Promise<FunctionProcess> }>()

  const likenessOf = ({ role, folder, environment }: Made): string => JSON.stringify([role, folder, environment])

  const processOf = (each: Made): Promise<FunctionProcess> => {
    const likeness = likenessOf(each)
    const known = running.get(each.arn)
    if (known?.likeness === likeness) return known.process
    void known?.process.then((process) => process.close())
    const { accessKeyId, secretAccessKey } = endpoint().credentials(each.role)
    const lambda = { AWS_REGION: REGION, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_ENDPOINT_URL: endpoint().url }
    const process = startFunction({ folder: each.folder, environment: { ...each.environment, ...lambda }, hosts: hosts() })
    process.catch(() => running.delete(each.arn))
    running.set(each.arn, { likeness, process })
    return process
  }

  return {
    deploy(deployment: Deployment, roleName: (arn: string) => string): void {
      made = deployment.all('AWS::Lambda::Function', Lambda).map(({ is, FunctionName: name, Code, Role, Timeout, Environment }) => ({
        ...{ name, arn: is.attributes['Arn'] ?? '', role: roleName(Role), seconds: Math.min(Timeout, MOST_SECONDS), environment: Environment.Variables },
        folder: join(deployment.folder, deployment.assetOf(Code.S3Key.replace(/\.zip$/, '')) ?? 'missing'),
      }))
    },
    find: (arnOrName: string) => made.find(({ arn, name }) => arn === arnOrName || name === arnOrName),
    /** @throws what the function throws, or says when it does not start, under its name */
    async invoke(arnOrName: string, event: unknown): Promise<unknown> {
      const found = made.find(({ arn, name }) => arn === arnOrName || name === arnOrName)
      if (!found) throw new Error(`There is no function ${arnOrName}.`)
      try {
        return await (await processOf(found)).invoke(event, found.seconds)
      } catch (cause) {
        throw new Error(`${found.name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
      }
    },
    /** What the functions have logged as errors since they began. */
    async errors(): Promise<string[]> {
      const all = await Promise.allSettled([...running.values()].map(({ process }) => process))
      return all.flatMap((each) => (each.status === 'fulfilled' ? each.value.errors() : []))
    },
    async close(): Promise<void> {
      await Promise.allSettled([...running.values()].map(async ({ process }) => (await process).close()))
    },
  }
}

export type Functions = ReturnType<typeof functions>
