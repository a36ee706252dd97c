import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aCourse, anArrivedFile, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const other = await school.person('Otto', 'instructor')
const learner = await school.person('Lena')
const stranger = await school.person('Stefan')

type Client = typeof school.visitor
type Place = { course: string; section: string }

const said = async (video: string, lines: string[], language = 'en') => {
  const cues = lines.map((text, index) => ({ startSeconds: index * 10, endSeconds: index * 10 + 5, text }))
  const { tracks } = await teacher.client.captions.all({ video })
  const before = tracks.find((track) => track.language === language)
  const { revision } = await teacher.client.captions.save({ video, language, label: language, cues, ...(before && { revision: before.revision }) })
  await teacher.client.captions.publish({ video, language, revision })
  await school.settle()
  return revision
}
const aTalk = async (place: Place, title: string, lines: string[]) => {
  const talk = await anUploadedVideo(school, teacher, { ...place, title })
  await encode(school, talk)
  await school.settle()
  await said(talk.video, lines)
  return talk
}
const publish = async ({ course }: Place): Promise<void> => {
  await teacher.client.courses.publish({ course })
  await school.settle()
}
const found = async (client: Client, course: string, words: string): Promise<string[]> =>
  (await client.search.find({ course, words, only: 'spoken' })).hits.map(({ lesson, atSeconds, text }) => `${lesson?.title} ${atSeconds} ${text}`)

const paid = await aCourse(teacher, { title: 'Paid' })
const open = await aTalk(paid, 'Preview', ['Where the <i>light</i> falls'])
await aTalk(paid, 'Closed', ['A secret light', 'and the shadow'])
await teacher.client.courses.updateLesson({ lesson: open.lesson, isPreview: true })
await teacher.client.courses.update({ course: paid.course, price: { amountMinor: 4900, currency: 'EUR' } })
await publish(paid)
const enrolled = { learner: learner.id, course: paid.course, since: '2026-05-04T09:00:00.000Z' }
await school.world.tables.commit([{ kind: 'put', key: { pk: `learner#${learner.id}`, sk: `enrolment#${paid.course}` }, body: enrolled }])

test('everybody finds what is said in lessons that are open to them, and nothing else', async () => {
  const preview = 'Preview 0 Where the light falls'
  const closed = 'Closed 0 A secret light'
  assert.deepEqual(await found(school.visitor, paid.course, 'light'), [preview])
  assert.deepEqual(await found(stranger.client, paid.course, 'Light'), [preview])
  assert.deepEqual(await found(other.client, paid.course, 'light'), [preview])
  assert.deepEqual(await found(stranger.client, paid.course, 'secret'), [])
  for (const { client } of [learner, teacher]) assert.deepEqual(await found(client, paid.course, 'LIGHT'), [preview, closed])
  assert.deepEqual(await found(learner.client, paid.course, 'shadow light'), ['Closed 0 A secret light and the shadow'])
})

test('out of the catalogue only those who have the course find anything; a draft is its teacher’s', async () => {
  await teacher.client.courses.unpublish({ course: paid.course })
  await school.settle()
  assert.equal(await refusalOf(school.visitor.search.find({ course: paid.course, words: 'light' })), 'not-found')
  assert.equal((await found(learner.client, paid.course, 'light')).length, 2)
  await publish(paid)
  const draft = await aCourse(teacher, { title: 'Draft' })
  await aTalk(draft, 'Unseen', ['Nobody knows'])
  assert.deepEqual(await found(teacher.client, draft.course, 'nobody'), ['Unseen 0 Nobody knows'])
  assert.equal(await refusalOf(learner.client.search.find({ course: draft.course, words: 'nobody' })), 'not-found')
})

test('drafts of captions are not searched; what is saved, published, removed or brought back is, as it is now', async () => {
  const place = await aCourse(teacher, { title: 'Edited' })
  const talk = await aTalk(place, 'Talk', ['First words'])
  await publish(place)
  const english = { video: talk.video, language: 'en' }
  const find = async (words: string) => (await found(teacher.client, place.course, words)).length
  await teacher.client.captions.save({ ...english, language: 'de', label: 'Deutsch', cues: [{ startSeconds: 0, endSeconds: 1, text: 'Entwurf' }] })
  await school.settle()
  assert.equal(await find('Entwurf'), 0)
  const revision = await said(talk.video, ['Second words'])
  assert.deepEqual([await find('first'), await find('second')], [0, 1])
  await teacher.client.captions.restore({ ...english, revision })
  await school.settle()
  assert.deepEqual([await find('first'), await find('second')], [1, 0])
  await teacher.client.captions.remove(english)
  await school.settle()
  assert.equal(await find('first'), 0)
})

test('an index that is stale, missing or broken never shows what is no longer so', async () => {
  const place = await aCourse(teacher, { title: 'Stale' })
  const talk = await aTalk(place, 'Talk', ['Old words'])
  await publish(place)
  const key = `search/${place.course}.json`
  const old = (await school.store.get(key))?.bytes ?? new Uint8Array()
  await said(talk.video, ['New words'])
  for (const bytes of [old, new TextEncoder().encode('{"lessons": 1}')]) {
    await school.store.put(key, bytes, { type: 'application/json' })
    assert.deepEqual(await found(teacher.client, place.course, 'old'), [])
    assert.deepEqual(await found(teacher.client, place.course, 'new'), ['Talk 0 New words'])
  }
  await school.store.remove(key)
  assert.deepEqual(await found(teacher.client, place.course, 'new'), ['Talk 0 New words'])
})

test('with a new video in the draft, learners find the old one’s words and the teacher the new one’s, until it is published', async () => {
  const place = await aCourse(teacher, { title: 'Replaced' })
  const { lesson } = await aTalk(place, 'Talk', ['Old film'])
  await publish(place)
  await learner.client.learning.enrol({ course: place.course })
  const now = await anArrivedFile(school, teacher, { lesson, fileName: 'better.mp4' })
  await encode(school, now)
  await school.settle()
  await said(now.video, ['New film'])
  assert.deepEqual(await found(learner.client, place.course, 'film'), ['Talk 0 Old film'])
  assert.deepEqual(await found(teacher.client, place.course, 'film'), ['Talk 0 New film'])
  await publish(place)
  assert.deepEqual(await found(learner.client, place.course, 'film'), ['Talk 0 New film'])
})

test('a page holds fifty hits at most, and it is told when there are more; a course that is removed leaves no index', async () => {
  const place = await aCourse(teacher, { title: 'Many' })
  await aTalk(
    place,
    'Talk',
    Array.from({ length: 60 }, (_, index) => `Again ${index}`),
  )
  const { hits, isMore } = await teacher.client.search.find({ course: place.course, words: 'again', limit: 50 })
  assert.deepEqual([hits.length, isMore], [50, true])
  await teacher.client.courses.remove({ course: place.course })
  await school.settle()
  assert.equal(await school.store.head(`search/${place.course}.json`), undefined)
  for (const words of ['', '   ', 'x'.repeat(101)]) assert.equal(await refusalOf(teacher.client.search.find({ course: paid.course, words })), 'bad-input')
})
