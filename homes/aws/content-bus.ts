import { setTimeout } from 'node:timers/promises'
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { type BusNews, CONTENT_SOURCE, type Tell } from '#core/series/bus.ts'
import { backoffMs } from '../retries.ts'

type Options = { client: EventBridgeClient; bus: string; random?: () => number; pause?: (milliseconds: number) => Promise<unknown> }

const MOST_TRIES = 6

/**
 * For a program: tells the bus, and answers when what it told cannot be lost any more. An entry that EventBridge has not taken is no
 * failed call: it is looked for in the answer, and told again.
 * @throws an Error when the bus has not taken it in some seconds; the program ends badly, and is begun anew
 */
export const eventBridgeTell = ({ client, bus, random = Math.random, pause = setTimeout }: Options): Tell => {
  const put = async ({ type, detail }: BusNews): Promise<string | undefined> => {
    const entry = { EventBusName: bus, Source: CONTENT_SOURCE, DetailType: type, Detail: JSON.stringify(detail) }
    const { FailedEntryCount = 0, Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }))
    return FailedEntryCount === 0 ? undefined : `${Entries[0]?.ErrorCode}: ${Entries[0]?.ErrorMessage}`
  }
  return async (news) => {
    let fault: string | undefined
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      fault = await put(news)
      if (fault === undefined) return
      if (tries < MOST_TRIES) await pause(backoffMs(tries, random))
    }
    throw new Error(`The bus ${bus} did not take ${news.type} of ${news.detail.run}: ${fault}`)
  }
}
