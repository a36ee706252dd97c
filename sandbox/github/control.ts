import type { Made } from './api.ts'
import { commitFile, headOf } from './branches.ts'
import { type Desk, REVIEWER } from './desk.ts'
import { ApiError } from './errors.ts'
import { readFaults } from './faults.ts'
import { closePull, foundPull, mergePull, reopenPull, revertPull } from './pulls.ts'
import { type Answer, json } from './routes.ts'
import type { Asked } from './view.ts'

type Said = Record<string, unknown>
type Given = { desk: Desk; settle(): Promise<void>; made(): readonly Made[] }

const word = (said: Said, name: string): string | undefined => (typeof said[name] === 'string' ? said[name] : undefined)

const onPull = async (desk: Desk, number: number, verb: string | undefined): Promise<unknown> => {
  const pull = foundPull(desk, number)
  if (verb === undefined) return pull
  if (verb === 'merge') return mergePull(desk, pull, { by: REVIEWER })
  if (verb === 'close') return closePull(desk, pull, REVIEWER)
  if (verb === 'reopen') return reopenPull(desk, pull, REVIEWER)
  if (verb === 'revert') return revertPull(desk, pull, REVIEWER)
  throw new ApiError(404, 'There is no such control.')
}

/** `{branch, path, text, message}`; without a text the file goes. */
const onFile = async (desk: Desk, said: Said) => {
  const [path, text] = [word(said, 'path') ?? '', word(said, 'text')]
  const message = word(said, 'message') ?? (text === undefined ? `Delete ${path}` : `Update ${path}`)
  return { commit: await commitFile(desk, word(said, 'branch') ?? desk.branch, { path, text, message, by: REVIEWER }) }
}

const change = async ({ desk, settle }: Given, [what, id, verb]: string[], said: Said): Promise<unknown> => {
  if (what === 'faults') {
    const faults = readFaults(said, desk.store.faults())
    desk.store.putFaults(faults)
    return faults
  }
  if (what === 'settle') {
    await settle()
    return { done: true }
  }
  if (what === 'pulls') return desk.inTurn(() => onPull(desk, Number(id), verb))
  if (what === 'files') return desk.inTurn(() => onFile(desk, said))
  throw new ApiError(404, 'There is no such control.')
}

const read = async ({ desk, made }: Given, [what, id]: string[]): Promise<unknown> => {
  if (what === 'faults') return desk.store.faults()
  if (what === 'calls') return { calls: made() }
  if (what === 'deliveries') return { deliveries: desk.store.deliveries(1000) }
  if (what === 'head') return { commit: (await headOf(desk, id ?? desk.branch)) ?? null }
  if (what === 'pulls') return id === undefined ? { pulls: desk.store.pulls() } : onPull(desk, Number(id), undefined)
  throw new ApiError(404, 'There is no such control.')
}

/** For tests, and for whoever would rather not press buttons: below `/sandbox/github/api`. */
export const control = async (given: Given, { method, path, body }: Asked): Promise<Answer> => {
  try {
    const parts = path.split('/').slice(4).map(decodeURIComponent)
    const said: unknown = JSON.parse(body || '{}')
    // What is no object says nothing.
    const words = typeof said === 'object' && said !== null ? (said as Said) : {}
    return json(method === 'POST' ? await change(given, parts, words) : await read(given, parts))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof URIError) return json({ error: 'That cannot be read.' }, 400)
    if (!(error instanceof ApiError)) throw error
    return json({ error: error.message, ...(error.errors && { errors: error.errors }) }, error.status)
  }
}
