import { isIP } from 'node:net'
import { cpus } from 'node:os'
import { resolve } from 'node:path'
import * as z from 'zod'
import { type Secret, secret } from '#ports/secret.ts'
import type { OpenIdSettings } from '#vendors/openid/openid.ts'
import { CONTENT, CONTENT_SECRETS, type ContentSettings, contentOf } from '../content-environment.ts'
import { count, readEnvironment, SCHOOL, type SchoolSettings, SettingsError, schoolOf, text } from '../environment.ts'
import type { Collector } from '../otlp.ts'
import { isProxyList, proxyNetworks } from '../proxies.ts'
import type { MetricsDoor } from './metrics.ts'
import { SIGN_IN_WITH } from './sign-in-with.ts'

/** Everything this home reads of its environment, once. README lists the names. */
const Environment = z.object({
  ...SCHOOL,
  ...CONTENT,
  ...CONTENT_SECRETS,
  PORT: z.coerce.number().int().min(0).max(65_535).default(4600),
  LECTERN_LISTEN: z
    .string()
    .refine((address) => isIP(address) !== 0, 'an address of this machine, such as 127.0.0.1 or 0.0.0.0')
    .optional(),
  LECTERN_DATA: z.string().min(1).default('./data'),
  LECTERN_ENCODERS: count(Math.max(1, cpus().length), 64),
  LECTERN_TRUSTED_PROXIES: z.string().refine(isProxyList, 'networks such as 10.0.0.0/8 by comma, and the words cloudflare and loopback').default(''),
  LECTERN_PROXY_SECRET: z
    .string()
    .regex(/^[\x21-\x7e]{32,256}$/, 'at least 32 letters, digits and signs, with no space')
    .optional(),
  LECTERN_ACCEL: z
    .string()
    .regex(/^\/[a-z0-9][a-z0-9-]*\/$/, 'one name between slashes, such as /lectern-blobs/')
    .optional(),
  LECTERN_WEBHOOK_HOSTS: z.string().default(''),
  LECTERN_METRICS: z
    .union([z.enum(['off', 'loopback']), z.string().regex(/^[\x21-\x7e]{32,256}$/)], 'off, loopback, or a token of at least 32 letters, digits and signs')
    .default('off'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: text,
  FFMPEG_PATH: text,
  SMTP_URL: text,
  MAIL_FROM: text,
  STRIPE_SECRET_KEY: text,
  STRIPE_WEBHOOK_SECRETS: text,
  TRANSCRIPTION_KEY: text,
  SIGN_IN_WITH: SIGN_IN_WITH.optional(),
})

/** The names it reads. */
export const SETTINGS: ReadonlySet<string> = new Set(Object.keys(Environment.shape))

export type MachineSettings = SchoolSettings & {
  port: number
  /** The address of this machine that is listened on; undefined for all of them. */
  listen: string | undefined
  data: string
  encoders: number
  /** Networks whose word on where a request comes from is taken. */
  trustedProxies: readonly string[]
  /** What the proxy shows with each request; nothing is answered without it. */
  proxySecret: Secret | undefined
  /** Where the server in front has the store's files; it sends them in our place. */
  accelPlace: string | undefined
  /** Who may read the measurements at `/metrics`. */
  metrics: MetricsDoor
  /** Where traces go; none are made while undefined. */
  collector: Collector | undefined
  /** Hosts that webhooks may lead to wherever they are: the owner's own. */
  webhookHosts: readonly string[]
  ffmpegPath: string | undefined
  mail: { smtpUrl: Secret; from: string } | undefined
  stripe: { secretKey: Secret; webhookSecrets: Secret[] } | undefined
  /** Captions by machine; off while undefined. */
  transcription: { url: string; key: Secret | undefined; model: string } | undefined
  /** Other OpenID providers by which people may sign in. */
  signInWith: readonly OpenIdSettings[]
  content: ContentSettings
}

/** The endpoint of all signals has one for traces below it; that of traces alone is taken as it is. */
const collectorOf = (environment: z.infer<typeof Environment>): Collector | undefined => {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces, OTEL_EXPORTER_OTLP_HEADERS: headers } = environment
  const url = traces ?? (all === undefined ? undefined : `${all.replace(/\/$/, '')}/v1/traces`)
  return url === undefined ? undefined : { url, headers: headers === undefined ? undefined : secret(headers) }
}

const whole = (environment: z.infer<typeof Environment>): Pick<MachineSettings, 'mail' | 'stripe'> => {
  const { SMTP_URL, MAIL_FROM, STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRETS } = environment
  if ((SMTP_URL === undefined) !== (MAIL_FROM === undefined)) throw new SettingsError('SMTP_URL and MAIL_FROM are set together or not at all.')
  if ((STRIPE_SECRET_KEY === undefined) !== (STRIPE_WEBHOOK_SECRETS === undefined)) {
    throw new SettingsError('STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRETS are set together or not at all.')
  }
  return {
    mail: SMTP_URL !== undefined && MAIL_FROM !== undefined ? { smtpUrl: secret(SMTP_URL), from: MAIL_FROM } : undefined,
    stripe:
      STRIPE_SECRET_KEY !== undefined && STRIPE_WEBHOOK_SECRETS !== undefined
        ? { secretKey: secret(STRIPE_SECRET_KEY), webhookSecrets: STRIPE_WEBHOOK_SECRETS.split(',').map((each) => secret(each.trim())) }
        : undefined,
  }
}

const transcription = ({ TRANSCRIPTION_URL, TRANSCRIPTION_KEY, TRANSCRIPTION_MODEL }: z.infer<typeof Environment>): MachineSettings['transcription'] => {
  if (TRANSCRIPTION_URL === undefined && TRANSCRIPTION_KEY !== undefined) throw new SettingsError('TRANSCRIPTION_KEY is of no use without TRANSCRIPTION_URL.')
  if (TRANSCRIPTION_URL === undefined) return undefined
  return { url: TRANSCRIPTION_URL, key: TRANSCRIPTION_KEY === undefined ? undefined : secret(TRANSCRIPTION_KEY), model: TRANSCRIPTION_MODEL }
}

const OF_THIS_MACHINE = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/

/** Where the school's address leads to this machine, or everybody comes by a proxy on it, nobody else has any business at its port. */
const listenOn = ({ LECTERN_LISTEN, LECTERN_TRUSTED_PROXIES: proxies }: z.infer<typeof Environment>, url: string): string | undefined =>
  LECTERN_LISTEN ?? (proxies.trim() === 'loopback' || OF_THIS_MACHINE.test(new URL(url).hostname) ? '127.0.0.1' : undefined)

/** @throws SettingsError naming each variable that is wrong, never its value. */
export const readSettings = (variables: NodeJS.ProcessEnv): MachineSettings => {
  const environment = readEnvironment(Environment, variables)
  const school = schoolOf(environment, `http://localhost:${environment.PORT}`)
  return {
    ...school,
    port: environment.PORT,
    listen: listenOn(environment, school.url),
    data: resolve(environment.LECTERN_DATA),
    encoders: environment.LECTERN_ENCODERS,
    trustedProxies: proxyNetworks(environment.LECTERN_TRUSTED_PROXIES),
    proxySecret: environment.LECTERN_PROXY_SECRET === undefined ? undefined : secret(environment.LECTERN_PROXY_SECRET),
    accelPlace: environment.LECTERN_ACCEL,
    metrics:
      environment.LECTERN_METRICS === 'off' || environment.LECTERN_METRICS === 'loopback' ? environment.LECTERN_METRICS : secret(environment.LECTERN_METRICS),
    collector: collectorOf(environment),
    webhookHosts: environment.LECTERN_WEBHOOK_HOSTS.toLowerCase()
      .split(',')
      .flatMap((host) => host.trim() || []),
    ffmpegPath: environment.FFMPEG_PATH,
    ...whole(environment),
    transcription: transcription(environment),
    signInWith: environment.SIGN_IN_WITH ?? [],
    content: contentOf(environment),
  }
}
