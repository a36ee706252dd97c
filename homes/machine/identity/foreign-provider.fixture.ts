import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import type { Provider as OidcProvider } from 'oidc-provider'
import { Provider } from 'oidc-provider/lib/provider.js'
import { secret } from '#ports/secret.ts'
import { aBrowser } from '#test/browser.ts'
import { adapter } from './adapter.ts'
import { makeSigningKey, publicKey } from './keys.ts'

/** What the other provider says of somebody; whether it is so is what tests are about. */
export type AForeigner = { sub: string; email: string; email_verified?: unknown; name?: string }

const CLIENT_SECRET = 'a secret that two programs share, long enough'

/** Whoever comes is somebody at once: their sign-in there is no business of ours. */
const letThrough = (provider: OidcProvider, people: Map<string, AForeigner>) => {
  const next: { sub: string } = { sub: '' }
  provider.use(async (context, further) => {
    if (!context.path.startsWith('/interaction/')) return further()
    const { prompt, params, session } = await provider.interactionDetails(context.req, context.res)
    if (prompt.name === 'login') {
      await provider.interactionFinished(context.req, context.res, { login: { accountId: next.sub } })
    } else {
      const grant = new provider.Grant({ accountId: session?.accountId ?? next.sub, clientId: String(params['client_id']) })
      grant.addOIDCScope('openid email profile')
      await provider.interactionFinished(context.req, context.res, { consent: { grantId: await grant.save() } })
    }
    context.respond = false
  })
  return (as: AForeigner): void => {
    people.set(as.sub, as)
    next.sub = as.sub
  }
}

/** A certified OpenID provider on loopback, with a client for the school. */
export const aForeignProvider = async () => {
  const people = new Map<string, AForeigner>()
  const held: { handle: ((...args: Parameters<ReturnType<OidcProvider['callback']>>) => unknown) | undefined } = { handle: undefined }
  const server = createServer((request, response) => void held.handle?.(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on TCP has such an address.
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let become: (as: AForeigner) => void = () => {}
  const [signing, other] = [await makeSigningKey(), await makeSigningKey()]
  const allow = async (redirect: string): Promise<void> => {
    const database = new DatabaseSync(':memory:')
    database.exec('CREATE TABLE oidc (model TEXT, id TEXT, payload TEXT, grant_id TEXT, uid TEXT, account TEXT, expires INTEGER, PRIMARY KEY (model, id))')
    const provider = new Provider(issuer, {
      ...{ adapter: adapter(database), jwks: { keys: [signing] } },
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
      clients: [
        { client_id: 'school', client_secret: CLIENT_SECRET, redirect_uris: [redirect], response_types: ['code'], grant_types: ['authorization_code'] },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      cookies: { keys: ['for tests alone'] },
      findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
    })
    become = letThrough(provider, people)
    held.handle = provider.callback()
  }
  /** From now on it publishes another key under the name of the one it signs with. */
  const pretend = (): void => {
    const [key, answer] = [{ ...publicKey(other), kid: signing.kid }, held.handle]
    held.handle = (request, response) => {
      if (request.url !== '/jwks') return answer?.(request, response)
      response.setHeader('content-type', 'application/json')
      return response.end(JSON.stringify({ keys: [key] }))
    }
  }
  return {
    client: { issuer, clientId: 'school', clientSecret: secret(CLIENT_SECRET) },
    ...{ allow, pretend },
    /** Goes through a sign-in there as somebody, and answers where that leads back to. */
    async answer(address: URL, as: AForeigner): Promise<URL> {
      become(as)
      const browser = aBrowser(issuer, () => true)
      return (await browser.open(address)).url
    },
    async close(): Promise<void> {
      server.close()
      server.closeAllConnections()
    },
  }
}
