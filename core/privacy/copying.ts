import { strToU8, type Zippable, zipSync } from 'fflate'
import { type DataCopy, EXPORT_KEPT_DAYS } from '#contract/privacy.ts'
import { workFileRecords } from '#core/assignments/records.ts'
import { signedFileUrl } from '#core/delivery/signer.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { after, DAY_MS, plus } from '#core/moments.ts'
import { objectsBelow } from '#core/objects.ts'
import { mentions } from '#core/personal.ts'
import type { KeptKind, Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Person } from '#ports/identity.ts'
import type { Item } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { kindFinder } from './kinds.ts'
import type { Known } from './known.ts'
import { pageOf } from './page.ts'
import { EXPORTS, exportRecords, type StoredExport } from './records.ts'

const PAGES_A_STEP = 20
/** Files that fit together into a copy that is made in memory; larger ones are named in it and fetched where they were handed in. */
const MOST_FILE_BYTES = 50 * 1024 ** 2

/** Below what no edge serves. */
const exportPrefix = (id: string): string => `drafts/exports/${id}/`
const contentKey = (id: string): string => `files/${id}/content`

const fileOf = async ({ tables }: Pick<World, 'tables'>, kind: KeptKind, item: Item): Promise<Pick<Known, 'file'>> => {
  if (kind.pattern.pk !== 'work-file#{id}') return {}
  const file = (await workFileRecords.get(tables, { id: String(item.body['id']) }))?.value
  return file?.state === 'there' ? { file: { key: file.key, name: file.name, sizeBytes: file.sizeBytes } } : {}
}

const knownIn = async (world: Pick<World, 'tables'>, kind: KeptKind, item: Item, person: string): Promise<Known | undefined> => {
  const { what, says, because, whose, shows } = kind.people
  if (what === 'nobody') return undefined
  const value = kind.parse(item.body)
  const about = { what: says, kept: what, ...(because !== undefined && { because }) }
  if (whose && whose(value) !== person) return about
  if (!whose && !shows && what === 'stays') return about
  return { ...about, value: shows ? shows(value) : value, ...(await fileOf(world, kind, item)) }
}

/** What some pages of everything say of somebody, and where the next begin. */
export const knownOf = async (world: Pick<World, 'tables'>, { id, email }: Pick<Person, 'id' | 'email'>, from: string | undefined, most: number) => {
  const finder = kindFinder()
  const known: Known[] = []
  let page = from
  for (let pages = 0; pages < most; pages += 1) {
    const { items, next } = await world.tables.every(page)
    for (const item of items) {
      const kind = mentions(item, { person: id, email }) ? finder(item) : undefined
      const found = kind && (await knownIn(world, kind, item, id))
      if (found) known.push(found)
    }
    page = next
    if (page === undefined) break
  }
  return { known, page }
}

/** What somebody is handed, but for the files: one document for programs and one to read. */
export const documentsOf = (school: string, person: Person, known: readonly Known[], at: string): { 'data.json': string; 'index.html': string } => {
  const { id, email, name, roles, isVerified } = person
  const account = { id, email, name, roles, isVerified }
  return { 'data.json': JSON.stringify({ school, at, account, known }, null, 2), 'index.html': pageOf({ school, at, account, known }) }
}

/** Two files may have one name. */
export const placesOf = (known: readonly Known[]): { key: string; place: string; sizeBytes: number }[] =>
  known.flatMap(({ file }, at) =>
    file ? [{ key: file.key, sizeBytes: file.sizeBytes, place: `files/${at + 1}-${file.name.replaceAll(/[\\/\p{Cc}]/gu, '_')}` }] : [],
  )

const zipped = async ({ objects }: World, documents: Record<string, string>, known: readonly Known[]): Promise<{ bytes: Uint8Array; leftOut: number }> => {
  const entries: Zippable = Object.fromEntries(Object.entries(documents).map(([name, text]) => [name, strToU8(text)]))
  let [room, leftOut] = [MOST_FILE_BYTES, 0]
  for (const { key, place, sizeBytes } of placesOf(known)) {
    const object = sizeBytes <= room ? await objects.get(key) : undefined
    if (!object) {
      leftOut += 1
      continue
    }
    room -= sizeBytes
    // Handed in as they are: most are pressed already.
    entries[place] = [object.bytes, { level: 0 }]
  }
  return { bytes: zipSync(entries), leftOut }
}

const piecesOf = async (world: World, id: string): Promise<Known[]> => {
  const known: Known[] = []
  for await (const { key } of objectsBelow(world, exportPrefix(id))) {
    const object = await world.objects.get(key)
    // Written by the step below.
    if (object) known.push(...(JSON.parse(new TextDecoder().decode(object.bytes)) as Known[]))
  }
  return known
}

const clear = async (world: World, id: string): Promise<void> => {
  for await (const { key } of objectsBelow(world, exportPrefix(id))) await world.objects.remove(key)
}

export const removeCopy = async (world: World, id: string): Promise<void> => {
  await clear(world, id)
  await world.objects.remove(contentKey(id))
}

/** After something was put, or was to be: nobody finds what belongs to a copy that another has taken the place of, or whose person has left. */
const removeUnlessKnown = async (world: World, { person, id }: Pick<StoredExport, 'person' | 'id'>): Promise<void> => {
  const now = (await exportRecords.get(world.tables, { person }))?.value
  if (now?.id !== id) return removeCopy(world, id)
  if (now.state === 'ready') await clear(world, id)
}

const finish = async (world: World, stored: Stored<StoredExport>, person: Person): Promise<void> => {
  const { clock, objects, tables, settings } = world
  const at = clock.now().toISOString()
  const { id } = stored.value
  const known = await piecesOf(world, id)
  const { bytes, leftOut } = await zipped(world, documentsOf(settings.schoolName, person, known, at), known)
  await objects.put(contentKey(id), bytes, { type: 'application/zip', fileName: `my-data-${at.slice(0, 10)}.zip` })
  const { page: _, ...rest } = stored.value
  const ready: StoredExport = { ...rest, state: 'ready', readyAt: at, sizeBytes: bytes.byteLength, items: known.length, leftOut }
  await tables.commit([exportRecords.replace(stored, ready)])
  await removeUnlessKnown(world, ready)
}

/** One step of a copy: some pages are read, and what they say is laid aside. */
export const copyStep = async (world: World, { person: id, export: copy, step }: { person: string; export: string; step: number }): Promise<void> => {
  const [stored, person] = [await exportRecords.get(world.tables, { person: id }), await world.identity.find(id)]
  // Told again: whoever was killed right before they cleared up has left it to this.
  if (stored?.value.id !== copy || stored.value.state === 'ready') return removeUnlessKnown(world, { person: id, id: copy })
  if (!person || stored.value.step !== step) return
  const { known, page } = await knownOf(world, person, stored.value.page, PAGES_A_STEP)
  await world.objects.put(`${exportPrefix(copy)}${String(step).padStart(6, '0')}.json`, JSON.stringify(known), { type: 'application/json' })
  if (page === undefined) return finish(world, stored, person)
  const next = { ...stored.value, page, step: step + 1, items: stored.value.items + known.length }
  const told = event(world, 'export.stepped', { person: id, export: copy, step: step + 1 }, `${copy}.step.${step + 1}`)
  if ((await world.tables.commit([exportRecords.replace(stored, next)], [told])) === 'conflict') await removeUnlessKnown(world, stored.value)
}

/** Begins a copy, once a day: it reads everything there is. */
export const beginCopy = async (world: World, { id: person }: Actor): Promise<void> => {
  const { tables, clock, ids } = world
  const before = await exportRecords.get(tables, { person })
  if (before && before.value.at > after(world, -DAY_MS)) throw new Refusal('too-many', 'A copy was made within a day. Fetch that one, or come back tomorrow.')
  const copy: StoredExport = { person, id: ids.make('fil'), state: 'making', at: clock.now().toISOString(), step: 1, items: 0 }
  const told = [event(world, 'export.stepped', { person, export: copy.id, step: 1 }, `${copy.id}.step.1`)]
  // No step of the one before goes on; this one removes what it has made.
  if (before) told.push(event(world, 'export.stepped', { person, export: before.value.id, step: before.value.step }, `${before.value.id}.replaced`))
  await tables.commit([before ? exportRecords.replace(before, copy) : exportRecords.add(copy)], told)
}

export const copyOf = async ({ tables, clock }: World, person: string): Promise<DataCopy> => {
  const copy = (await exportRecords.get(tables, { person }))?.value
  if (!copy) return { state: 'none' }
  const { state, at, sizeBytes, readyAt, leftOut } = copy
  const until = readyAt === undefined ? undefined : plus(readyAt, EXPORT_KEPT_DAYS * DAY_MS)
  if (until !== undefined && until <= clock.now().toISOString()) return { state: 'none' }
  // What has not come in the time after which another may be asked for does not come any more: the school gave it up.
  if (state === 'making' && at <= after({ clock }, -DAY_MS)) return { state: 'failed', at }
  return { state, at, ...(sizeBytes !== undefined && { sizeBytes }), ...(until !== undefined && { until }), ...(leftOut ? { leftOut } : {}) }
}

export const downloadCopy = async (world: World, { id: person }: Actor): Promise<{ url: string; expiresAt: string }> => {
  const copy = (await exportRecords.get(world.tables, { person }))?.value
  if (copy?.state !== 'ready' || (await copyOf(world, person)).state !== 'ready') throw missing('copy')
  return signedFileUrl({ settings: world.settings, keys: await world.keys.live(), file: contentKey(copy.id), now: world.clock.now() })
}

/** Copies are as much worth to a thief as to whoever asked: they do not lie about. */
export const sweepCopies = async (world: World): Promise<void> => {
  const { items } = await exportRecords.listIndex(world.tables, EXPORTS)
  for (const { person, id, at } of items) {
    if (at > after(world, -(EXPORT_KEPT_DAYS + 1) * DAY_MS)) return
    const stored = await exportRecords.get(world.tables, { person })
    if (stored?.value.id !== id) continue
    await removeCopy(world, id)
    await world.tables.commit([exportRecords.remove({ person }, stored)])
  }
}
