import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Tables } from '#ports/tables.ts'
import { aContentSchool, aCourseFile, aFile, aTaughtCourse, type ContentSchool, QUIZ } from './content.fixture.ts'
import { look } from './sync.ts'

class Killed extends Error {}

/** Tables whose process dies before its n-th commit, or once that is written; `left` counts those that come before. */
const dying = (tables: Tables, { after, isWritten }: { after: number; isWritten: boolean }): { tables: Tables; died(): boolean } => {
  let left = after
  let isDead = false
  const commit: Tables['commit'] = async (changes, events) => {
    if (isDead) throw new Killed()
    left -= 1
    if (left > 0) return tables.commit(changes, events)
    isDead = true
    if (isWritten) await tables.commit(changes, events)
    throw new Killed()
  }
  return { tables: { ...tables, get: (key) => tables.get(key), commit }, died: () => isDead }
}

const FIRST = {
  'courses/light/01-beginnings/01-rays.md': aFile('Rays'),
  'courses/light/01-beginnings/02-waves.md': aFile('Waves', { head: QUIZ }),
  'courses/light/01-beginnings/03-going.md': aFile('Going'),
  'courses/optics/course.md': aCourseFile('Optics', 'summary: Short.\n'),
  ...Object.fromEntries(
    Array.from({ length: 11 }, (_, index) => [`courses/optics/01-lenses/${String(index + 1).padStart(2, '0')}-lens.md`, aFile(`Lens ${index + 1}`)]),
  ),
  'courses/short/course.md': aCourseFile('Short'),
  'courses/short/01-all/01-all.md': aFile('All'),
}

/** Everything at once: one changes, one moves and changes places with another, one goes, some come, and a course leaves. */
const SECOND = {
  'courses/light/01-beginnings/01-rays.md': undefined,
  'courses/light/02-later/01-rays.md': aFile('Rays'),
  'courses/light/01-beginnings/02-waves.md': aFile('Going'),
  'courses/light/01-beginnings/03-going.md': aFile('Waves, anew', { head: QUIZ }),
  'courses/light/01-beginnings/04-new.md': aFile('New'),
  'courses/optics/course.md': aCourseFile('Optics, anew'),
  'courses/optics/01-lenses/01-lens.md': undefined,
  'courses/optics/01-lenses/02-lens.md': aFile('Lens 2, anew'),
  'courses/short/course.md': undefined,
  'courses/short/01-all/01-all.md': undefined,
}

/** All that anybody could tell of the school's courses, and how many lessons there are. */
const picture = async ({ school, owner, learner, repository, draft, shown }: ContentSchool, light: string) => {
  const courses = (await owner.client.courses.mine({})).courses.toSorted((a, b) => (a.slug < b.slug ? -1 : 1))
  const drafts = await Promise.all([...courses.map(({ id }) => id), light].map((id) => draft(id)))
  const published = await Promise.all([light, ...courses.filter(({ slug }) => slug !== 'short').map(({ id }) => id)].map((id) => shown(learner, id)))
  const whole = await owner.client.courses.get({ course: light })
  const count = (sk: string): number =>
    Number(school.database.prepare("SELECT count(*) AS count FROM items WHERE pk LIKE 'lesson#%' AND sk = ?").get(sk)?.['count'])
  const told = school.database
    .prepare("SELECT payload FROM outbox WHERE name = 'content.applied'")
    .all()
    .flatMap((row) => JSON.parse(String(row['payload'])).changes.map(({ what, title }: { what: string; title: string }) => `${what} ${title}`))
  return {
    ...{ drafts, published, told: told.toSorted(), lessons: count('draft'), shown: count('published'), clean: whole.hasUnpublishedChanges },
    courses: courses.map(({ title, status }) => `${title} ${status}`),
    applied: (await owner.client.content.state({})).applied?.commit === (await repository.head()),
  }
}

const begun = async (content: ContentSchool): Promise<string> => {
  const { course } = await aTaughtCourse(content)
  return course
}

const whole = async (t: Parameters<typeof aContentSchool>[0]) => {
  const content = await aContentSchool(t)
  const light = await begun(content)
  await content.push(FIRST)
  const first = await picture(content, light)
  await content.push(SECOND)
  return { first, second: await picture(content, light) }
}

/** Dies at the n-th commit, and looks again as the next process would; undefined once there are fewer commits than that. */
const cutShort = async (
  content: ContentSchool,
  files: Readonly<Record<string, string | undefined>>,
  at: { after: number; isWritten: boolean },
): Promise<boolean> => {
  const { school, repository, look: lookAgain } = content
  repository.commit(files)
  const mortal = dying(school.world.tables, at)
  await look({ ...school.world, tables: mortal.tables }).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error
  })
  await lookAgain()
  return mortal.died()
}

test('Cut short before or after any of its commits, a commit of the repository comes to the same end when it is looked at again', async (t) => {
  const expected = await whole(t)
  assert.equal(expected.second.applied, true)
  let tried = 0
  for (let after = 1, isDead = true; isDead; after += 1) {
    for (const isWritten of [false, true]) {
      const content = await aContentSchool(t)
      const light = await begun(content)
      const first = await cutShort(content, FIRST, { after, isWritten })
      assert.deepEqual(await picture(content, light), expected.first, `first, ${after} ${isWritten}`)
      const second = await cutShort(content, SECOND, { after, isWritten })
      assert.deepEqual(await picture(content, light), expected.second, `second, ${after} ${isWritten}`)
      isDead = first || second
      tried += Number(first) + Number(second)
    }
  }
  t.diagnostic(`cut short ${tried} times`)
  assert.ok(tried > 60)
})
