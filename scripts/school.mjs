import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { buildWeb, checkDataFolder, checkPort, installPackages, portWanted, root, schoolEnvironment, schoolFlags, schoolMemory, schoolNode } from './setup.mjs'
import { bold, end, say, step } from './terminal.mjs'

const HELP = `
  npm start               installs what is missing, builds the web app, and opens the school
  npm start -- --empty    without demo content: prints a one-time link to make the owner

  PORT=4600               where it listens
  LECTERN_DATA=./data     where everything is kept
  LECTERN_URL             the address others reach it by

`

const build = async () => {
  await step('Packages', 'installing (the first time takes a minute or two)', () => installPackages({ dev: false }))
  await step('Web app', 'building', buildWeb)
}

/** What `npm run build` does: all that a start would, but for opening the school. */
export const buildSchool = () => build().catch(end)

const prepare = async () => {
  const port = portWanted()
  say()
  say(bold('Lectern'))
  say()
  // Before the install: whoever has to free a port should not learn it minutes later.
  await step('Port', `looking at ${port}`, () => checkPort(port))
  await step('Data', 'looking at the folder', () => checkDataFolder())
  await build()
}

/**
 * A signal sent to npm ends npm and the shell it started us by, and never comes here: what is left to see is that the shell is gone.
 * @param {() => void} stop
 */
const stopWithNpm = (stop) => {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop()
  }, 300)
}

/** @param {readonly string[]} args */
const run = async (args) => {
  const program = join(root, 'homes', 'machine', 'main.ts')
  const school = spawn(await schoolNode(), [...schoolFlags, program, ...args], {
    cwd: root,
    env: { ...schoolMemory, ...schoolEnvironment() },
    stdio: 'inherit',
  })
  // Ctrl+C on a terminal reaches the school by itself: it would take a second one for impatience.
  process.on('SIGINT', () => process.stdin.isTTY || school.kill('SIGINT'))
  process.on('SIGTERM', () => school.kill('SIGTERM'))
  process.on('SIGHUP', () => school.kill('SIGTERM'))
  stopWithNpm(() => school.kill('SIGTERM'))
  // As a shell tells of a program that a signal ended.
  school.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]))
}

/** What `npm start` does. @param {readonly string[]} args */
export const openSchool = async (args) => {
  if (args.includes('--help')) return process.stdout.write(HELP)
  return prepare()
    .then(() => run(args))
    .catch(end)
}
