import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { bytesPath } from '#homes/machine/backup/manifest.ts'
import { launchBrowser } from '#scripts/browser.ts'
import { buy } from '#test/buy.ts'
import { aCourseOf } from './courses.ts'
import { aFilm, sendFilm, untilReady } from './films.ts'
import { journey, signIn, watching } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const LECTERN = join(import.meta.dirname, '..', '..', 'scripts', 'lectern.ts')
const school = await program({ args: ['--empty'] })
let backups: string
let browser: Browser
let teacher: Someone
let learner: Someone

before(async () => {
  backups = await mkdtemp(join(tmpdir(), 'lectern-backups-'))
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  learner = await someone(school, 'Lena')
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await rm(backups, { recursive: true })
  await school.close()
})

const say = (...words: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', LECTERN_DATA: school.data }
    const child = execFile(process.execPath, [LECTERN, ...words], { env }, (_error, output, complaints) =>
      resolve({ code: child.exitCode ?? -1, output: output + complaints }),
    )
  })

const STORE = join('objects', 'objects.sqlite')

/** Rows of all tables of some databases of a data folder, those of each as at one moment, in an order of their own. */
const rowsOf = (data: string, names = ['school.sqlite', 'identity.sqlite', STORE]): string[] =>
  names.flatMap((name) => {
    const database = new DatabaseSync(join(data, name), { readOnly: true })
    try {
      database.exec('BEGIN')
      const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all()
      const rows = (table: string) => database.prepare(`SELECT * FROM "${table}"`).all()
      return tables.flatMap((table) => rows(String(table['name'])).map((row) => `${name} ${String(table['name'])} ${JSON.stringify(row)}`)).toSorted()
    } finally {
      database.close()
    }
  })

const digestOf = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** What objects of the store have which bytes, by their digest, as the files are that it names. */
const objectsOf = async (data: string, isWanted = (_key: string): boolean => true): Promise<{ key: string; digest: string }[]> => {
  const store = new DatabaseSync(join(data, STORE), { readOnly: true })
  const rows = store.prepare('SELECT key, blob FROM objects ORDER BY key').all()
  store.close()
  const wanted = rows.map((row) => ({ key: String(row['key']), blob: String(row['blob']) })).filter(({ key }) => isWanted(key))
  return Promise.all(wanted.map(async ({ key, blob }) => ({ key, digest: digestOf(await readFile(join(data, 'objects', 'blobs', blob))) })))
}

/** A school that nobody writes to: how many rows and objects it has, and what they are. */
const held = async (data: string) => {
  const [rows, objects] = [rowsOf(data), await objectsOf(data)]
  return { rows: rows.length, objects: objects.length, digests: [digestOf(rows.join('\n')), digestOf(JSON.stringify(objects))] }
}

/** A teacher writes and writes, until it is stopped; `kept`: the newest text that the school has told to be kept. */
const writing = (lesson: string) => {
  let isOver = false
  let kept = 0
  const over = (async () => {
    for (let at = 1; !isOver; at += 1) {
      await teacher.client.courses.updateLesson({ lesson, text: `Revision ${at}.` })
      kept = at
    }
  })()
  return {
    kept: () => kept,
    async stop() {
      isOver = true
      await over
    },
  }
}

const revisionIn = (data: string): number =>
  Math.max(
    ...rowsOf(data, ['school.sqlite']).flatMap((row) => (row.startsWith('school.sqlite items ') ? [Number(/Revision (\d+)\./.exec(row)?.[1] ?? 0)] : [])),
  )

type Moments = { before: readonly string[]; after: readonly string[]; restored: readonly string[] }

/** The school's clockwork may write a row of its own at any time. */
const MOST_BY_TIMERS = 4

/** Every row that was the same before and after the backup is in it, and no other than there was before or after; save those that are written all the while. */
const assertSame = ({ before, after, restored }: Moments, isWritten: (row: string) => boolean): void => {
  const others = (rows: readonly string[]): string[] => rows.filter((row) => !isWritten(row))
  const [afterwards, back, known] = [new Set(after), new Set(restored), new Set([...before, ...after])]
  const still = others(before).filter((row) => afterwards.has(row))
  assert.ok(still.length >= others(before).length - MOST_BY_TIMERS, `${still.length} of ${before.length} rows stood still`)
  assert.deepEqual(
    still.filter((row) => !back.has(row)),
    [],
  )
  assert.deepEqual(
    others(restored).filter((row) => !known.has(row)),
    [],
  )
  assert.equal(restored.filter(isWritten).length, before.filter(isWritten).length)
}

/** What there is in the place of the school's data is lost. */
const destroyed = async (): Promise<void> => {
  for (const name of await readdir(school.data)) await rm(join(school.data, name), { recursive: true })
}

/** A segment of the film's whose byte has flipped in the backup is named; nothing is, once it is as it was. */
const assertWhole = async (film: readonly { key: string; digest: string }[]): Promise<void> => {
  const { key, digest } = film.find((object) => object.key.endsWith('.m4s')) ?? { key: '', digest: '' }
  const path = bytesPath(backups, digest)
  const bytes = await readFile(path)
  const damaged = Uint8Array.from(bytes)
  damaged[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  await writeFile(path, damaged)
  const told = await say('restore', '--from', backups, '--verify')
  assert.ok(told.code !== 0 && told.output.includes(key), told.output)
  await writeFile(path, bytes)
  assert.equal((await say('restore', '--from', backups, '--verify')).code, 0)
}

const mine = async (): Promise<string[]> => (await learner.client.learning.mine({})).enrolled.map((each) => each.course.title)

test('a busy school is backed up, destroyed and restored: all it kept is there, money and people too, and its film plays', async () => {
  const { course, lesson, slug } = await aCourseOf(teacher, { title: 'To be kept', kind: 'video', amountMinor: 1900 })
  const film = await aFilm(join(backups, '..', `film-${process.pid}.mp4`), { seconds: 30, width: 320, height: 180 })
  const video = await sendFilm(teacher, lesson, film)
  await untilReady(teacher, video)
  const ofFilm = (key: string): boolean => key.split('/').includes(video)
  await rm(film)
  await teacher.client.courses.publish({ course })
  const order = await buy(learner, course)
  const session = order.checkoutUrl?.split('/').at(-1) ?? ''
  assert.equal((await fetch(`${school.url}/sandbox/stripe/api/sessions/${session}/pay`, { method: 'POST', body: '{}' })).ok, true)
  await eventually('the course that was paid', async () => ((await mine()).length > 0 ? true : undefined))

  const other = await aCourseOf(teacher, { title: 'In the making', kind: 'article' })
  const busy = writing(other.lesson)
  await eventually('a few texts', () => (busy.kept() > 5 ? true : undefined))
  const acknowledged = busy.kept()
  await eventually('all that happened to be told', () => (rowsOf(school.data).some((row) => row.includes('"is_dead":0')) ? undefined : true))
  const [rowsBefore, filmBefore] = [rowsOf(school.data), await objectsOf(school.data, ofFilm)]
  assert.ok(filmBefore.length > 10, `${filmBefore.length} objects of the film`)
  const open = await say('backup', '--to', backups)
  const [meanwhile, rowsAfter] = [busy.kept(), rowsOf(school.data)]
  await busy.stop()
  assert.equal(open.code, 0, open.output)
  assert.ok(meanwhile > acknowledged, 'the school went on writing')
  await assertWhole(filmBefore)

  await school.kill()
  await destroyed()
  const restored = await say('restore', '--from', backups)
  assert.equal(restored.code, 0, restored.output)
  const then = revisionIn(school.data)
  assert.ok(then >= acknowledged && then <= busy.kept(), `${acknowledged} ≤ ${then} ≤ ${busy.kept()}`)
  const isWritten = (row: string): boolean =>
    [`{"pk":"course#${other.course}","sk":"draft"`, `{"pk":"lesson#${other.lesson}","sk":"draft"`].some((key) => row.includes(key))
  assert.equal(rowsBefore.filter(isWritten).length, 2)
  assertSame({ before: rowsBefore, after: rowsAfter, restored: rowsOf(school.data) }, isWritten)
  assert.deepEqual(await objectsOf(school.data, ofFilm), filmBefore)

  await school.start()
  assert.deepEqual(await mine(), ['To be kept'])
  await journey({ browser, school, name: 'restored' }, async (page) => {
    await signIn(page, learner)
    await page.goto(`/learn/${slug}/${lesson}`)
    await page.locator('.lesson-player[data-state="ready"]').waitFor()
    await page.locator('video').evaluate((video: { muted: boolean; play(): Promise<void> }) => {
      video.muted = true
      return video.play()
    })
    await eventually('moving pictures', async () => ((await watching(page)).frames > 10 ? true : undefined))
  })

  await school.kill()
  const last = await held(school.data)
  assert.ok(last.objects > filmBefore.length && last.rows > rowsBefore.length)
  const closed = await say('backup', '--to', backups, '--keep', '1')
  assert.equal(closed.code, 0, closed.output)
  await destroyed()
  const again = await say('restore', '--from', backups)
  assert.equal(again.code, 0, again.output)
  assert.deepEqual(await held(school.data), last)
})
