import * as z from 'zod'
import { GithubSecret } from '#homes/aws/content.ts'
import { signingSecret } from '#homes/aws/rotation.ts'
import { SchoolSecret } from '#homes/aws/school-secret.ts'
import { DeployTrouble, type Tools } from './tools.ts'
import type { Wish } from './wish.ts'

type Kept = {
  /** The last word of its name. */
  secret: string
  schema: z.ZodType
  questions: readonly [name: string, question: string][]
}

/** Each is read by those alone who use what is in it. */
const KEPT: readonly Kept[] = [
  {
    secret: 'school',
    schema: SchoolSecret,
    questions: [
      ['stripeSecretKey', 'Stripe’s secret key'],
      ['stripeWebhookSecrets', 'The signing secret of Stripe’s webhook for /hooks/stripe'],
      ['smtpUrl', 'SMTP of the mail provider, with user and password'],
      ['mailFrom', 'Whom letters are from'],
      ['transcriptionKey', 'The key of the transcription service'],
      ['githubWebhookSecrets', 'The secret of GitHub’s webhook for /hooks/github'],
    ] satisfies [keyof SchoolSecret, string][],
  },
  {
    secret: 'github',
    schema: GithubSecret,
    questions: [
      ['GITHUB_TOKEN', 'A token of GitHub for the repository of courses'],
      ['GITHUB_APP_KEY', 'Or the private key of an app, its lines joined by \\n'],
    ] satisfies [keyof GithubSecret, string][],
  },
  {
    secret: 'chatbot',
    schema: z.object({ CHATBOT_KEY: z.string().min(8).optional() }),
    questions: [['CHATBOT_KEY', 'The key of the model that writes lessons']],
  },
]

const nameOf = (stage: string, secret: string): string => `lectern-${stage}/${secret}`

export const schoolSecret = (stage: string): string => nameOf(stage, 'school')

/** @throws naming what is wrong, never its value */
const checked = ({ schema }: Kept, given: Record<string, unknown>): void => {
  const { error } = schema.safeParse(given)
  if (error) throw new DeployTrouble(`Nothing was kept. ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`)
}

const before = async ({ secrets }: Tools, name: string): Promise<Record<string, unknown>> => {
  const text = await secrets.get(name)
  const found: unknown = text === undefined ? {} : JSON.parse(text)
  return typeof found === 'object' && found !== null ? { ...found } : {}
}

const asked = async (tools: Tools, { questions }: Kept, known: Record<string, unknown>): Promise<Record<string, unknown>> => {
  const next = { ...known }
  for (const [name, question] of questions) {
    const typed = (await tools.ask(`${question}${next[name] === undefined ? '' : ' (there is one)'}`, true)).trim()
    if (typed === '-') delete next[name]
    // A terminal takes one line, and a key in PEM has many.
    else if (typed !== '') next[name] = typed.replaceAll('\\n', '\n')
  }
  return next
}

/** `npm run aws:secrets -- staging`: asks for each, hidden; Enter keeps what there is, `-` takes it away. Nothing is kept before all of it holds. */
export const secrets = async (tools: Tools, { stage }: Wish): Promise<void> => {
  // Before anything is typed: what is asked for would have no place.
  if ((await tools.secrets.get(signingSecret(stage))) === undefined)
    throw new DeployTrouble(`${stage} was not deployed yet, and its first deployment makes the place of its secrets: npm run aws:deploy -- ${stage}`)
  tools.say('Enter keeps what there is, a single - takes it away. Nothing typed here is shown or logged.')
  const given: { name: string; known: Record<string, unknown>; next: Record<string, unknown> }[] = []
  for (const kept of KEPT) {
    const name = nameOf(stage, kept.secret)
    const known = await before(tools, name)
    const next = await asked(tools, kept, known)
    checked(kept, next)
    given.push({ name, known, next })
  }
  for (const { name, known, next } of given) {
    const count = Object.keys(next).length
    // One that nobody has given anything for stays as empty as it was made.
    if (count === 0 && Object.keys(known).length === 0) continue
    await tools.secrets.put(name, JSON.stringify(next))
    tools.say(`${count} are in Secrets Manager as ${name}`)
  }
  tools.say('The functions read them within five minutes, and a program when it next begins.')
}
