import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LetterLanguage } from '#contract/notifications.ts'
import { isStaff } from '#contract/roles.ts'
import type { Clock, Ids } from '#ports/clock.ts'
import type { Identity, Person, Role } from '#ports/identity.ts'
import type { Log } from '#ports/log.ts'
import type { Mail } from '#ports/mail.ts'
import { type OpenIdSettings, openIdProvider } from '#vendors/openid/openid.ts'
import { type CallerOf, peerOf } from '../proxies.ts'
import { addresses } from './identity/addresses.ts'
import type { Desk } from './identity/desk.ts'
import { servePageFile } from './identity/files.ts'
import { forgetting } from './identity/forgetting.ts'
import { guard, send } from './identity/http.ts'
import { holdKeys } from './identity/keys.ts'
import { spokenTo } from './identity/language.ts'
import type { House } from './identity/layout.ts'
import { gate, LIMITS, type Limits } from './identity/limits.ts'
import { links, waits } from './identity/links.ts'
import { person } from './identity/listing.ts'
import { own } from './identity/own.ts'
import { passkeys } from './identity/passkeys.ts'
import { hashPassword } from './identity/passwords.ts'
import { people } from './identity/people.ts'
import { missingPage } from './identity/plain-pages.ts'
import { post } from './identity/post.ts'
import { CLIENT_ID, isProviderPath, type Lacks, openProvider, SCOPE } from './identity/provider.ts'
import { providerLinks } from './identity/provider-links.ts'
import { ownPage } from './identity/routes.ts'
import { rules } from './identity/rules.ts'
import { screens } from './identity/screens.ts'
import { secondFactors } from './identity/second-factor.ts'
import { hasSecond, sessions } from './identity/sessions.ts'
import { steps } from './identity/steps.ts'
import { openStore } from './identity/store.ts'
import { tokens } from './identity/tokens.ts'

export type IdentityOptions = {
  folder: string
  url: string
  clock: Clock
  ids: Ids
  mail: Mail
  log: Log
  /** Asked each time where it may change while the school is open. */
  schoolName: string | (() => string)
  /** In which language somebody is written to; English where nobody can tell. */
  languageOf?: (person: string) => Promise<LetterLanguage>
  /** Of the stand-in that mail goes to, where that is so: people are told where their letter is. */
  inboxUrl?: string
  limits?: Partial<Limits>
  callerOf?: CallerOf
  /** Others by which people may sign in. */
  signInWith?: readonly OpenIdSettings[]
}

export type MachineIdentity = Identity & {
  /** Answers every request below `/auth/`. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** An access token of no session, for the operator's scripts. */
  mint(id: string, ttlSeconds: number): Promise<string>
  /** Makes a person, or takes the one there is, and answers a link by which they choose their password; it works once, for an hour. */
  invite(person: { email: string; name: string; roles: Role[] }): Promise<string>
  close(): void
}

const front = (desk: Desk, callerOf: CallerOf) => {
  const school = new URL(desk.house.url)
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const caller = callerOf(request)
    // The provider writes absolute addresses: always the school's own, whatever host a caller or a proxy names.
    delete request.headers['x-forwarded-host']
    request.headers.host = school.host
    request.headers['x-forwarded-proto'] = school.protocol.slice(0, -1)
    guard(response, school.origin)
    const given = request.url ?? ''
    const target = given.startsWith('/auth/') ? URL.parse(given, school) : null
    if (!target) return send(response, { status: 404, page: missingPage(spokenTo(desk.house, { request })) }, desk.house.url)
    if (await servePageFile(request, response, target.pathname)) return
    if (isProviderPath(target.pathname.slice('/auth'.length))) {
      // What is left of the one in the other is the mount, as Express has it.
      Object.assign(request, { originalUrl: given, url: given.slice('/auth'.length) })
      return desk.provider.callback()(request, response)
    }
    const answer = await ownPage(desk, { request, response, caller, target })
    if (answer) send(response, answer, desk.house.url)
  }
}

/** What a sign-in is short of. A passkey that is there stands for a second factor; it is no reason to let a password alone set up another. */
const lacksOf =
  ({ people: directory, secondFactors: factors, passkeys: keys, rules: school }: Pick<Desk, 'people' | 'secondFactors' | 'passkeys' | 'rules'>): Lacks =>
  (id, amr) => {
    if (hasSecond(amr) || !school.now().staffNeedSecondFactor) return undefined
    const account = directory.find(id)
    if (!account || !isStaff(account.roles)) return undefined
    return factors.isOn(id) || keys.of(id).length > 0 ? 'second' : 'set-up'
  }

/** A word of a provider's name for addresses: `Sign-in of Bath` is `sign-in-of-bath`. */
const wordOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-')

/** A letter about safety goes out in English rather than not at all. */
const orEnglish =
  (languageOf: NonNullable<IdentityOptions['languageOf']>, log: Log) =>
  (person: string): Promise<LetterLanguage> =>
    languageOf(person).catch((error: unknown) => {
      log.error('nobody could say which language somebody reads', error, { person })
      return 'en'
    })

const openTools = ({ folder, url, clock, ids, mail, log, schoolName, languageOf = async () => 'en', ...options }: IdentityOptions) => {
  const { inboxUrl, limits, signInWith = [] } = options
  const database = openStore(folder)
  const house: House = {
    url,
    ...(inboxUrl !== undefined && { inboxUrl }),
    get schoolName() {
      return typeof schoolName === 'string' ? schoolName : schoolName()
    },
  }
  const directory = people({ database, clock, ids })
  return {
    ...{ house, database, ids, log, languageOf: orEnglish(languageOf, log), people: directory },
    ...{ links: links({ database, clock }), waits: waits({ database, clock }), steps: steps({ database, clock }), rules: rules(database) },
    ...{ gate: gate({ ...LIMITS, ...limits }), post: post({ database, mail, log }), sessions: sessions({ database, clock }) },
    ...{ secondFactors: secondFactors({ database, clock }), passkeys: passkeys({ database, clock, house }) },
    ...{ addresses: addresses({ database, clock, people: directory }), providerLinks: providerLinks(database) },
    providers: new Map(signInWith.map((each) => [wordOf(each.name), openIdProvider(each, `${url}/auth/back`)])),
  }
}

const openDesk = async (options: IdentityOptions) => {
  const { folder, url, clock, log, callerOf = peerOf } = options
  await mkdir(folder, { recursive: true })
  const tools = openTools(options)
  const { database, people: directory } = tools
  const keys = await holdKeys(database, clock)
  const names = { issuer: `${url}/auth`, audience: `${url}/api`, clientId: CLIENT_ID }
  const told = { lacks: lacksOf(tools), revoked: tools.sessions.endOfGrant }
  const given = { ...names, url, database, people: directory, log, screens: screens(tools.house, database), ...told }
  const seen = (session: string, request: IncomingMessage): void => tools.sessions.seen(session, request, callerOf(request))
  // Made anew when its keys change: it takes them when it is made, and keeps nothing else.
  const opened = { keys: keys.now(), provider: openProvider({ ...given, keys: keys.now(), seen }) }
  let isClosed = false
  const desk: Desk = {
    ...tools,
    get provider() {
      if (opened.keys !== keys.now()) Object.assign(opened, { keys: keys.now(), provider: openProvider({ ...given, keys: keys.now(), seen }) })
      return opened.provider
    },
    later: (work) =>
      void setImmediate(() => {
        try {
          if (!isClosed) work()
        } catch (error) {
          log.error('a letter was not written', error)
        }
      }),
  }
  const close = (): void => {
    isClosed = true
    desk.post.close()
    database.close()
  }
  return { desk, close, names, badge: tokens({ ...names, keys: keys.now, people: directory, sessions: tools.sessions, clock }) }
}

/** The people of the school and their sign-in, in this process: an OpenID Connect provider with pages of its own. */
export const identity = async (options: IdentityOptions): Promise<MachineIdentity> => {
  const { desk, close, names, badge } = await openDesk(options)
  const { people: directory } = desk
  const forget = forgetting(desk.database)
  const known = (account: ReturnType<typeof directory.find>): Person | undefined => account && person(account)
  return {
    settings: { authority: names.issuer, clientId: CLIENT_ID, audience: names.audience, scope: SCOPE },
    verify: badge.verify,
    mint: badge.mint,
    find: async (id) => known(directory.find(id)),
    findByEmail: async (email) => known(directory.findByEmail(email)),
    list: async (options = {}) => directory.list(options),
    async create({ email, name, roles, password }) {
      const made = directory.add({ email, name, roles, password: await hashPassword(password), isVerified: true })
      return made === 'taken' ? 'taken' : person(made)
    },
    async setRoles(id, roles) {
      const outcome = directory.setRoles(id, roles)
      // Whoever becomes one of the staff shows from now on what the school asks of those.
      if (outcome === 'done' && isStaff(roles) && desk.rules.now().staffNeedSecondFactor) desk.sessions.endOfOneFactor(id)
      return outcome
    },
    disable: async (id) => directory.disable(id),
    erase: async (id) => forget(id, directory.find(id)?.email),
    enable: async (id) => directory.enable(id),
    endSessions: async (id) => directory.signOutEverywhere(id),
    desk: own(desk),
    async invite({ email, name, roles }) {
      // A password nobody knows, until the link is used.
      const made = directory.add({ email, name, roles, password: await hashPassword(randomBytes(32).toString('base64')), isVerified: true })
      const account = made === 'taken' ? directory.findByEmail(email) : made
      if (!account) throw new Error('The person who was just made is not there.')
      const token = desk.links.make({ kind: 'reset', account: account.id, name: null, password: null, visit: 'invited', returnTo: '/' })
      return `${options.url}/auth/sign-in/invited/reset?token=${token}`
    },
    handle: front(desk, options.callerOf ?? peerOf),
    close,
  }
}
