import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { PostConfirmationTriggerEvent } from 'aws-lambda'

const client = new EventBridgeClient()

/** Set by the template. */
const busName = process.env['BUS_NAME']
// Without a name EventBridge takes the account's default bus, where nobody of ours listens.
if (!busName) throw new Error('BUS_NAME is not set.')

/**
 * Somebody has confirmed their address, or chosen a new password for one they forgot: says so on the school's bus, in Cognito's words
 * but without any attribute except the id. It writes nothing; whoever hears it tells the two apart.
 * @throws what hinders it, so that Cognito tries again; who signs in later is entered in the directory then.
 */
export const handler = async (event: PostConfirmationTriggerEvent): Promise<PostConfirmationTriggerEvent> => {
  const { userPoolId, userName, triggerSource, request } = event
  const { sub } = request.userAttributes
  const detail = JSON.stringify({ userPoolId, userName, triggerSource, request: { userAttributes: { sub } } })
  const told = await client.send(
    new PutEventsCommand({ Entries: [{ EventBusName: busName, Source: 'lectern.sign-up', DetailType: 'person.confirmed', Detail: detail }] }),
  )
  // EventBridge answers 200 for entries it did not take.
  if (told.FailedEntryCount !== 0) throw new Error(`The sign-up was not told: ${told.Entries?.[0]?.ErrorCode ?? 'no reason given'}`)
  return event
}
