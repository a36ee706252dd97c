import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import * as z from 'zod'
import { aBrowser, aSignIn } from '#test/browser.ts'
import { aCourseOf } from '#test/journeys/courses.ts'
import { aFilm, untilReady } from '#test/journeys/films.ts'
import { type Someone, someone } from '#test/journeys/people.ts'
import { keysBelow, type Program, program } from '#test/journeys/program.ts'
import { refusalOf } from '#test/school.ts'
import { type Disk, smallDisk } from './disks.ts'

/** The school keeps a gigabyte free of films. */
const DISK_MB = 1300
const PLAYING = z.object({ stream: z.string(), masterUrl: z.string() })

const found = await smallDisk(DISK_MB)
const skip = 'skip' in found ? found.skip : false

describe('a school whose disk is full', { skip }, () => {
  let disk: Disk
  let school: Program
  let teacher: Someone
  let lena: Someone
  let max: Someone
  let made: { course: string; lesson: string; slug: string }
  let film: Buffer
  let video = ''

  before(async () => {
    assert.ok(!('skip' in found))
    disk = found
    school = await program({ args: ['--empty'], env: { LECTERN_ENCODERS: '1' }, below: disk.path })
    await school.start()
    teacher = await someone(school, 'Theo', 'instructor')
    lena = await someone(school, 'Lena')
    max = await someone(school, 'Max')
    made = await aCourseOf(teacher, { title: 'Painting with light', kind: 'video' })
    film = await readFile(await aFilm(join(disk.path, 'film.mp4'), { seconds: 6, width: 160, height: 90 }))
  })
  after(async () => {
    await school?.close()
    await disk?.remove()
  })

  const begun = async (lesson: string): Promise<{ id: string; video: string; url: string }> => {
    const { id, video: of } = await teacher.client.media.startUpload({ lesson, fileName: 'film.mp4', sizeBytes: film.length, type: 'video/mp4' })
    const { parts } = await teacher.client.media.signParts({ upload: id, parts: [1] })
    return { id, video: of, url: parts[0]?.url ?? '' }
  }
  const sent = async (url: string): Promise<number> => (await fetch(url, { method: 'PUT', body: new Uint8Array(film) })).status

  const played = async (stream?: string) => {
    const answer = await fetch(`${school.url}/api/lessons/${made.lesson}/playback`, {
      method: 'POST',
      headers: { authorization: `Bearer ${lena.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ stream }),
    })
    assert.equal(answer.status, 200, await answer.clone().text())
    const cookie = answer.headers.getSetCookie().map((line) => line.slice(0, line.indexOf(';')))
    return { ...PLAYING.parse(await answer.json()), cookie: cookie.join('; ') }
  }
  /** The first segment of every rendition, with their digests. */
  const segments = async (cookie: string): Promise<string[]> => {
    const keys = keysBelow(school, `media/${video}/`).filter((key) => /\/0*1?\.m4s$/.test(key))
    assert.ok(keys.length > 0)
    const answers = keys.map(async (key) => {
      const answer = await fetch(`${school.url}/${key}`, { headers: { cookie } })
      return `${key} ${answer.status} ${createHash('md5')
        .update(new Uint8Array(await answer.arrayBuffer()))
        .digest('hex')}`
    })
    return Promise.all(answers)
  }
  const statusOf = async (path: string): Promise<number> => (await fetch(school.url + path)).status

  /** What was under way when the disk filled up. */
  let cutShort: Awaited<ReturnType<typeof begun>>
  let wholeBefore: string[] = []
  let playing: Awaited<ReturnType<typeof played>>

  test('goes on to be read and watched; whatever would be saved is refused in words, and no upload begins', async () => {
    const upload = await begun(made.lesson)
    video = upload.video
    assert.equal(await sent(upload.url), 200)
    await teacher.client.media.finishUpload({ upload: upload.id })
    await untilReady(teacher, video)
    await teacher.client.courses.publish({ course: made.course })
    await lena.client.learning.enrol({ course: made.course })
    const second = await aCourseOf(teacher, { title: 'Another', kind: 'video' })
    cutShort = await begun(second.lesson)
    playing = await played()
    wholeBefore = await segments(playing.cookie)

    await disk.fill()
    for (const path of ['/', '/api/health', '/catalogue/index.json', `/courses/${made.slug}`]) assert.equal(await statusOf(path), 200, path)
    assert.equal((await lena.client.learning.lesson({ lesson: made.lesson })).title, 'The lesson')
    const renewed = await played(playing.stream)
    assert.equal(renewed.stream, playing.stream)
    assert.deepEqual(await segments(renewed.cookie), wholeBefore)

    const refused = teacher.client.courses.create({ title: 'Refused' })
    await assert.rejects(refused, /disk is full, so nothing was saved/)
    assert.equal(await refusalOf(max.client.learning.enrol({ course: made.course })), 'no-room')
    assert.equal(await refusalOf(teacher.client.media.startUpload({ lesson: made.lesson, fileName: 'f.mp4', sizeBytes: 9_000, type: 'video/mp4' })), 'no-room')
    assert.equal(await sent(cutShort.url), 507)
    const signIn = await aBrowser(school.url).open(aSignIn(school.url).address)
    assert.equal(signIn.status, 507)
    assert.match(signIn.text, /can save nothing at this moment/)
  })

  test('goes on by itself when there is room: what was refused can be done, what was cut short is finished, and nothing is damaged', async () => {
    await disk.clear()
    await max.client.learning.enrol({ course: made.course })
    assert.equal(await sent(cutShort.url), 200)
    await teacher.client.media.finishUpload({ upload: cutShort.id })
    await untilReady(teacher, cutShort.video)
    assert.deepEqual(
      (await teacher.client.courses.mine({})).courses.map(({ title }) => title).filter((title) => title === 'Refused'),
      [],
    )
    assert.deepEqual(await segments((await played(playing.stream)).cookie), wholeBefore)
    await school.kill()
    for (const name of ['school.sqlite', 'identity.sqlite', 'objects/objects.sqlite', 'transcoder/transcoder.sqlite']) {
      const database = new DatabaseSync(join(school.data, name))
      assert.deepEqual(
        database
          .prepare('PRAGMA integrity_check')
          .all()
          .map((row) => row['integrity_check']),
        ['ok'],
        name,
      )
      database.close()
    }
    await school.start()
    assert.equal((await max.client.learning.mine({})).enrolled.length, 1)
  })
})
