import { cpus } from 'node:os'
import { resolve } from 'node:path'
import * as z from 'zod'
import { type Secret, secret } from '#ports/secret.ts'
import { isProxyList, proxyNetworks } from '../proxies.ts'

const count = (fallback: number, most: number) => z.coerce.number().int().min(1).max(most).default(fallback)
const text = z.string().min(1).optional()

/** Cookies, policies and redirects are made for an origin. */
const origin = z
  .url({ protocol: /^https?$/ })
  .refine((url) => new URL(url).origin === url.replace(/\/+$/, ''), 'an origin such as https://school.example, with no path')

const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

/** Everything this home reads of its environment, once. README lists the names. */
const Environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(4600),
  LECTERN_DATA: z.string().min(1).default('./data'),
  LECTERN_URL: origin.optional(),
  LECTERN_MEDIA_URL: origin.optional(),
  LECTERN_SCHOOL: z.string().min(1).max(80).default('The Lectern School'),
  LECTERN_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('EUR'),
  LECTERN_OWNER: z.email().default('owner@lectern.test'),
  LECTERN_ENCODERS: count(Math.max(1, cpus().length), 64),
  LECTERN_UPLOAD_LIMIT_GB: z.coerce.number().positive().max(1000).default(20),
  LECTERN_FILE_LIMIT_GB: z.coerce.number().positive().max(5).default(2),
  LECTERN_STORAGE_GB: z.coerce.number().positive().max(1_000_000).optional(),
  LECTERN_PLAYBACK_SECONDS: count(600, 86_400),
  LECTERN_TRUSTED_PROXIES: z.string().refine(isProxyList, 'networks such as 10.0.0.0/8 by comma, and the words cloudflare and loopback').default(''),
  LECTERN_PROXY_SECRET: z
    .string()
    .regex(/^[\x21-\x7e]{32,256}$/, 'at least 32 letters, digits and signs, with no space')
    .optional(),
  FFMPEG_PATH: text,
  SMTP_URL: text,
  MAIL_FROM: text,
  STRIPE_SECRET_KEY: text,
  STRIPE_WEBHOOK_SECRETS: text,
  TRANSCRIPTION_URL: z.url({ protocol: /^https?$/ }).optional(),
  TRANSCRIPTION_KEY: text,
  TRANSCRIPTION_MODEL: z.string().min(1).max(100).default('whisper-1'),
})

export type MachineSettings = {
  port: number
  data: string
  url: string
  /** Where videos and files are read from, if not from `url`. */
  mediaUrl: string
  schoolName: string
  currency: string
  ownerEmail: string
  encoders: number
  uploadMaxBytes: number
  fileMaxBytes: number
  quotaBytes: number | undefined
  playbackTtlSeconds: number
  /** Networks whose word on where a request comes from is taken. */
  trustedProxies: readonly string[]
  /** What the proxy shows with each request; nothing is answered without it. */
  proxySecret: Secret | undefined
  ffmpegPath: string | undefined
  mail: { smtpUrl: Secret; from: string } | undefined
  stripe: { secretKey: Secret; webhookSecrets: Secret[] } | undefined
  /** Captions by machine; off while undefined. */
  transcription: { url: string; key: Secret | undefined; model: string } | undefined
}

/** The environment is wrong in a way its owner can mend: `message` is the line to show. */
export class SettingsError extends Error {
  readonly code = 'bad-settings'
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

/** @throws SettingsError naming each variable that is wrong, never its value. */
export const readSettings = (variables: NodeJS.ProcessEnv): MachineSettings => {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) throw new SettingsError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
  const environment = parsed.data
  const url = withoutSlash(environment.LECTERN_URL ?? `http://localhost:${environment.PORT}`)
  const mediaUrl = withoutSlash(environment.LECTERN_MEDIA_URL ?? url)
  if (mediaUrl !== url && !new URL(mediaUrl).hostname.endsWith(`.${new URL(url).hostname}`))
    throw new SettingsError('LECTERN_MEDIA_URL is a host below that of LECTERN_URL, such as https://media.school.example.')
  return {
    port: environment.PORT,
    data: resolve(environment.LECTERN_DATA),
    url,
    mediaUrl,
    schoolName: environment.LECTERN_SCHOOL,
    currency: environment.LECTERN_CURRENCY,
    ownerEmail: environment.LECTERN_OWNER,
    encoders: environment.LECTERN_ENCODERS,
    uploadMaxBytes: Math.floor(environment.LECTERN_UPLOAD_LIMIT_GB * 1024 ** 3),
    fileMaxBytes: Math.floor(environment.LECTERN_FILE_LIMIT_GB * 1024 ** 3),
    quotaBytes: environment.LECTERN_STORAGE_GB === undefined ? undefined : Math.floor(environment.LECTERN_STORAGE_GB * 1024 ** 3),
    playbackTtlSeconds: environment.LECTERN_PLAYBACK_SECONDS,
    trustedProxies: proxyNetworks(environment.LECTERN_TRUSTED_PROXIES),
    proxySecret: environment.LECTERN_PROXY_SECRET === undefined ? undefined : secret(environment.LECTERN_PROXY_SECRET),
    ffmpegPath: environment.FFMPEG_PATH,
    ...whole(environment),
    transcription: transcription(environment),
  }
}
