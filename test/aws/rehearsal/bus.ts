import * as z from 'zod'
import type { Call } from '../endpoint.ts'
import { type Envelope, events, type Target } from '../events.ts'
import type { Sqs } from '../sqs.ts'
import type { Deployment } from './deployment.ts'
import type { Leave } from './leave.ts'
import { Rule } from './routing.ts'

const Entries = z.object({ Entries: z.array(z.object({ Source: z.string(), DetailType: z.string(), Detail: z.string() })) })
const Told = z.object({ id: z.string() })
const ForListener = z.object({ listener: z.string(), event: z.string() })

export type News = Pick<Envelope, 'source' | 'detail-type' | 'detail'>
type Deployed = { deployment: Deployment; leave: Leave }
type Options = {
  now(): Date
  queues: Sqs
  troubles: string[]
  /** Begins what a rule's target says. @throws what keeps it from that */
  begin(asked: { target: Target; input: string; ruleArn: string }): void
}

const nameIn = (arn: string): string => arn.split(':').at(-1) ?? ''

/** The buses of a deployment and their rules. It notes which events it was told, and which listener was sent which. */
export const busOf = ({ now, queues, troubles, begin }: Options) => {
  const [told, heard, pending] = [new Map<string, string>(), new Set<string>(), new Set<Promise<void>>()]
  let deployed: Deployed | undefined

  const deliver = (targetArn: string, input: string, ruleArn: string, target: Target): void => {
    if (target.EcsParameters) {
      try {
        begin({ target, input, ruleArn })
        return
      } catch (error) {
        // It ends as a dead letter, and whoever rehearses hears why.
        troubles.push(String(error))
        throw error
      }
    }
    // The owner's letters are not rehearsed; a queue that is not there is an error.
    if (!targetArn.includes(':sqs:')) return
    const queue = deployed?.deployment.placed.find(({ type, attributes }) => type === 'AWS::SQS::Queue' && attributes['Arn'] === targetArn)
    if (!queue) throw new Error(`The rule ${ruleArn} sends to ${targetArn}, which is not there.`)
    const isLetIn = deployed?.leave.mayReach(queue.ref, { service: 'events.amazonaws.com', resource: targetArn, source: ruleArn }) === true
    if (!isLetIn) throw new Error(`The queue ${nameIn(targetArn)} lets nothing in from ${ruleArn}.`)
    queues.deliver(targetArn, input)
    const message = ForListener.safeParse(JSON.parse(input))
    if (message.success) heard.add(`${message.data.listener} ${message.data.event}`)
  }
  let buses = events({ buses: ['default'], now, deliver })

  return {
    service: {
      name: 'events',
      asks: (call: Call) => buses.asks(call),
      answer: (call: Call) => {
        for (const { Source, DetailType, Detail } of Entries.parse(JSON.parse(call.body.toString())).Entries) {
          const event = Told.safeParse(JSON.parse(Detail))
          if (Source === 'lectern' && event.success) told.set(event.data.id, DetailType)
        }
        return buses.answer(call)
      },
    },
    /** By id, the names of events it was told. */
    told: told as ReadonlyMap<string, string>,
    isHeard: (listener: string, event: string): boolean => heard.has(`${listener} ${event}`),
    lost: () => buses.lost,
    deploy(next: Deployed): void {
      deployed = next
      const { deployment } = next
      buses = events({
        ...{ now, deliver },
        buses: ['default', ...deployment.placed.flatMap(({ type, ref }) => (type === 'AWS::Events::EventBus' ? [ref] : []))],
        rules: deployment.all('AWS::Events::Rule', Rule).map(({ is, Name = is.id, ...rule }) => ({ ...rule, Name })),
      })
    },
    emit: (event: News): Promise<void> => buses.tell(event),
    /** What a bucket tells, which waits for nobody. */
    tell(event: News): void {
      const sent = buses
        .tell(event)
        .catch((error: unknown) => void troubles.push(String(error)))
        .finally(() => pending.delete(sent))
      pending.add(sent)
    },
    quiet: async (): Promise<void> => void (await Promise.all(pending)),
    forget(): void {
      told.clear()
      heard.clear()
    },
  }
}

export type BusPlay = ReturnType<typeof busOf>
