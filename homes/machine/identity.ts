import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { Clock, Ids } from '#ports/clock.ts'
import type { Identity, Person, Role } from '#ports/identity.ts'
import type { Log } from '#ports/log.ts'
import type { Mail } from '#ports/mail.ts'
import { type CallerOf, peerOf } from '../proxies.ts'
import { type Desk, findInteraction, type Handler, tooMany } from './identity/desk.ts'
import { type Answer, guard, isOwnForm, readForm, send } from './identity/http.ts'
import { openKeys } from './identity/keys.ts'
import type { House } from './identity/layout.ts'
import { gate, LIMITS, type Limits } from './identity/limits.ts'
import { links, waits } from './identity/links.ts'
import { confirm, reset, showConfirm, showReset } from './identity/mail-links.ts'
import { errorPage, expiredPage, missingPage } from './identity/pages.ts'
import { hashPassword } from './identity/passwords.ts'
import { people, person } from './identity/people.ts'
import { post } from './identity/post.ts'
import { CLIENT_ID, isProviderPath, openProvider, SCOPE } from './identity/provider.ts'
import { screens } from './identity/screens.ts'
import { forgot, sendAgain, showCheckMail, showForgot, showSignIn, showSignUp, signIn, signUp } from './identity/sign-in.ts'
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
  limits?: Partial<Limits>
  callerOf?: CallerOf
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

type Page = { get?: Handler; post?: Handler; needsVisit: boolean }

const PAGES: Record<string, Page> = {
  '': { get: showSignIn, post: signIn, needsVisit: true },
  '/create': { get: showSignUp, post: signUp, needsVisit: true },
  '/forgot': { get: showForgot, post: forgot, needsVisit: true },
  '/check-mail': { get: showCheckMail, needsVisit: true },
  '/again': { post: sendAgain, needsVisit: true },
  // Reached from a letter, perhaps long after, perhaps elsewhere.
  '/confirm': { get: showConfirm, post: confirm, needsVisit: false },
  '/reset': { get: showReset, post: reset, needsVisit: false },
}

const FONT = readFileSync(createRequire(import.meta.url).resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'))

type Request = { request: IncomingMessage; response: ServerResponse; caller: string; target: URL }

/** One of our own pages: whose it is, whether it may be asked for at all, and then its handler. */
const ownPage = async (desk: Desk, { request, response, caller, target }: Request): Promise<Answer | undefined> => {
  const [, uid = '', rest = ''] = /^\/auth\/sign-in\/([\w-]{1,64})(\/[a-z-]+)?$/.exec(target.pathname) ?? []
  const page = uid === '' ? undefined : PAGES[rest]
  const handler = request.method === 'POST' ? page?.post : request.method === 'GET' ? page?.get : undefined
  if (!page || !handler) return { status: page ? 405 : 404, page: missingPage(desk.house) }
  const isForm = request.method === 'POST'
  if (isForm && !isOwnForm(request, new URL(desk.house.url).origin))
    return { status: 403, page: errorPage(desk.house, 'The form did not come from this site.') }
  const wait = isForm ? await desk.gate.take('formsPerAddress', caller) : undefined
  if (wait !== undefined) return tooMany(desk, wait)
  const form = isForm ? await readForm(request) : new URLSearchParams()
  if (!form) return { status: 400, page: errorPage(desk.house, 'The form cannot be read.') }
  const interaction = await findInteraction(desk.provider, request, response, uid)
  if (page.needsVisit && !interaction) return { status: 400, page: expiredPage(desk.house) }
  return handler(desk, { uid, path: `/auth/sign-in/${uid}`, request, response, query: target.searchParams, form, caller, interaction })
}

const front = (desk: Desk, callerOf: CallerOf) => {
  const provide = desk.provider.callback()
  const school = new URL(desk.house.url)
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const caller = callerOf(request)
    // The provider writes absolute addresses: always the school's own, whatever host a caller or a proxy names.
    delete request.headers['x-forwarded-host']
    request.headers.host = school.host
    request.headers['x-forwarded-proto'] = school.protocol.slice(0, -1)
    guard(response, school.protocol === 'https:')
    const given = request.url ?? ''
    const target = given.startsWith('/auth/') ? URL.parse(given, school) : null
    if (!target) return send(response, { status: 404, page: missingPage(desk.house) })
    if (target.pathname === '/auth/inter.woff2') {
      response.writeHead(200, { 'content-type': 'font/woff2', 'content-length': FONT.byteLength, 'cache-control': 'public, max-age=31536000, immutable' })
      return void response.end(FONT)
    }
    if (isProviderPath(target.pathname.slice('/auth'.length))) {
      // What is left of the one in the other is the mount, as Express has it.
      Object.assign(request, { originalUrl: given, url: given.slice('/auth'.length) })
      return provide(request, response)
    }
    const answer = await ownPage(desk, { request, response, caller, target })
    if (answer) send(response, answer)
  }
}

const openDesk = async ({ folder, url, clock, ids, mail, log, schoolName, limits }: IdentityOptions) => {
  await mkdir(folder, { recursive: true })
  const database = openStore(folder)
  const house: House = {
    url,
    get schoolName() {
      return typeof schoolName === 'string' ? schoolName : schoolName()
    },
  }
  const [keys, directory] = [await openKeys(database), people({ database, clock, ids })]
  const names = { issuer: `${url}/auth`, audience: `${url}/api`, clientId: CLIENT_ID }
  const provider = openProvider({ ...names, url, keys, database, people: directory, log, screens: screens(house, database) })
  let isClosed = false
  const desk: Desk = {
    ...{ house, database, provider, people: directory, ids, log },
    links: links({ database, clock }),
    waits: waits({ database, clock }),
    gate: gate({ ...LIMITS, ...limits }),
    post: post({ database, mail, log }),
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
  return { desk, close, names, badge: tokens({ ...names, keys, people: directory, database, clock }) }
}

/** The people of the school and their sign-in, in this process: an OpenID Connect provider with pages of its own. */
export const identity = async (options: IdentityOptions): Promise<MachineIdentity> => {
  const { desk, close, names, badge } = await openDesk(options)
  const { people: directory } = desk
  const known = (account: ReturnType<typeof directory.find>): Person | undefined => account && person(account)
  return {
    settings: { authority: names.issuer, clientId: CLIENT_ID, audience: names.audience, scope: SCOPE },
    verify: badge.verify,
    mint: badge.mint,
    find: async (id) => known(directory.find(id)),
    findByEmail: async (email) => known(directory.findByEmail(email)),
    list: async ({ page } = {}) => directory.list(page),
    async create({ email, name, password, roles }) {
      const made = directory.add({ email, name, roles, password: await hashPassword(password), isVerified: true })
      return made === 'taken' ? 'taken' : person(made)
    },
    setRoles: async (id, roles) => directory.setRoles(id, roles),
    disable: async (id) => directory.disable(id),
    erase: async (id) => directory.erase(id),
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
