import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Desk } from './desk.ts'
import { ApiError } from './errors.ts'
import { commitAnswer, commitList } from './page-commits.ts'
import { blobPage, editPage, treePage } from './page-files.ts'
import { pullAnswer, pullList } from './page-pulls.ts'
import { wires } from './page-wires.ts'
import type { Answer } from './routes.ts'
import { type Asked, goTo, type Look, missing, problem, to } from './view.ts'

const STYLES = ['base', 'lists', 'pull', 'diff', 'files', 'prose', 'narrow'].map((name) => readFileSync(new URL(`./${name}.css`, import.meta.url), 'utf8'))
const FONT = readFileSync(createRequire(import.meta.url).resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'))

const FILES = new Map<string, Answer>([
  ['style.css', { status: 200, body: STYLES.join('\n'), headers: { 'content-type': 'text/css', 'cache-control': 'no-cache' } }],
  ['inter.woff2', { status: 200, body: FONT, headers: { 'content-type': 'font/woff2', 'cache-control': 'public, max-age=31536000, immutable' } }],
])

type Show = (look: Look, asked: Asked, rest: string[]) => Answer | Promise<Answer>

const SHOWS: Record<string, Show> = {
  pulls: ({ desk }, asked) => pullList(desk, asked),
  pull: ({ desk }, asked, rest) => pullAnswer(desk, asked, rest),
  tree: ({ desk }, asked, rest) => treePage(desk, asked, rest),
  blob: ({ desk }, asked, rest) => blobPage(desk, asked, rest),
  edit: ({ desk }, asked, rest) => editPage(desk, asked, rest),
  commits: ({ desk }, asked, rest) => commitList(desk, asked, rest),
  commit: ({ desk }, asked, rest) => commitAnswer(desk, asked, rest),
  wires,
}

/** What the API would refuse is told in its words. */
const orProblem = async (desk: Desk, work: () => Answer | Promise<Answer>): Promise<Answer> => {
  try {
    return await work()
  } catch (error) {
    // An address that is not written as one.
    if (error instanceof URIError) return missing(desk)
    if (!(error instanceof ApiError)) throw error
    const [first] = error.errors ?? []
    const words = typeof first === 'object' && first !== null && 'message' in first ? String(first.message) : error.message
    return problem(desk, words, error.status)
  }
}

/** Everything somebody looks at, or presses: addresses as GitHub has them, below `/sandbox/github`. */
export const pages =
  (look: Look) =>
  async (asked: Asked): Promise<Answer> => {
    const { desk } = look
    const [owner, name, first = '', ...rest] = asked.path.replace(/\/+$/, '').split('/').slice(3)
    const file = name === undefined ? FILES.get(owner ?? '') : undefined
    if (file) return file
    if (owner === undefined) return goTo(to(desk, 'pulls'))
    if (owner !== desk.owner || name !== desk.name) return missing(desk)
    const show = SHOWS[first || 'tree']
    return show ? orProblem(desk, () => show(look, asked, rest)) : missing(desk)
  }
