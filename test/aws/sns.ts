import { ACCOUNT, type Answer, type Call, REGION, type Service } from './endpoint.ts'

export type Notification = { topic: string; subject: string | undefined; message: string }

export const topicArn = (name: string): string => `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign)

const xml = (status: number, body: string): Answer => ({ status, headers: { 'content-type': 'text/xml' }, body })
const refusal = (status: number, code: string, message: string): Answer =>
  xml(status, `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error></ErrorResponse>`)

/** ASCII, not empty, one line, not begun with a space: what a letter's subject could be in 2010. */
const isSubject = (text: string): boolean => text.length <= 100 && /^[!-~][ -~]*$/.test(text)
const MOST_BYTES = 262_144

const fieldsOf = ({ body }: Call): URLSearchParams => new URLSearchParams(body.toString())

/** SNS by its query protocol, with what was published to its topics. */
export const openSns = ({ topics }: { topics: readonly string[] }): Service & { published: Notification[] } => {
  const published: Notification[] = []
  const publish = (fields: URLSearchParams): Answer => {
    const [arn, subject, message] = [fields.get('TopicArn') ?? '', fields.get('Subject') ?? undefined, fields.get('Message') ?? '']
    const topic = topics.find((name) => topicArn(name) === arn)
    if (topic === undefined) return refusal(404, 'NotFound', 'Topic does not exist')
    if (subject !== undefined && !isSubject(subject)) return refusal(400, 'InvalidParameter', 'Invalid parameter: Subject')
    if (message === '') return refusal(400, 'InvalidParameter', 'Invalid parameter: Empty message')
    if (Buffer.byteLength(message) > MOST_BYTES) return refusal(400, 'InvalidParameter', 'Invalid parameter: Message too long')
    published.push({ topic, subject, message })
    const id = `00000000-0000-4000-8000-${String(published.length).padStart(12, '0')}`
    return xml(
      200,
      `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>${id}</MessageId></PublishResult></PublishResponse>`,
    )
  }
  return {
    name: 'sns',
    published,
    refuse: refusal,
    asks(call) {
      const fields = fieldsOf(call)
      return [{ action: `sns:${fields.get('Action')}`, resource: fields.get('TopicArn') ?? '*' }]
    },
    async answer(call) {
      const fields = fieldsOf(call)
      const action = fields.get('Action')
      return action === 'Publish' ? publish(fields) : refusal(400, 'InvalidAction', `${action} is not played here.`)
    },
  }
}
