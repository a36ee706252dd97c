import { GITHUB_HEADERS, githubHook, type HookAnswer, stripeHook } from '#api/webhooks.ts'
import type { Log } from '#ports/log.ts'
import { overHttp, rawBody, say } from './http.ts'
import type { Inbox } from './inbox.ts'

type Given = { log: Log; inbox(): Promise<Inbox> }

type Receive = (inbox: Inbox, body: Uint8Array, headers: Record<string, string | undefined>) => Promise<HookAnswer>

const { signature, event, delivery } = GITHUB_HEADERS

const RECEIVERS: Record<string, Receive> = {
  '/hooks/stripe': (inbox, body, headers) => stripeHook(inbox)({ body, signature: headers['stripe-signature'] }),
  '/hooks/github': (inbox, body, headers) => githubHook(inbox)({ body, signature: headers[signature], event: headers[event], delivery: headers[delivery] }),
}

/** The webhooks' own function: the gateway before it has limits of its own, and the school need not be open. */
export const hooks = ({ log, inbox }: Given) =>
  overHttp(log, async (request) => {
    const receive = RECEIVERS[request.rawPath]
    if (!receive) return say(404, 'Not found')
    if (request.requestContext.http.method !== 'POST') return say(405, 'POST only')
    const { status, body } = await receive(await inbox(), rawBody(request), request.headers)
    return say(status, body)
  })
