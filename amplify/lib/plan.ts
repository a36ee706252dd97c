import type { Node } from 'constructs'
import { contentNames } from '../../homes/aws/content-wiring.ts'
import { type Names, namesOf, STAGES, type Stage } from './names.ts'

export type PublicKey = { name: string; pem: string }

/** What whoever deploys has decided, from CDK's context: `-c stage=production -c domain=school.example`. */
export type Plan = {
  stage: Stage
  names: Names
  /** Origin learners see. */
  url: string
  mediaUrl: string
  /** In us-east-1, for both hosts. */
  certificate: string | undefined
  /** What the functions read by the machine's names, `LECTERN_…`; unset ones have the defaults of the settings. */
  settings: Readonly<Record<string, string>>
  ownerEmail: string
  /** Whom codes of sign-up and reset are from, by SES; undefined: from Cognito itself, which sends fifty letters a day for an account. */
  codesFrom: string | undefined
  signingKeys: readonly [PublicKey, PublicKey]
  images: { writer: string; publisher: string } | undefined
  monthlyBudgetUsd: number
  /** SHA-256 of what Cloudflare shows, in hex; undefined while nothing stands in front. */
  proxyDigest: string | undefined
  /** Known after the first deployment; alarms on it live in us-east-1. */
  distribution: string | undefined
}

/** The context is wrong in a way whoever deploys can mend. */
export class PlanError extends Error {
  readonly code = 'bad-plan'
}

/** Nobody has the private halves: what is deployed with them serves no media, until the school's own keys are given. */
const NOBODYS_KEYS: readonly [PublicKey, PublicKey] = [
  {
    name: 'nobodys-a',
    pem: '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdm6bFuDOTpY6Jlepjv0+VEGR2ybL\nNSf0LUngms1o8bJWfeLX5CJKhQCnvn2uxNsz8w24PXJrVYC5FD1O6yfUVg==\n-----END PUBLIC KEY-----\n',
  },
  {
    name: 'nobodys-b',
    pem: '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAELjaKMD3SszMaQ46Ebu63PpTi+qBd\nre0hnvTQaYXQ1sZEiQVIUesIPqxjMzIGqitckrnlRuGIkZuuSTqxCCJdYA==\n-----END PUBLIC KEY-----\n',
  },
]

const HOST = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/
const CERTIFICATE = /^arn:aws[\w-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/
const IMAGE = /^[\w./-]+@sha256:[0-9a-f]{64}$/
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/

/** What the settings of the school take besides, under the machine's names. */
const OPTIONAL = [
  'LECTERN_SCHOOL',
  'LECTERN_CURRENCY',
  'LECTERN_UPLOAD_LIMIT_GB',
  'LECTERN_FILE_LIMIT_GB',
  'LECTERN_STORAGE_GB',
  'LECTERN_PLAYBACK_SECONDS',
  'LECTERN_SECURITY_CONTACT',
  'LECTERN_METRICS',
  'TRANSCRIPTION_URL',
  'TRANSCRIPTION_MODEL',
  ...contentNames,
]

const reader = (node: Node) => {
  const text = (name: string, pattern: RegExp, says: string): string | undefined => {
    // Context is whatever was given on the command line or in cdk.json.
    const value: unknown = node.tryGetContext(name)
    if (value === undefined || value === '') return undefined
    if (typeof value !== 'string' || !pattern.test(value)) throw new PlanError(`The context "${name}" is to be ${says}.`)
    return value
  }
  return { text }
}

const keysOf = (given: string | undefined): Plan['signingKeys'] => {
  if (given === undefined) return NOBODYS_KEYS
  const keys = Object.entries<unknown>(JSON.parse(given)).map(([name, pem]) => ({ name, pem: String(pem) }))
  const [first, second, ...more] = keys
  if (!first || !second || more.length > 0)
    throw new PlanError('The context "signingKeys" is to be a JSON object of two names, each with its public key as PEM.')
  return [first, second]
}

const sitesOf = (node: Node): Pick<Plan, 'url' | 'mediaUrl' | 'certificate'> => {
  const { text } = reader(node)
  const domain = text('domain', HOST, 'a host such as school.example')
  const media = text('mediaDomain', HOST, 'a host below that of the school, such as media.school.example')
  const certificate = text('certificate', CERTIFICATE, 'the ARN of a certificate in us-east-1')
  if (domain === undefined) {
    if (media !== undefined || certificate !== undefined) throw new PlanError('A media host and a certificate need the context "domain".')
    // Not known before the distribution is there: the first deployment tells it, the second passes it on.
    const url = text('url', /^https:\/\/[a-z0-9]+\.cloudfront\.net$/, "the distribution's own origin, https://….cloudfront.net") ?? 'https://school.invalid'
    return { url, mediaUrl: url, certificate: undefined }
  }
  if (certificate === undefined) throw new PlanError('A domain needs the context "certificate", the ARN of a certificate in us-east-1 for it.')
  const mediaHost = media ?? `media.${domain}`
  if (!mediaHost.endsWith(`.${domain}`)) throw new PlanError('The context "mediaDomain" is to be a host below that of the school.')
  return { url: `https://${domain}`, mediaUrl: `https://${mediaHost}`, certificate }
}

/** What whoever deploys may decide, and what `aws:deploy` says by itself. */
const KNOWN = ['owner', 'domain', 'mediaDomain', 'certificate', 'codesFrom', 'proxyDigest', 'monthlyBudgetUsd', 'writerImage', 'publisherImage', ...OPTIONAL]
const SAID = ['stage', 'url', 'distribution', 'signingKeys']

/** A word that is misspelt would be left out in silence, and be missed after the deployment. */
const refuseUnknown = (node: Node): void => {
  // The CDK's own flags, and what Amplify is told, are in the same record.
  const given = Object.keys(node.getAllContext()).filter((name) => !/^(@|aws:|aws-cdk:|cli-|amplify-)/.test(name))
  const unknown = given.filter((name) => ![...KNOWN, ...SAID].includes(name))
  if (unknown.length > 0) throw new PlanError(`There is no setting ${unknown.map((name) => `"${name}"`).join(', ')}. There are: ${KNOWN.join(', ')}.`)
}

/** @throws PlanError naming the context that is wrong. */
export const planOf = (node: Node): Plan => {
  refuseUnknown(node)
  const { text } = reader(node)
  const given = text('stage', /./, 'staging or production') ?? 'staging'
  const stage = STAGES.find((each) => each === given)
  if (!stage) throw new PlanError(`There is no stage "${given}": it is ${STAGES.join(' or ')}.`)
  const [writer, publisher] = ['writerImage', 'publisherImage'].map((name) => text(name, IMAGE, 'an image by digest, name@sha256:…'))
  const settings = OPTIONAL.flatMap((name) => {
    const value = text(name, /^.{1,500}$/, 'a short text')
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    stage,
    names: namesOf(stage),
    ...sitesOf(node),
    settings: Object.fromEntries(settings),
    ownerEmail: text('owner', EMAIL, 'an e-mail address') ?? 'owner@school.invalid',
    codesFrom: text('codesFrom', EMAIL, 'an e-mail address of a domain that SES knows'),
    signingKeys: keysOf(text('signingKeys', /^\{[\s\S]+\}$/, 'a JSON object of two public keys')),
    images: writer !== undefined && publisher !== undefined ? { writer, publisher } : undefined,
    monthlyBudgetUsd: Number(text('monthlyBudgetUsd', /^\d{1,6}$/, 'whole dollars') ?? '25'),
    proxyDigest: text('proxyDigest', /^[0-9a-f]{64}$/, 'the SHA-256 of the proxy’s secret, in hex'),
    distribution: text('distribution', /^[A-Z0-9]{8,20}$/, "the distribution's id"),
  }
}
