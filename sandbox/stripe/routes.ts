import type { Desk } from './desk.ts'
import { missing } from './errors.ts'
import type { KeptAs, Kind } from './kinds.ts'
import { type Form, listed, PAGE, type Paged, text } from './request.ts'
import { shown } from './shown.ts'

export type Route = {
  method: 'GET' | 'POST' | 'DELETE'
  path: RegExp
  /** Every parameter that is known; any other is refused. */
  knows: readonly string[]
  run(desk: Desk, form: Form, id: string): Record<string, unknown>
}

const NAMES: Partial<Record<Kind, string>> = { 'test_helpers.test_clock': 'testclock', 'billing_portal.session': 'session' }

export const found = <K extends Kind>({ store }: Desk, kind: K, id: string, param = 'id'): KeptAs<K> => {
  const kept = store.get(kind, id)
  if (!kept) throw missing(NAMES[kind] ?? kind, id, param)
  return kept
}

const pattern = (path: string): RegExp => new RegExp(`^/v1/${path.replace(':id', '([^/]+)')}$`)

export const get = (path: string, run: Route['run'], knows: readonly string[] = []): Route => ({ method: 'GET', path: pattern(path), knows, run })
export const post = (path: string, knows: readonly string[], run: Route['run']): Route => ({ method: 'POST', path: pattern(path), knows, run })
export const del = (path: string, knows: readonly string[], run: Route['run']): Route => ({ method: 'DELETE', path: pattern(path), knows, run })

export const reads = (path: string, kind: Kind): Route => get(`${path}/:id`, (desk, _form, id) => shown(found(desk, kind, id)))

type Listing<K extends Kind> = {
  path: string
  kind: K
  /** Parameters that name another thing, by which these are found; the first that is given is looked up, the rest compared. */
  by?: readonly string[]
  knows?: readonly string[]
  keeps?(kept: KeptAs<K>, form: Form, desk: Desk): boolean
}

export const lists = <K extends Kind>({ path, kind, by = [], knows = [], keeps = () => true }: Listing<K>): Route =>
  get(
    path,
    (desk, form): Paged => {
      const targets = by.flatMap((name) => text(form, name) ?? [])
      const [first, ...more] = targets
      const ids = more.map((target) => new Set(desk.store.linked(kind, target).map(({ id }) => id)))
      const rows = first === undefined ? desk.store.all(kind) : desk.store.linked(kind, first)
      const kept = rows.filter((row) => ids.every((known) => known.has(row.id)) && keeps(row, form, desk))
      return listed(`/v1/${path}`, kept.map(shown), form)
    },
    [...PAGE, ...by, ...knows],
  )
