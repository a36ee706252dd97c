import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
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

/** Rows of all tables of a database, in an order of their own. */
const rowsOf = (path: string): string[] => {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all()
    return names.flatMap(({ name }) =>
      database
        .prepare(`SELECT * FROM "${String(name)}"`)
        .all()
        .map((row) => `${String(name)} ${JSON.stringify(row)}`)
        .toSorted(),
    )
  } finally {
    database.close()
  }
}

/** All that a data folder keeps: how many rows each database has and what they are, and the bytes of each file of the store. */
const held = async (data: string) => {
  const databases = ['school.sqlite', 'identity.sqlite', join('objects', 'objects.sqlite')].map((name) => {
    const rows = rowsOf(join(data, name))
    return { name, count: rows.length, digest: createHash('sha256').update(rows.join('\n')).digest('hex') }
  })
  const folder = join(data, 'objects', 'blobs')
  const named = new Set(rowsOf(join(data, 'objects', 'objects.sqlite')).flatMap((row) => /"blob":"(\w+)"/.exec(row)?.[1] ?? []))
  const blobs = (await readdir(folder)).filter((blob) => named.has(blob)).toSorted()
  const bytes = await Promise.all(
    blobs.map(
      async (blob) =>
        `${blob} ${createHash('sha256')
          .update(await readFile(join(folder, blob)))
          .digest('hex')}`,
    ),
  )
  return { databases, blobs: blobs.length, bytes: createHash('sha256').update(bytes.join('\n')).digest('hex') }
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
  Math.max(...rowsOf(join(data, 'school.sqlite')).flatMap((row) => (row.startsWith('items ') ? [Number(/Revision (\d+)\./.exec(row)?.[1] ?? 0)] : [])))

const mine = async (): Promise<string[]> => (await learner.client.learning.mine({})).enrolled.map((each) => each.course.title)

test('a busy school is backed up, destroyed and restored: all it kept is there, money and people too, and its film plays', async () => {
  const { course, lesson, slug } = await aCourseOf(teacher, { title: 'To be kept', kind: 'video', amountMinor: 1900 })
  const film = await aFilm(join(backups, '..', `film-${process.pid}.mp4`), { seconds: 30, width: 320, height: 180 })
  await untilReady(teacher, await sendFilm(teacher, lesson, film))
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
  const open = await say('backup', '--to', backups)
  const meanwhile = busy.kept()
  await busy.stop()
  assert.equal(open.code, 0, open.output)
  assert.ok(meanwhile > acknowledged, 'the school went on writing')
  assert.equal((await say('restore', '--from', backups, '--verify')).code, 0)
  const aside = join(backups, '..', `aside-${process.pid}`)
  assert.equal((await say('restore', '--from', backups, '--to', aside)).code, 0)
  const then = revisionIn(aside)
  await rm(aside, { recursive: true })
  assert.ok(then >= acknowledged && then <= busy.kept(), `${acknowledged} ≤ ${then} ≤ ${busy.kept()}`)

  await school.kill()
  const before = await held(school.data)
  const closed = await say('backup', '--to', backups, '--keep', '1')
  assert.equal(closed.code, 0, closed.output)
  for (const name of await readdir(school.data)) await rm(join(school.data, name), { recursive: true })
  const restored = await say('restore', '--from', backups)
  assert.equal(restored.code, 0, restored.output)
  assert.deepEqual(await held(school.data), before)

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
})
