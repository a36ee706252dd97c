import { once } from 'node:events'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { rolesWith } from '#contract/roles.ts'
import { SettingsError } from '../environment.ts'
import { sendSpans } from '../otlp.ts'
import { markOutgoing } from '../outgoing.ts'
import { deployWeb } from '../web.ts'
import { isHalfRestored } from './backup/making.ts'
import { dropIdleBuffers } from './buffers.ts'
import { randomIds, systemClock } from './clock.ts'
import { demoAccounts, seedDemo } from './demo/seed.ts'
import { hasCode } from './error-code.ts'
import { roomyHeap } from './heap.ts'
import { type Home, openHome } from './home.ts'
import { schoolServer } from './http.ts'
import { fileLog } from './log.ts'
import { NewerFolder } from './migrate.ts'
import { refuseNewer } from './migrations.ts'
import { type MachineSettings, readSettings } from './settings.ts'

const WEB = join(import.meta.dirname, '..', '..', 'web')
const WEB_ROOT = join(WEB, 'dist')
const DRAWING = join(WEB, 'drawing', 'dist', 'draw.js')

/** Ends the program with one line that says what to do. */
const refuse = (line: string): never => {
  process.stderr.write(`\n  ${line}\n\n`)
  process.exit(1)
}

const settingsOrRefuse = (): MachineSettings => {
  try {
    return readSettings(process.env)
  } catch (error) {
    if (error instanceof SettingsError) return refuse(error.message)
    throw error
  }
}

const writableOrRefuse = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch {
    refuse(`The data folder ${folder} cannot be written to. Give another with LECTERN_DATA=/some/folder npm start`)
  }
}

const wholeOrRefuse = (folder: string): void => {
  if (!isHalfRestored(folder)) return
  refuse(
    `A restore into ${folder} is under way, or was ended in the middle. Let it end, or make it again: npm run lectern -- restore --help. ` +
      'What is left of one that was killed goes by: npm run lectern -- doctor --fix',
  )
}

const readableOrRefuse = (folder: string): Promise<void> =>
  refuseNewer(folder).catch((error: unknown) => {
    if (error instanceof NewerFolder) return refuse(error.message)
    throw error
  })

const listen = async (home: Home): Promise<ReturnType<typeof schoolServer>> => {
  const server = schoolServer(home, WEB_ROOT)
  const { port, listen: host } = home.settings
  server.listen({ port, ...(host !== undefined && { host }) })
  await once(server, 'listening').catch((error: unknown) => {
    if (hasCode(error, 'EADDRINUSE')) refuse(`Port ${port} is in use. Choose another: PORT=4700 npm start`)
    if (hasCode(error, 'EADDRNOTAVAIL')) refuse(`LECTERN_LISTEN is ${host}, which is no address of this machine. Leave it out, or say 0.0.0.0 for all.`)
    throw error
  })
  return server
}

const greet = (home: Home, isDemo: boolean): void => {
  const { url } = home.settings
  const row = (label: string, value: string): string => `  ${label.padEnd(10)} ${value}`
  const lines = ['', `  ${home.settings.schoolName} is open.`, '', row('School', url), row('API', `${url}/api/docs`)]
  if (home.standIns.mail) lines.push(row('Mail', `${url}/sandbox/mail  (stand-in inbox: mail never leaves this machine)`))
  if (home.standIns.stripe) lines.push(row('Checkout', `${url}/sandbox/stripe  (stand-in: no money moves)`))
  if (home.standIns.github) lines.push(row('Git', `${url}/sandbox/github  (stand-in: pull requests on ${home.standIns.github.repositoryFolder})`))
  if (home.standIns.chatbot) lines.push(row('Chatbot', `${url}/sandbox/chatbot  (stand-in: nothing is asked of anybody)`))
  if (isDemo) {
    lines.push(
      '',
      '  Demo accounts',
      ...demoAccounts.map(({ email, says }) => row('', `${email.padEnd(22)} ${says}`)),
      row('', `password: ${home.secrets.demoPassword}`),
    )
  }
  process.stdout.write(`${lines.join('\n')}\n\n  Stop with Ctrl+C. Everything is kept in ${home.settings.data}\n\n`)
}

roomyHeap()
dropIdleBuffers()
const settings = settingsOrRefuse()
writableOrRefuse(settings.data)
wholeOrRefuse(settings.data)
await readableOrRefuse(settings.data)
const log = fileLog(join(settings.data, 'school.log'))
markOutgoing()
const sendLast = settings.collector && (await sendSpans(settings.collector))
const home = await openHome({ settings, clock: systemClock, ids: randomIds(systemClock), log, office: 'apart', drawing: DRAWING })
const server = await listen(home)
await deployWeb(home.world, WEB_ROOT)
await home.start()

const isEmpty = process.argv.includes('--empty')
const demo = isEmpty ? undefined : await seedDemo(home)
greet(home, demo !== undefined)
// Not again at every restart of a service, whose output is kept: there, who has forgotten the password asks for a letter.
const needsOwner = isEmpty && (process.stdout.isTTY === true || (await home.identity.findByEmail(settings.ownerEmail)) === undefined)
if (needsOwner) {
  const link = await home.identity.invite({ email: settings.ownerEmail, name: 'Owner', roles: rolesWith('owner') })
  process.stdout.write(`  The owner is ${settings.ownerEmail}. Choose a password (once, within an hour): ${link}\n\n`)
}
demo?.rest.catch((error: unknown) => log.error('the demo could not be finished', error))

let isStopping = false
/** Asked twice (a terminal tells the whole group, and `npm start` passes it on), it stops once. */
const stop = async (): Promise<void> => {
  if (isStopping) return
  isStopping = true
  server.close()
  server.closeAllConnections()
  await home.stop()
  // A collector that does not answer keeps nobody from stopping.
  await sendLast?.().catch(() => {})
  process.exit(0)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop())
