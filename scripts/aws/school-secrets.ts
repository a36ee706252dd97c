import { SchoolSecret } from '#homes/aws/school-secret.ts'
import { DeployTrouble, type Tools } from './tools.ts'
import type { Wish } from './wish.ts'

const QUESTIONS: [name: keyof SchoolSecret, question: string][] = [
  ['stripeSecretKey', 'Stripe’s secret key'],
  ['stripeWebhookSecrets', 'The signing secret of Stripe’s webhook for /hooks/stripe'],
  ['smtpUrl', 'SMTP of the mail provider, with user and password'],
  ['mailFrom', 'Whom letters are from'],
  ['transcriptionKey', 'The key of the transcription service'],
]

export const schoolSecret = (stage: string): string => `lectern-${stage}/school`

/** @throws naming what is wrong, never its value */
const checked = (given: Record<string, unknown>): void => {
  const { error } = SchoolSecret.safeParse(given)
  if (error) throw new DeployTrouble(`Nothing was kept. ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`)
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
  checked(known)
  await tools.secrets.put(schoolSecret(stage), JSON.stringify(known))
  const given = QUESTIONS.filter(([name]) => known[name] !== undefined)
  tools.say(`${given.length} of ${QUESTIONS.length} are in Secrets Manager as ${schoolSecret(stage)}. The functions read them within five minutes`)
}
