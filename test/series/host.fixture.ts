import { once } from 'node:events'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, join } from 'node:path'
import { timers } from '#core/platform.ts'
import { randomIds } from '#homes/machine/clock.ts'
import { openHome } from '#homes/machine/home.ts'
import { schoolServer } from '#homes/machine/http.ts'
import { fileLog } from '#homes/machine/log.ts'
import { readSettings } from '#homes/machine/settings.ts'
import type { World } from '#ports/world.ts'
import { dieAt } from './doom.fixture.ts'

/** A process with a whole school in it, on the disk, whose clock is ahead by as many seconds as it is told, and which dies where it is doomed to. */

/** How many seconds have passed, none where it has just opened; undefined where that went wrong. */
export type Told = { passed: number | undefined }

const settings = readSettings(process.env)
let aheadMs = Number(process.argv[2] ?? 0) * 1000
const clock = { now: () => new Date(Date.now() + aheadMs) }
const die = (point: string): void => dieAt(settings.data, 'school', point)

const dieAround = (world: World): void => {
  const { tables, tasks, drafts } = world
  world.drafts = {
    ...drafts,
    put: async (key, ...rest) => {
      const put = await drafts.put(key, ...rest)
      if (key.endsWith('/brief.json')) die('brief laid down')
      return put
    },
  }
  world.tasks = {
    start: async (task) => {
      die(`${task.name} to start`)
      await tasks.start(task)
      die(`${task.name} started`)
    },
  }
  world.tables = {
    ...tables,
    commit: async (changes, events = []) => {
      const outcome = await tables.commit(changes, events)
      if (outcome === 'conflict') return outcome
      for (const { kind, key } of changes) if (kind === 'put') die(`${key.pk} written`)
      for (const { name } of events) die(`${name} told`)
      return outcome
    },
  }
}

/** Between the mark of a program's start and the start itself. */
const dieAroundMarks = (): void => {
  const write = fs.writeFile
  fs.writeFile = async (file, data, options) => {
    await write(file, data, options)
    if (dirname(String(file)) === join(settings.data, 'tasks')) die('start marked')
  }
  syncBuiltinESMExports()
}

const programs = { writer: join(import.meta.dirname, 'writer.fixture.ts'), publisher: join(import.meta.dirname, 'publisher.fixture.ts') }
const log = fileLog(join(settings.data, 'school.log'))
const webRoot = join(settings.data, 'dist')
await fs.mkdir(webRoot, { recursive: true })
await fs.writeFile(join(webRoot, 'index.html'), '<!doctype html><title>School</title>')
const home = await openHome({ settings, clock, ids: randomIds(clock), log, programs })
const { world } = home
dieAround(world)
dieAroundMarks()
const server = schoolServer(home, webRoot)
server.listen(settings.port, '127.0.0.1')
await once(server, 'listening')
await home.start()

/** What a clock that has gone on brings with it: whatever looks every ten minutes or more often. */
const pass = async (seconds: number): Promise<void> => {
  aheadMs += seconds * 1000
  const ours = timers.filter(({ name }) => name.startsWith('series.') || name === 'content.look')
  for (const timer of ours) await timer.run(world)
  await world.events.drain()
}

process.send?.({ passed: 0 } satisfies Told)
process.on('message', (seconds: number) => {
  pass(seconds).then(
    () => process.send?.({ passed: seconds } satisfies Told),
    (error: unknown) => {
      log.error('time could not pass', error)
      process.send?.({ passed: undefined } satisfies Told)
    },
  )
})
process.on('disconnect', () => {
  server.closeAllConnections()
  server.close()
  void home.stop().then(() => process.exit(0))
})
