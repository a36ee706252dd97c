import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { quietly } from '#core/alerts/quiet.ts'
import { hearing, listeners } from '#core/events.ts'
import { tellNews } from '#core/media/transcode.ts'
import { languageOf } from '#core/notifications/language.ts'
import { loggedMail } from '#core/operations/letters.ts'
import { hearings, timers } from '#core/platform.ts'
import { ensureRecipes } from '#core/recipes/recipe.ts'
import { schoolName } from '#core/storefront/brand.ts'
import type { Clock, Ids } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import type { Tables } from '#ports/tables.ts'
import type { Settings, World } from '#ports/world.ts'
import { startMailSandbox } from '#sandbox/mail.ts'
import { startStripeSandbox } from '#sandbox/stripe.ts'
import { smtpMail } from '#vendors/mail/mail.ts'
import type { StripeOptions } from '#vendors/stripe/client.ts'
import { stripePayments } from '#vendors/stripe/stripe.ts'
import { openAiTranscription } from '#vendors/transcription/transcription.ts'
import { openWebhooks } from '#vendors/webhooks/webhooks.ts'
import { requestNow } from '../during.ts'
import type { Measure } from '../metrics/catalogue.ts'
import { notMeasured } from '../metrics/catalogue.ts'
import { measuredMail, measuredTables } from '../metrics/measured.ts'
import { openRegistry, type Registry } from '../metrics/registry.ts'
import { pagesBy } from '../pages.ts'
import { callerBehind } from '../proxies.ts'
import { headersFor } from '../proxy-door.ts'
import { alerts } from './alerts.ts'
import { type Content, openContent, type Programs } from './content.ts'
import { events } from './events.ts'
import { type IdentityOptions, identity } from './identity.ts'
import { keys } from './keys.ts'
import { measuredFilms, watchSchool } from './metrics.ts'
import { type MachineObjects, objects } from './objects.ts'
import { office } from './office.ts'
import { isOfTheOffice } from './office-listeners.ts'
import { premises } from './premises.ts'
import { openSchoolFile } from './school-file.ts'
import { openSecrets, type Secrets } from './secrets.ts'
import type { MachineSettings } from './settings.ts'
import { tables } from './tables.ts'
import { runTimers } from './timers.ts'
import { transcoder } from './transcoder.ts'

const PART_BYTES = 8 * 1024 * 1024

/** Servers that stand in for the outside while it is not configured: what they serve lies below `/sandbox`. */
export type StandIns = { mail: { url: string } | undefined; stripe: { url: string } | undefined } & Content['standIns']

export type Home = {
  world: World
  objects: MachineObjects
  identity: Awaited<ReturnType<typeof identity>>
  standIns: StandIns
  secrets: Secrets
  settings: MachineSettings
  registry: Registry
  start(): Promise<void>
  stop(): Promise<void>
}

type Given = {
  settings: MachineSettings
  clock: Clock
  ids: Ids
  log: Log
  programs?: Programs
  /** What draws the pages that are published: the entry of that part of the built web app. */
  drawing?: string
  /** Whom to ask about payments, where it is neither the provider that is set up nor the stand-in. */
  provider?: Provider
  /** `apart`: money is worked off and letters are written on a thread of its own, by the system's clock. */
  office?: 'here' | 'apart'
}
type Provider = Omit<StripeOptions, 'clock'>

const openMail = async ({ settings }: Given) => {
  const standIn = settings.mail ? undefined : await startMailSandbox({ folder: join(settings.data, 'sandbox', 'mail') })
  const post = settings.mail
    ? { url: settings.mail.smtpUrl.reveal(), from: settings.mail.from }
    : { url: standIn?.smtpUrl ?? '', from: `${settings.schoolName} <school@lectern.test>` }
  return { standIn, post }
}

type Doorman = Pick<IdentityOptions, 'clock' | 'ids' | 'mail' | 'log' | 'schoolName'> & { isKept: boolean; rows: Tables }

/** `isKept`: a stand-in keeps the mail, and people are told where. */
const openPeople = ({ settings }: Given, { isKept, rows, ...world }: Doorman) =>
  identity({
    ...{ ...world, folder: settings.data, url: settings.url, signInWith: settings.signInWith, callerOf: callerBehind(settings.trustedProxies) },
    languageOf: (person) => languageOf({ tables: rows }, person),
    ...(isKept && { inboxUrl: `${settings.url}/sandbox/mail` }),
  })

const openPayments = async ({ settings, provider }: Given, { standInWebhookSecret }: Secrets) => {
  if (provider) return { standIn: undefined, provider }
  if (settings.stripe) {
    const { secretKey, webhookSecrets } = settings.stripe
    return { standIn: undefined, provider: { secretKey: secretKey.reveal(), webhookSecrets: webhookSecrets.map((each) => each.reveal()) } }
  }
  const webhookSecret = standInWebhookSecret.reveal()
  const standIn = await startStripeSandbox({
    folder: join(settings.data, 'sandbox', 'stripe'),
    webhookUrl: `http://127.0.0.1:${settings.port}/hooks/stripe`,
    webhookSecret,
    webhookHeaders: headersFor(settings.proxySecret),
    publicUrl: settings.url,
    schoolName: settings.schoolName,
  })
  return { standIn, provider: { secretKey: 'sk_test_lectern', webhookSecrets: [webhookSecret], apiUrl: standIn.apiUrl } }
}

const schoolSettings = (settings: MachineSettings, content: Content): Settings => ({
  ...content.settings,
  home: 'machine',
  encoders: settings.encoders,
  schoolName: settings.schoolName,
  url: settings.url,
  mediaUrl: settings.mediaUrl,
  connects: [],
  currency: settings.currency,
  ownerEmail: settings.ownerEmail,
  securityContact: settings.securityContact,
  upload: {
    maxBytes: settings.uploadMaxBytes,
    fileMaxBytes: settings.fileMaxBytes,
    partBytes: PART_BYTES,
    quotaBytes: settings.quotaBytes,
    straight: undefined,
  },
  playbackTtlSeconds: settings.playbackTtlSeconds,
})

/** The name over the door: the sign-in pages and their letters say it at once, so it is held here and read again when it changes. */
const signOf = (openedAs: string) => {
  let name = openedAs
  const read = async (world: World): Promise<void> => {
    name = await schoolName(world)
  }
  return { name: () => name, read, renamed: hearing('sign-in.renamed', 'school.changed', read) }
}

type Encoding = { store: MachineObjects; measure: Measure; tell: Parameters<typeof transcoder>[0]['tell'] }
const openEncoder = async ({ settings, clock, log }: Given, { store, measure, tell }: Encoding) => {
  const films = measuredFilms(measure, clock)
  const engine = await transcoder({
    folder: join(settings.data, 'transcoder'),
    objects: store,
    clock,
    log,
    encoders: settings.encoders,
    ...(settings.ffmpegPath !== undefined && { ffmpegPath: settings.ffmpegPath }),
    tell: films.hears(tell),
  })
  return films.begins(engine)
}

/** Where nobody may look nothing is measured. */
const registryFor = ({ metrics }: MachineSettings): Registry => ({ ...openRegistry(), ...(metrics === 'off' && { measure: notMeasured }) })

/** The thread beside this one, with what it reaches of the school here. */
const openOffice = (world: World, { post, provider, ...rest }: Pick<Parameters<typeof office>[0], 'file' | 'measure' | 'wakeHere'> & Outside) => {
  const { find, findByEmail, list } = world.identity
  const data = { path: rest.path, settings: world.settings, mail: post, payments: provider, isMeasured: rest.measure !== notMeasured, isTraced: rest.isTraced }
  return office({ ...rest, data, log: world.log, reach: { find, findByEmail, list, ...world.alerts } })
}
type Outside = { path: string; isTraced: boolean; post: Awaited<ReturnType<typeof openMail>>['post']; provider: Provider }

/** Opens the school on this machine: every engine over one data folder, and stand-ins for what is not configured. */
export const openHome = async (given: Given): Promise<Home> => {
  const { settings, clock, ids, log } = given
  await mkdir(settings.data, { recursive: true })
  const [registry, path] = [registryFor(settings), join(settings.data, 'school.sqlite')]
  const { measure } = registry
  const secrets = await openSecrets(settings.data, given)
  const signing = await keys({ folder: settings.data, clock, log })
  const file = openSchoolFile(path)
  const isApart = given.office === 'apart'
  const outbox = events({ file, clock, log, ...(isApart && { share: { tells: (listener) => !isOfTheOffice(listener), wakeOthers: () => back.wake() } }) })
  const store = await objects({ folder: join(settings.data, 'objects'), url: settings.url, clock })
  const { standIn: mailbox, post } = await openMail(given)
  const { standIn: till, provider } = await openPayments(given, secrets)
  const rows = measuredTables(tables({ file, outbox }), measure)
  const mail = loggedMail(measuredMail(smtpMail({ ...post, requestNow }), measure), { tables: rows, clock, log })
  const content = await openContent({ settings, secrets, clock, log, programs: given.programs })
  const transcription = settings.transcription && openAiTranscription(settings.transcription)
  const sign = signOf(settings.schoolName)
  const people = await openPeople(given, { clock, ids, mail, log, rows, schoolName: sign.name, isKept: mailbox !== undefined })
  const encoder = await openEncoder(given, { store, measure, tell: (news) => tellNews(world, news) })
  const world: World = {
    ...{ objects: store, events: outbox, transcoder: encoder, identity: people, mail, transcription, clock, ids, log },
    ...{ tables: rows, premises: premises(settings, () => clock.now().getTime()) },
    alerts: quietly({ messenger: alerts({ mail, to: settings.ownerEmail, file, clock }), tables: rows, clock }),
    ...{ keys: signing, webhooks: openWebhooks({ hosts: settings.webhookHosts }), payments: stripePayments({ ...provider, clock }) },
    pages: given.drawing === undefined ? undefined : pagesBy(given.drawing),
    ...{ tasks: content.tasks, drafts: content.drafts, repository: content.repository },
    settings: schoolSettings(settings, content),
  }
  const back = openOffice(world, { file, measure, wakeHere: outbox.look, path, post, provider, isTraced: settings.collector !== undefined })
  await ensureRecipes(world)
  await sign.read(world)
  outbox.listen(listeners(world, [...hearings, sign.renamed]))
  const unwatch = watchSchool(registry, { door: settings.metrics, data: settings.data, file, tables: world.tables, clock, jobs: encoder.underWay })
  const clockwork = runTimers(world, [...timers, { name: 'objects.sweep', everySeconds: 24 * 3600, run: async () => void (await store.sweep()) }])
  return {
    ...{ world, objects: store, identity: people, secrets, settings, registry, standIns: { mail: mailbox, stripe: till, ...content.standIns } },
    start: async () => {
      outbox.start()
      if (isApart) back.start()
      encoder.begin()
      await content.begin(world)
      clockwork.start()
    },
    stop: async () => {
      unwatch()
      await clockwork.stop()
      // What it is listening to is delivered again at the next start.
      transcription?.close()
      // Together: a listener may be waiting for a probe, which only closing cuts short; it is told again at the next start.
      await content.close()
      await Promise.all([outbox.stop(), back.stop(), encoder.close()])
      await Promise.all([mailbox?.close(), till?.close()])
      mail.close()
      people.close()
      await store.close()
      await file.close()
    },
  }
}
