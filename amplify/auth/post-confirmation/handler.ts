import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { PostConfirmationTriggerEvent } from 'aws-lambda'

const client = new EventBridgeClient()

/** Set by the template. */
const busName = process.env['BUS_NAME']

/**
 * Somebody has confirmed their address: says so on the school's bus, by id alone. It writes nothing; a new password (the other reason
 * Cognito calls it for) is nobody new.
 * @throws what hinders it, so that Cognito tries again; who signs in later is entered in the directory then.
 */
export const handler = async (event: PostConfirmationTriggerEvent): Promise<PostConfirmationTriggerEvent> => {
  if (event.triggerSource !== 'PostConfirmation_ConfirmSignUp') return event
  const detail = JSON.stringify({ id: event.request.userAttributes['sub'], userName: event.userName })
  const told = await client.send(
    new PutEventsCommand({ Entries: [{ EventBusName: busName, Source: 'lectern.sign-up', DetailType: 'person.confirmed', Detail: detail }] }),
  )
  // EventBridge answers 200 for entries it did not take.
  if (told.FailedEntryCount !== 0) throw new Error(`The sign-up was not told: ${told.Entries?.[0]?.ErrorCode ?? 'no reason given'}`)
  return event
}
