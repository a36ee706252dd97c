import { randomUUID } from 'node:crypto'
import { ACCOUNT, type Answer, type Call, REGION, type Service } from './endpoint.ts'

type Version = { id: string; text: string; stages: Set<string>; at: Date }
type Held = { name: string; arn: string; versions: Version[] }

const asJson = (status: number, content: object): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(content),
})

const fault = (type: string, message: string): Answer => asJson(400, { __type: type, Message: message })
const absent = (what: string): Answer => fault('ResourceNotFoundException', `Secrets Manager can't find ${what}.`)

const PREVIOUS = 'AWSPREVIOUS'
const CURRENT = 'AWSCURRENT'

/** A label is at one version only, and what loses AWSCURRENT is AWSPREVIOUS. */
const label = (versions: readonly Version[], to: Version, stage: string): void => {
  const before = versions.find(({ stages }) => stages.has(stage))
  if (before === to) return
  before?.stages.delete(stage)
  if (stage === CURRENT && before) {
    for (const { stages } of versions) stages.delete(PREVIOUS)
    before.stages.add(PREVIOUS)
  }
  to.stages.add(stage)
}

type Input = Partial<
  Record<'SecretId' | 'SecretString' | 'VersionId' | 'VersionStage' | 'ClientRequestToken' | 'MoveToVersionId' | 'RemoveFromVersionId', string>
> & { VersionStages?: string[] }

const about = ({ arn, name }: Held, { id, stages }: Version): object => ({ ARN: arn, Name: name, VersionId: id, VersionStages: [...stages] })

const get = (held: Held, { VersionId, VersionStage = CURRENT }: Input): Answer => {
  const version = held.versions.find(({ id, stages }) => (VersionId === undefined ? stages.has(VersionStage) : id === VersionId))
  if (!version) return absent(`the specified secret value for staging label: ${VersionStage}`)
  return asJson(200, { ...about(held, version), SecretString: version.text, CreatedDate: version.at.getTime() / 1000 })
}

const put = (held: Held, { SecretString = '', ClientRequestToken: id = randomUUID(), VersionStages = [CURRENT] }: Input, at: Date): Answer => {
  const known = held.versions.find((version) => version.id === id)
  if (known && known.text !== SecretString) return fault('ResourceExistsException', 'A resource with the ID you requested already exists.')
  const version = known ?? { id, text: SecretString, stages: new Set<string>(), at }
  if (!known) held.versions.push(version)
  for (const stage of VersionStages) label(held.versions, version, stage)
  return asJson(200, about(held, version))
}

const move = ({ arn, name, versions }: Held, { VersionStage = '', MoveToVersionId, RemoveFromVersionId }: Input): Answer => {
  const before = versions.find(({ stages }) => stages.has(VersionStage))
  if (before && before.id !== RemoveFromVersionId)
    return fault('InvalidParameterException', `The parameter RemoveFromVersionId can't be empty or another. Staging label ${VersionStage} is at ${before.id}.`)
  const to = versions.find(({ id }) => id === MoveToVersionId)
  if (!to) return absent('the specified secret version')
  label(versions, to, VersionStage)
  return asJson(200, { ARN: arn, Name: name })
}

export const secretArn = (name: string): string => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-a1B2c3`

/** What a call asks for; its body is JSON. */
const inputOf = ({ headers, body }: Call): { operation: string; input: Input } => ({
  operation: String(headers['x-amz-target'] ?? '').replace('secretsmanager.', ''),
  input: JSON.parse(body.toString()),
})

/** Secrets Manager: versions and their labels. A secret is there from the start, with a first version or none. */
export const openSecretsManager = ({ secrets, now }: { secrets: Record<string, string | undefined>; now(): Date }): Service => {
  const all = Object.entries(secrets).map(([name, text]): Held => {
    const first = text === undefined ? [] : [{ id: randomUUID(), text, stages: new Set([CURRENT]), at: now() }]
    return { name, arn: secretArn(name), versions: first }
  })
  const find = (id: string | undefined): Held | undefined => all.find(({ name, arn }) => id === name || id === arn)
  return {
    name: 'secretsmanager',
    asks(call) {
      const { operation, input } = inputOf(call)
      return [{ action: `secretsmanager:${operation}`, resource: find(input.SecretId)?.arn ?? String(input.SecretId) }]
    },
    async answer(call) {
      const { operation, input } = inputOf(call)
      const held = find(input.SecretId)
      if (!held) return absent('the specified secret')
      if (operation === 'GetSecretValue') return get(held, input)
      if (operation === 'PutSecretValue') return put(held, input, now())
      return operation === 'UpdateSecretVersionStage' ? move(held, input) : fault('InvalidAction', `${operation} is not played here.`)
    },
  }
}
