import fs from 'node:fs/promises'
import http, { type IncomingMessage } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { dirname } from 'node:path'
import { parsedNews } from '#core/series/bus.ts'
import { readBrief } from '#core/series/papers.ts'
import { openRoom } from '#tasks/room.ts'
import { dieAt } from './doom.fixture.ts'

/*
 * The programs as they are, with death around them: what they ask of the chatbot, of GitHub and of the bus goes by here. Points are named by
 * what has been done: `POST git/refs` is dead once GitHub has made the branch and answered.
 */

type Die = (point: string) => void

const dieAroundQuestions = (die: Die): void => {
  const ask = globalThis.fetch
  globalThis.fetch = async (...given) => {
    die('question ready')
    const answer = await ask(...given)
    const text = await answer.text()
    die('question answered')
    return new Response(text, answer)
  }
}

const dieAroundNews = (die: Die, spool: string): void => {
  const rename = fs.rename
  fs.rename = async (from, to) => {
    if (dirname(String(to)) !== spool) return rename(from, to)
    const { type } = parsedNews(JSON.parse(await fs.readFile(from, 'utf8')))
    die(`${type} ready`)
    await rename(from, to)
    die(`${type} told`)
  }
}

/** `POST /repos/lectern/courses/issues/3/comments` as `POST issues/comments`. */
const callOf = (method: string | undefined, url: string): string => {
  const path = new URL(url).pathname.split('/').slice(4)
  return `${method} ${path.filter((part) => !/^(\d+|[0-9a-f]{40})$/.test(part)).join('/')}`
}

const dieAfterCalls = (die: Die): void => {
  const { request } = http
  const watched = (url: string, options: http.RequestOptions, done: (answer: IncomingMessage) => void) =>
    request(url, options, (answer) => {
      // Before whoever asked hears of it.
      answer.once('end', () => die(callOf(options.method, url)))
      done(answer)
    })
  Reflect.set(http, 'request', watched)
}

/** From here on this program dies where its run's series is doomed to. */
export const dieWhereDoomed = async (): Promise<void> => {
  const { DRAFTS_FOLDER: drafts = '', CONTENT_SPOOL: spool = '' } = process.env
  const room = await openRoom(process.env)
  const brief = await readBrief(room, room.run)
  await room.close()
  const die: Die = (point) => dieAt(dirname(drafts), brief?.series.id ?? '', point)
  dieAroundQuestions(die)
  dieAroundNews(die, spool)
  dieAfterCalls(die)
  syncBuiltinESMExports()
}
