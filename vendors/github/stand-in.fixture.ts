import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { RepositoryHooks, RepositoryNews } from '#ports/repository.ts'
import { secret } from '#ports/secret.ts'
import { type GithubSandbox, startGithubSandbox } from '#sandbox/github.ts'
import { type GithubOptions, github } from './github.ts'

export const REPOSITORY = 'lectern/courses'
const SECRET = 'a webhook secret'

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

type Heard = RepositoryNews | undefined

const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** Hears webhooks as the school would, and answers 401 to what does not hold. */
const anEar = async (heard: Heard[], readNews: () => RepositoryHooks['readNews'] | undefined) => {
  const ear = createServer((request, response) => {
    readBody(request).then((body) => {
      const named = {
        signature: header(request, 'x-hub-signature-256'),
        event: header(request, 'x-github-event'),
        delivery: header(request, 'x-github-delivery'),
      }
      const news = readNews()?.({ body, ...named })
      heard.push(news)
      response.writeHead(news ? 200 : 401).end()
    }, response.destroy)
  })
  ear.listen(0, '127.0.0.1')
  await once(ear, 'listening')
  const address = ear.address()
  return { ear, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook` }
}

/** Ways to ask the stand-in itself, as a browser, a test or a program would. */
const asking = (standIn: () => GithubSandbox) => ({
  page: async (path: string, form?: Record<string, string>, headers: Record<string, string> = {}) => {
    const sent = form && { method: 'POST', body: new URLSearchParams(form) }
    const answer = await fetch(`${standIn().url}/${REPOSITORY}${path}`, { redirect: 'manual', headers, ...sent })
    return {
      status: answer.status,
      text: await answer.text(),
      location: answer.headers.get('location'),
      policy: answer.headers.get('content-security-policy') ?? '',
    }
  },
  control: async <T = unknown>(path: string, said?: Record<string, unknown>): Promise<T> => {
    const answer = await fetch(`${standIn().url}/api/${path}`, said && { method: 'POST', body: JSON.stringify(said) })
    // The caller knows what it asked for.
    return (await answer.json()) as T
  },
  api: async (path: string, { method = 'GET', body, token = standIn().token }: { method?: string; body?: unknown; token?: string } = {}) => {
    const sent = body !== undefined && { body: JSON.stringify(body) }
    const answer = await fetch(`${standIn().apiUrl}${path}`, { method, headers: { authorization: `token ${token}` }, ...sent })
    // An answer of the stand-in's is an object, or a list that the caller takes it for.
    return { status: answer.status, link: answer.headers.get('link'), data: (await answer.json()) as Record<string, unknown> }
  },
})

/** A stand-in of its own, a client of it, and whatever the client makes of its webhooks. */
export const aRepository = async (test: TestContext, options: Partial<GithubOptions> = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'github-'))
  const heard: Heard[] = []
  const { ear, url: webhookUrl } = await anEar(heard, () => repository.readNews)
  const asked = { folder, repository: REPOSITORY, branch: 'main', webhookUrl, webhookSecret: SECRET, publicUrl: 'http://school.test' }
  let standIn = await startGithubSandbox(asked)
  const clientOf = (more: Partial<GithubOptions> = {}) =>
    github({
      ...{ repository: REPOSITORY, branch: 'main', folder: 'courses', apiUrl: standIn.apiUrl, auth: { token: secret(standIn.token) } },
      ...{ webhookSecrets: [secret('an older one'), secret(SECRET)], webUrl: 'http://school.test/sandbox/github', limits: { retryMs: 5 } },
      ...options,
      ...more,
    })
  const repository = clientOf()
  test.after(async () => {
    await standIn.close()
    ear.closeAllConnections()
    ear.close()
    await rm(folder, { recursive: true })
  })
  return {
    ...asking(() => standIn),
    ...{ repository, clientOf, heard, gitdir: standIn.repositoryFolder, token: standIn.token },
    settle: () => standIn.settle(),
    restart: async (): Promise<void> => {
      await standIn.close()
      standIn = await startGithubSandbox(asked)
    },
  }
}

export const signed = (body: string, key = SECRET): string => `sha256=${createHmac('sha256', key).update(body).digest('hex')}`

export const LESSON = '---\ntitle: Loops\n---\n\n# Loops\n\nAgain and again.\n'
export const aProposal = (more: Partial<{ branch: string; title: string; body: string; files: { path: string; text: string }[] }> = {}) => ({
  ...{ branch: 'lectern/run_1', title: 'Loops', body: 'A lesson about *loops*.', files: [{ path: 'courses/basics/01-loops.md', text: LESSON }] },
  ...more,
})
