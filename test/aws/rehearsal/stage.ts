import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChatbotSandbox } from '#sandbox/chatbot.ts'
import { startGithubSandbox } from '#sandbox/github.ts'
import { startMailSandbox } from '#sandbox/mail.ts'
import { startStripeSandbox } from '#sandbox/stripe.ts'
import type { Assembly } from './assembly.ts'
import { openCloud } from './cloud.ts'
import { BY_PROXY, MODELS, REPOSITORY, type Rehearsed, SCHOOL } from './plan.ts'
import { browserOf } from './viewer.ts'

const WEBHOOK_SECRET = 'whsec_of_the_rehearsal'
const GITHUB_SECRET = 'a-secret-of-githubs-webhooks'
const GITHUB_TOKEN = 'github_pat_of_the_rehearsal'
const CHATBOT_KEY = 'sk-of-the-rehearsal'

/** Where webhooks are sent is known only when the distribution is up, which needs to know where Stripe is. */
const stripeFor = async (folder: string, webhookUrl: string, port: number) =>
  startStripeSandbox({ folder, port, webhookUrl, webhookSecret: WEBHOOK_SECRET, webhookHeaders: BY_PROXY, publicUrl: SCHOOL, schoolName: 'The school' })

/** A school on AWS with the rest of the world around it: Stripe, a mail server, browsers. */
export const openStage = async ({ assembly, signingSecret, images }: Rehearsed) => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-stage-'))
  const mail = await startMailSandbox({ folder: join(folder, 'mail') })
  const first = await stripeFor(join(folder, 'stripe'), '', 0)
  await first.close()
  const school = {
    ...{ stripeSecretKey: 'sk_test_rehearsal', stripeWebhookSecrets: [WEBHOOK_SECRET], smtpUrl: mail.smtpUrl, mailFrom: 'The school <school@school.example>' },
    githubWebhookSecrets: GITHUB_SECRET,
  }
  const chatbot = await startChatbotSandbox({ folder: join(folder, 'chatbot'), publicUrl: SCHOOL })
  const cloud = await openCloud(assembly, {
    secrets: {
      ...{ school: JSON.stringify(school), signing: signingSecret },
      ...{ chatbot: JSON.stringify({ CHATBOT_KEY }), github: JSON.stringify({ GITHUB_TOKEN }) },
    },
    hosts: { 'api.stripe.com': first.apiUrl, [MODELS]: new URL(chatbot.apiUrl).origin },
    images,
  })
  const hooks = new URL('/hooks/stripe', cloud.places.get(new URL(SCHOOL).host))
  const stripe = await stripeFor(join(folder, 'stripe'), hooks.href, Number(new URL(first.apiUrl).port))
  const github = await startGithubSandbox({
    ...{ folder: join(folder, 'github'), repository: REPOSITORY, branch: 'main', publicUrl: SCHOOL, token: GITHUB_TOKEN, webhookSecret: GITHUB_SECRET },
    ...{ webhookUrl: new URL('/hooks/github', cloud.places.get(new URL(SCHOOL).host)).href, webhookHeaders: BY_PROXY },
  })
  cloud.lead('api.github.com', github.apiUrl)
  const browser = browserOf(cloud)

  /** Everything that can go on has; @throws with each thing that went wrong, by name. */
  const settle = async (): Promise<void> => {
    const idle = async (): Promise<void> => void (await Promise.all([cloud.transcoding.idle(), cloud.containers.idle()]))
    await cloud.flow.settle({ idle, isBroken: () => refusals().length > 0 })
    const all = troubles()
    if (all.length > 0) throw new Error(all.join('\n'))
  }
  /** What has gone wrong since it was last asked: who was refused what, and what failed or was lost. */
  const troubles = (): string[] => {
    const refused = refusals().map(({ principal, action, resource }) => `${principal} may not ${action} on ${resource}.`)
    seen = cloud.refused().length
    return [...new Set([...refused, ...cloud.troubles.splice(0)])]
  }
  const refusals = () => cloud.refused().filter((_, index) => index >= seen && !meant.has(index))
  /** Tries what is to be refused: that is no trouble. */
  const inVain = async (work: () => Promise<void>): Promise<void> => {
    const before = cloud.refused().length
    await work()
    for (let index = before; index < cloud.refused().length; index += 1) meant.add(index)
  }
  const meant = new Set<number>()
  let seen = 0

  return {
    ...{ cloud, browser, stripe, github, settle, troubles, inVain, mail, webhookSecret: WEBHOOK_SECRET },
    /** Pays as a learner would, on the checkout page an order points to. */
    async pay(checkoutUrl: string | undefined): Promise<void> {
      const answer = await fetch(`${stripe.url}/api/sessions/${checkoutUrl?.split('/').at(-1)}/pay`, { method: 'POST', body: '{}' })
      if (answer.status !== 200) throw new Error(`The checkout page answered ${answer.status}: ${await answer.text()}`)
      await stripe.run()
    },
    /** Deploys other templates over these. What was going on before is forgotten. */
    async deploy(next: Assembly): Promise<void> {
      await cloud.flow.forget()
      cloud.troubles.splice(0)
      seen = cloud.refused().length
      cloud.deploy(next)
    },
    async close(): Promise<void> {
      await Promise.all([stripe.close(), github.close(), chatbot.close()])
      await cloud.close()
      await mail.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type Stage = Awaited<ReturnType<typeof openStage>>
