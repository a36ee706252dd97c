import * as z from 'zod'
import { DeployTrouble, type Tools } from './tools.ts'
import type { Wish } from './wish.ts'

/** What the school shows to other companies. Each is optional: what is not given is off. */
const SchoolSecrets = z.strictObject({
  stripeSecretKey: z
    .string()
    .regex(/^[sr]k_(test|live)_\w{8,}$/, 'a secret key of Stripe, sk_… or rk_…')
    .optional(),
  stripeWebhookSecrets: z
    .string()
    .regex(/^whsec_[\w+/=]{8,}(,whsec_[\w+/=]{8,})*$/, 'whsec_…, several by comma')
    .optional(),
  smtpUrl: z
    .string()
    .regex(/^smtps?:\/\/\S+$/, 'smtps://user:password@host:465')
    .optional(),
  mailFrom: z
    .string()
    .regex(/^[^@]+@[^@]+\.[^@]+$/, 'an address, or Name <address>')
    .optional(),
  transcriptionKey: z.string().min(8).optional(),
})
type SchoolSecrets = z.infer<typeof SchoolSecrets>

const QUESTIONS: [name: keyof SchoolSecrets, question: string][] = [
  ['stripeSecretKey', 'Stripe’s secret key'],
  ['stripeWebhookSecrets', 'The signing secret of Stripe’s webhook for /hooks/stripe'],
  ['smtpUrl', 'SMTP of the mail provider, with user and password'],
  ['mailFrom', 'Whom letters are from'],
  ['transcriptionKey', 'The key of the transcription service'],
]

export const schoolSecret = (stage: string): string => `lectern-${stage}/school`

/** @throws naming what is wrong, never its value */
const checked = (given: unknown): SchoolSecrets => {
  const { success, data, error } = SchoolSecrets.safeParse(given)
  if (!success) throw new DeployTrouble(`Nothing was kept. ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`)
  if ((data.stripeSecretKey === undefined) !== (data.stripeWebhookSecrets === undefined))
    throw new DeployTrouble('Stripe’s key and its webhook’s secret are given together.')
  if ((data.smtpUrl === undefined) !== (data.mailFrom === undefined)) throw new DeployTrouble('SMTP and whom letters are from are given together.')
  return data
}

const before = async ({ secrets }: Tools, stage: string): Promise<Record<string, unknown>> => {
  const text = await secrets.get(schoolSecret(stage))
  const found: unknown = text === undefined ? {} : JSON.parse(text)
  return typeof found === 'object' && found !== null ? { ...found } : {}
}

/** `npm run aws:secrets -- staging`: asks for each, hidden; Enter keeps what there is, `-` takes it away. */
export const secrets = async (tools: Tools, { stage }: Wish): Promise<void> => {
  const known = await before(tools, stage)
  tools.say('Enter keeps what there is, a single - takes it away. Nothing typed here is shown or logged.')
  for (const [name, question] of QUESTIONS) {
    const typed = (await tools.ask(`${question}${known[name] === undefined ? '' : ' (there is one)'}`, true)).trim()
    if (typed === '-') delete known[name]
    else if (typed !== '') known[name] = typed
  }
  const kept = checked(known)
  await tools.secrets.put(schoolSecret(stage), JSON.stringify(kept))
  tools.say(
    `${Object.keys(kept).length} of ${QUESTIONS.length} are in Secrets Manager as ${schoolSecret(stage)}. New containers of the functions read them; those that run keep the old ones until they end or the next deployment`,
  )
}
