import * as z from 'zod'

/** The environment is wrong in a way its owner can mend: `message` is the line to show. */
export class SettingsError extends Error {
  readonly code = 'bad-settings'
}

export const count = (fallback: number, most: number) => z.coerce.number().int().min(1).max(most).default(fallback)
export const text = z.string().min(1).optional()

/** Cookies, policies and redirects are made for an origin. */
export const origin = z
  .url({ protocol: /^https?$/, abort: true })
  .refine((url) => new URL(url).origin === url.replace(/\/+$/, ''), 'an origin such as https://school.example, with no path')

/** What every home is told of the school, under the same names. */
export const SCHOOL = {
  LECTERN_URL: origin.optional(),
  LECTERN_MEDIA_URL: origin.optional(),
  LECTERN_SCHOOL: z.string().min(1).max(80).default('The Lectern School'),
  LECTERN_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('EUR'),
  LECTERN_OWNER: z.email().default('owner@lectern.test'),
  LECTERN_SECURITY_CONTACT: z.union([z.email(), z.url({ protocol: /^https$/ })]).optional(),
  LECTERN_UPLOAD_LIMIT_GB: z.coerce.number().positive().max(1000).default(20),
  LECTERN_FILE_LIMIT_GB: z.coerce.number().positive().max(5).default(2),
  LECTERN_STORAGE_GB: z.coerce.number().positive().max(1_000_000).optional(),
  LECTERN_PLAYBACK_SECONDS: count(600, 86_400),
  TRANSCRIPTION_URL: z.url({ protocol: /^https?$/ }).optional(),
  TRANSCRIPTION_MODEL: z.string().min(1).max(100).default('whisper-1'),
}
const School = z.object(SCHOOL)

export type SchoolSettings = {
  url: string
  /** Where videos and files are read from, if not from `url`. */
  mediaUrl: string
  schoolName: string
  currency: string
  ownerEmail: string
  securityContact: string
  uploadMaxBytes: number
  fileMaxBytes: number
  quotaBytes: number | undefined
  playbackTtlSeconds: number
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '')
const bytesOf = (gigabytes: number): number => Math.floor(gigabytes * 1024 ** 3)

const contactOf = (given: string): string => (given.includes('://') ? given : `mailto:${given}`)

/** `fallbackUrl`: where the school is when nobody has said. */
export const schoolOf = (environment: z.infer<typeof School>, fallbackUrl: string): SchoolSettings => {
  const url = withoutSlash(environment.LECTERN_URL ?? fallbackUrl)
  const mediaUrl = withoutSlash(environment.LECTERN_MEDIA_URL ?? url)
  if (mediaUrl !== url && !new URL(mediaUrl).hostname.endsWith(`.${new URL(url).hostname}`))
    throw new SettingsError('LECTERN_MEDIA_URL is a host below that of LECTERN_URL, such as https://media.school.example.')
  return {
    url,
    mediaUrl,
    schoolName: environment.LECTERN_SCHOOL,
    currency: environment.LECTERN_CURRENCY,
    ownerEmail: environment.LECTERN_OWNER,
    securityContact: contactOf(environment.LECTERN_SECURITY_CONTACT ?? environment.LECTERN_OWNER),
    uploadMaxBytes: bytesOf(environment.LECTERN_UPLOAD_LIMIT_GB),
    fileMaxBytes: bytesOf(environment.LECTERN_FILE_LIMIT_GB),
    quotaBytes: environment.LECTERN_STORAGE_GB === undefined ? undefined : bytesOf(environment.LECTERN_STORAGE_GB),
    playbackTtlSeconds: environment.LECTERN_PLAYBACK_SECONDS,
  }
}

/** What is empty counts as left out. @throws SettingsError naming each variable that is wrong, never its value. */
export const readEnvironment = <S extends z.ZodType>(schema: S, variables: NodeJS.ProcessEnv): z.output<S> => {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success) throw new SettingsError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
  return parsed.data
}
