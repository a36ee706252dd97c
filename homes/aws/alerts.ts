import { setTimeout } from 'node:timers/promises'
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns'
import * as z from 'zod'
import { type Message, type Messenger, REMEMBERED_MS } from '#ports/alerts.ts'
import type { Clock } from '#ports/clock.ts'
import type { Expectation, Tables } from '#ports/tables.ts'

/** Longer than a publication takes with its retries: after that, whoever began it has died. */
const CLAIM_MS = 30_000
const LOOK_AGAIN_MS = 250
const MOST_LOOKS = 20

const Mark = z.object({ state: z.enum(['telling', 'told']), at: z.string() })

/** SNS takes a hundred letters of ASCII on one line. The whole subject is the first line of the message. */
const plain = (subject: string): string => {
  const letters = subject
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ -~]/gu, '_')
    .trim()
  return letters === '' ? 'Alert' : letters.slice(0, 100)
}

type Options = { client: SNSClient; topicArn: string; tables: Tables; clock: Clock }

/**
 * Alerts to a topic, once for each id, whoever of the school's many processes tells it. It is marked as being told before it is
 * published and as told after that: what dies in between is told again by the next who comes, which is better than an alert that never comes.
 */
export const alerts = ({ client, topicArn, tables, clock }: Options): Messenger => {
  const keyOf = ({ id }: Message) => ({ pk: `alert#${id}`, sk: 'alert' })
  const mark = (alert: Message, state: 'telling' | 'told', expect?: Expectation): Promise<'done' | 'conflict'> => {
    const body = { state, at: clock.now().toISOString() }
    return tables.commit([{ kind: 'put', key: keyOf(alert), body, ...(expect !== undefined && { expect }) }])
  }
  const publish = async (alert: Message): Promise<void> => {
    const { subject, text } = alert
    await client.send(new PublishCommand({ TopicArn: topicArn, Subject: plain(subject), Message: `${subject}\n\n${text}\n` }))
    await mark(alert, 'told')
  }
  /** `busy`: somebody else is telling it at this moment. */
  const attempt = async (alert: Message): Promise<'told' | 'busy'> => {
    const item = await tables.get(keyOf(alert))
    const found = item && Mark.parse(item.body)
    const ageMs = found ? clock.now().getTime() - Date.parse(found.at) : 0
    if (found?.state === 'told' && ageMs < REMEMBERED_MS) return 'told'
    if (found?.state === 'telling' && ageMs < CLAIM_MS) return 'busy'
    if ((await mark(alert, 'telling', item ? { version: item.version } : 'absent')) === 'conflict') return 'busy'
    try {
      await publish(alert)
    } catch (error) {
      // The next attempt need not wait until this one counts as dead.
      await tables.commit([{ kind: 'remove', key: keyOf(alert) }])
      throw error
    }
    return 'told'
  }
  return {
    async tell(alert) {
      for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
        if ((await attempt(alert)) === 'told') return
        await setTimeout(LOOK_AGAIN_MS)
      }
      throw new Error(`The alert ${alert.id} is being told by another process, which does not come to an end. Try again.`)
    },
  }
}
