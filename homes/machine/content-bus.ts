import { randomUUID } from 'node:crypto'
import { watch } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type BusNews, parsedNews, type Tell } from '#core/series/bus.ts'
import type { Clock } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import { hasCode } from './error-code.ts'

/*
 * The content bus of a machine is a folder: who has something to tell puts a file there, whole and on the disk before it has its name, and
 * the school takes it away once it has been heard. Programs need not find the school awake, nor the school the programs.
 */

const MESSAGE = /^[0-9a-z][0-9a-z.-]*\.json$/
const UNREADABLE = 'unreadable'
/** Where watching a folder does not work, as on some file systems, news is found by looking. */
const LOOK_MS = 2000

/** For a program: tells the bus, and answers when what it told cannot be lost any more. */
export const spoolTell = (folder: string, clock: Clock): Tell => {
  return async (news) => {
    await mkdir(folder, { recursive: true })
    const name = `${String(clock.now().getTime()).padStart(15, '0')}-${randomUUID()}.json`
    const unfinished = join(folder, `${name}.part`)
    const file = await open(unfinished, 'wx')
    try {
      await file.writeFile(JSON.stringify(news))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, join(folder, name))
  }
}

type Options = {
  folder: string
  /** Called with each, one after the other; one that throws is told again. */
  hear(news: BusNews): Promise<void>
  log: Log
}

export type Spool = { begin(): void; close(): Promise<void> }

/** What a message says, or that it says nothing anybody could hear. */
const readMessage = async (path: string): Promise<BusNews | 'unreadable' | 'gone'> => {
  try {
    return parsedNews(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    return hasCode(error, 'ENOENT') ? 'gone' : 'unreadable'
  }
}

/** For the school: hears what is told, in the order of the names, from `begin` on. */
export const openSpool = async ({ folder, hear, log }: Options): Promise<Spool> => {
  await mkdir(join(folder, UNREADABLE), { recursive: true })
  let looking: Promise<void> = Promise.resolve()
  let isAwaited = false
  const take = async (name: string): Promise<void> => {
    const path = join(folder, name)
    const news = await readMessage(path)
    if (news === 'gone') return
    if (news === 'unreadable') {
      log.error('a message of the content bus cannot be read', new Error(name))
      return rename(path, join(folder, UNREADABLE, name))
    }
    try {
      await hear(news)
    } catch (error) {
      return log.error('a message of the content bus was heard in vain', error, { type: news.type, run: news.detail.run })
    }
    await rm(path, { force: true })
  }
  const look = async (): Promise<void> => {
    isAwaited = false
    const names = (await readdir(folder)).filter((name) => MESSAGE.test(name)).toSorted()
    for (const name of names) await take(name)
  }
  /** What comes while one looks is looked for once more. */
  const lookSoon = (): void => {
    if (isAwaited) return
    isAwaited = true
    looking = looking.then(look).catch((error: unknown) => log.error('the content bus could not be read', error))
  }
  let stop = (): void => undefined
  return {
    begin: () => {
      const watcher = watch(folder, lookSoon)
      watcher.on('error', (error) => log.warn('the content bus is not watched', { reason: String(error) }))
      const timer = setInterval(lookSoon, LOOK_MS)
      stop = () => {
        watcher.close()
        clearInterval(timer)
      }
      lookSoon()
    },
    close: async () => {
      stop()
      await looking
    },
  }
}
