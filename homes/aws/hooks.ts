import { stripeHook } from '#api/webhooks.ts'
import type { Log } from '#ports/log.ts'
import type { EdgeDoor } from './edge-door.ts'
import { overHttp, rawBody, say } from './http.ts'
import type { Inbox } from './inbox.ts'

type Given = { log: Log; admits: EdgeDoor; inbox(): Promise<Inbox> }

/** The webhooks' own function: the gateway before it has limits of its own, and the school need not be open. */
export const hooks = ({ log, admits, inbox }: Given) =>
  overHttp({ log, admits }, async (event) => {
    if (event.rawPath !== '/hooks/stripe') return say(404, 'Not found')
    if (event.requestContext.http.method !== 'POST') return say(405, 'POST only')
    const receive = stripeHook(await inbox())
    const { status, body } = await receive({ body: rawBody(event), signature: event.headers['stripe-signature'] })
    return say(status, body)
  })
