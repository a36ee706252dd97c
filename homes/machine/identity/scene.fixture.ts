import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Person } from '#ports/identity.ts'
import { startMailSandbox } from '#sandbox/mail.ts'
import { aBrowser, aSignIn } from '#test/browser.ts'
import { smtpMail } from '#vendors/mail/mail.ts'
import { randomIds } from '../clock.ts'
import { type IdentityOptions, identity, type MachineIdentity } from '../identity.ts'
import { silentLog } from '../log.ts'

export const PASSWORD = 'four quiet words here'

export type Arrived = { id: string; to: string; subject: string; at: string; text: string; html: string; times: number }

/** Nobody is held up, save where a test is about that. */
const PLENTY = { points: 1000, seconds: 60 }
const GENEROUS = {
  signInPerAccount: PLENTY,
  codesPerAccount: PLENTY,
  formsPerAddress: PLENTY,
  lettersPerAccount: PLENTY,
  signUpPerAddress: PLENTY,
  weighedPerAccount: PLENTY,
}

/** Keeps what is logged of safety. */
const listeningLog = () => {
  const safety: Record<string, unknown>[] = []
  const noted = (_: string, fields: Record<string, unknown> = {}) => void ('security' in fields && safety.push(fields))
  return { safety, log: { ...silentLog, info: noted, warn: noted } }
}

/** Reaches into the provider's own rows, whose times are the system clock's. */
const rowsIn = (folder: string) => {
  const within = (work: (database: DatabaseSync) => void): void => {
    const database = new DatabaseSync(join(folder, 'identity.sqlite'))
    work(database)
    database.close()
  }
  const older = "UPDATE oidc SET payload = json_set(payload, '$.loginTs', json_extract(payload, '$.loginTs') - ?) WHERE model = 'Session' AND account = ?"
  return {
    sql: (statement: string): void => within((database) => database.exec(statement)),
    /** Makes somebody's sign-ins older than they are. */
    age: (person: string, seconds: number): void => within((database) => void database.prepare(older).run(seconds, person)),
  }
}

export type Scene = Awaited<ReturnType<typeof aScene>>

/** The provider over real HTTP on loopback, and real mail into the stand-in inbox. */
export const aScene = async ({
  limits = {},
  host = '127.0.0.1',
  ...rest
}: Pick<IdentityOptions, 'limits' | 'signInWith' | 'languageOf'> & { host?: string } = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'identity-'))
  const inbox = await startMailSandbox({ folder: join(folder, 'mail') })
  const mail = smtpMail({ url: inbox.smtpUrl, from: 'The School <school@lectern.test>' })
  const { safety, log } = listeningLog()
  let ahead = 0
  const clock = { now: (): Date => new Date(Date.now() + ahead) }
  let people: MachineIdentity | undefined
  const server = createServer((request, response) => {
    people?.handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })
  server.listen(0, host)
  await once(server, 'listening')
  // A server that listens on TCP has such an address.
  const url = `http://${host}:${(server.address() as AddressInfo).port}`
  const open = (): Promise<MachineIdentity> =>
    identity({
      folder,
      url,
      clock,
      ids: randomIds(clock),
      mail,
      log,
      schoolName: 'The Test School',
      inboxUrl: `${inbox.url}/sandbox/mail`,
      limits: { ...GENEROUS, ...limits },
      ...rest,
    })
  people = await open()
  return {
    url,
    folder,
    /** What was logged of safety. */
    safety,
    inbox,
    identity: (): MachineIdentity => {
      if (!people) throw new Error('The scene is closed.')
      return people
    },
    pass: (seconds: number): void => {
      ahead += seconds * 1000
    },
    ...rowsIn(folder),
    /** Letters to somebody, newest first, as soon as there is one newer than `since`. */
    async letters(to: string, since = ''): Promise<Arrived[]> {
      const answer = await fetch(`${inbox.url}/sandbox/mail/api/messages?${new URLSearchParams({ to, since, wait: '10' })}`)
      // The stand-in's own answer.
      return (await answer.json()) as Arrived[]
    },
    restart: async (): Promise<void> => {
      people?.close()
      people = await open()
    },
    async close(): Promise<void> {
      server.close()
      server.closeAllConnections()
      people?.close()
      mail.close()
      await inbox.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** The link of a letter's one button. */
export const linkIn = (letter: Arrived | undefined): string => {
  const link = /https?:\/\/\S+token=\S+/.exec(letter?.text ?? '')?.[0]
  if (link === undefined) throw new Error(`There is no link in: ${letter?.text}`)
  return link
}

let readers = 0

/** Somebody with an account and the usual password. */
export const aReader = async (scene: Scene): Promise<Person> => {
  readers += 1
  const made = await scene.identity().create({ email: `reader-${readers}@lectern.test`, name: 'A Reader', password: PASSWORD, roles: ['learner'] })
  if (made === 'taken') throw new Error('The address is taken.')
  return made
}

/** Somebody new, up to the page that sends them to their mail. */
export const signUp = async (scene: Scene, email: string, extra: Record<string, string> = {}) => {
  const [browser, app] = [aBrowser(scene.url), aSignIn(scene.url, { prompt: 'create', ...extra })]
  const form = await browser.open(app.address)
  const sent = await browser.submit(form, { name: 'Ada Example', email, password: PASSWORD })
  return { browser, app, sent }
}
