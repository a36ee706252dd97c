import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { SearchHit } from '#contract/search.ts'
import { aCourse, aLesson, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { find } from './finding.ts'

const DAY_SECONDS = 86_400

type School = Awaited<ReturnType<typeof openSchool>>
type Client = School['visitor']

const aSchool = async () => {
  const school = await openSchool()
  after(() => school.close())
  const teacher = await school.person('Theo', 'instructor')
  return { school, teacher, other: await school.person('Otto', 'instructor'), lena: await school.person('Lena'), stranger: await school.person('Stefan') }
}
type Teacher = Awaited<ReturnType<School['person']>>

const shown = ({ kind, course, lesson, text, atSeconds }: SearchHit): string =>
  [kind, course.title, lesson && `${lesson.title}${lesson.isOpen ? '' : ' (closed)'}`, text, atSeconds].filter((part) => part !== undefined).join(' | ')
const found = async (client: Client, words: string, of: { course?: string } = {}): Promise<string[]> =>
  (await client.search.find({ words, ...of })).hits.map(shown)

const anArticle = async (teacher: Teacher, place: { course: string; section: string; title: string; text: string }): Promise<string> => {
  const { text, ...of } = place
  const lesson = await aLesson(teacher, of)
  await teacher.client.courses.updateLesson({ lesson, text })
  return lesson
}
const publish = async (school: School, { client }: Teacher, course: string): Promise<void> => {
  await client.courses.publish({ course })
  await school.settle()
}
/** A paid course: an open preview and a closed article. */
const aPaidCourse = async (school: School, teacher: Teacher, title = 'Painting') => {
  const place = await aCourse(teacher, { title })
  const preview = await anArticle(teacher, { ...place, title: 'Preview', text: 'The **umber** is open.' })
  const closed = await anArticle(teacher, { ...place, title: 'Umber and ochre', text: 'A secret of *umber*: warm it.' })
  await teacher.client.courses.updateLesson({ lesson: preview, isPreview: true })
  await teacher.client.courses.update({ course: place.course, price: { amountMinor: 4900, currency: 'EUR' }, summary: 'Colours of earth' })
  await publish(school, teacher, place.course)
  return { ...place, preview, closed }
}
const enrol = (school: School, learner: string, course: string) =>
  school.world.tables.commit([
    { kind: 'put', key: { pk: `learner#${learner}`, sk: `enrolment#${course}` }, body: { learner, course, since: '2026-05-04T09:00:00.000Z' } },
  ])

const TITLE = 'lesson | Painting | Umber and ochre (closed) | Umber and ochre'
const PREVIEW = 'text | Painting | Preview | The umber is open.'
const SECRET = 'text | Painting | Umber and ochre | A secret of umber: warm it.'

test('visitors and strangers find titles and what is free; those who have the course find what they paid for', async () => {
  const { school, teacher, other, lena, stranger } = await aSchool()
  const paid = await aPaidCourse(school, teacher)
  for (const client of [school.visitor, stranger.client, other.client]) {
    assert.deepEqual(await found(client, 'umber'), [TITLE, PREVIEW])
    assert.deepEqual(await found(client, 'secret'), [])
  }
  assert.deepEqual(await found(school.visitor, 'earth'), ['about | Painting | Colours of earth'])
  await enrol(school, lena.id, paid.course)
  for (const client of [lena.client, teacher.client]) assert.deepEqual(await found(client, 'umber'), [TITLE.replace(' (closed)', ''), PREVIEW, SECRET])
})

test('signs without a word find nothing, rather than everything', async () => {
  const { school, teacher } = await aSchool()
  const { course } = await aPaidCourse(school, teacher)
  for (const words of ['?!', '“ ”', '—', '""']) {
    assert.deepEqual(await school.visitor.search.find({ words }), { hits: [], isMore: false })
    assert.deepEqual(await found(teacher.client, words, { course }), [])
  }
})

test('titles come before texts and texts before speech, the whole phrase before its words, and one’s own courses first', async () => {
  const { school, teacher, lena } = await aSchool()
  const { course, section } = await aCourse(teacher, { title: 'Warm light at home' })
  await anArticle(teacher, { course, section, title: 'Light that is warm', text: 'A warm light.' })
  await anArticle(teacher, { course, section, title: 'Else', text: 'Light, when warm.' })
  await publish(school, teacher, course)
  const own = await aCourse(teacher, { title: 'Mine' })
  await anArticle(teacher, { ...own, title: 'Warm light', text: 'Nothing.' })
  await publish(school, teacher, own.course)
  await lena.client.learning.enrol({ course: own.course })
  assert.deepEqual(
    (await lena.client.search.find({ words: 'warm light' })).hits.map(({ kind, text }) => `${kind} ${text}`),
    ['course Warm light at home', 'lesson Warm light', 'lesson Light that is warm'],
  )
  await lena.client.learning.enrol({ course })
  assert.deepEqual(
    (await lena.client.search.find({ words: 'warm light' })).hits.map(({ kind, text }) => `${kind} ${text}`),
    ['course Warm light at home', 'lesson Warm light', 'lesson Light that is warm', 'text A warm light.', 'text Light, when warm.'],
  )
  assert.deepEqual(await found(lena.client, '“light that”'), ['lesson | Warm light at home | Light that is warm | Light that is warm'])
  assert.equal((await found(lena.client, 'war li')).length, 5, 'beginnings of words are enough')
})

test('a section that has not opened tells its titles and nothing of what is in it', async () => {
  const { school, teacher, lena } = await aSchool()
  const { course, section } = await aCourse(teacher, { title: 'Dripped' })
  await anArticle(teacher, { course, section, title: 'Later', text: 'The later words.' })
  await teacher.client.courses.openSection({ course, section, opens: { by: 'days', days: 3 } })
  await publish(school, teacher, course)
  await lena.client.learning.enrol({ course })
  assert.deepEqual(await found(lena.client, 'later'), ['lesson | Dripped | Later (closed) | Later'])
  assert.deepEqual(await found(lena.client, 'words'), [])
  school.clock.pass(3 * DAY_SECONDS)
  assert.deepEqual(await found(lena.client, 'words'), ['text | Dripped | Later | The later words.'])
})

test('drafts are found by their teacher and the owner who looks in them, as they are at this moment, and by nobody else', async () => {
  const { school, teacher, other, lena } = await aSchool()
  const owner = await school.person('Olive', 'admin')
  const { course, section } = await aCourse(teacher, { title: 'Unseen' })
  const lesson = await anArticle(teacher, { course, section, title: 'Hidden', text: 'Nobody knows.' })
  assert.deepEqual(await found(teacher.client, 'nobody'), ['text | Unseen | Hidden | Nobody knows.'])
  assert.deepEqual(await found(owner.client, 'nobody', { course }), ['text | Unseen | Hidden | Nobody knows.'])
  for (const client of [school.visitor, other.client, lena.client]) {
    assert.deepEqual([...(await found(client, 'nobody')), ...(await found(client, 'unseen')), ...(await found(client, 'hidden'))], [])
    assert.equal(await refusalOf(client.search.find({ words: 'nobody', course })), 'not-found')
  }
  await publish(school, teacher, course)
  await teacher.client.courses.updateLesson({ lesson, text: 'Everybody guesses.' })
  assert.deepEqual([await found(teacher.client, 'nobody'), (await found(teacher.client, 'guesses')).length], [[], 1])
  await lena.client.learning.enrol({ course })
  assert.deepEqual([(await found(lena.client, 'nobody')).length, await found(lena.client, 'guesses')], [1, []])
})

test('who has lost their access, or whose course left the catalogue or was removed, finds what is left to them', async () => {
  const { school, teacher, lena, stranger } = await aSchool()
  const owner = await school.person('Olive', 'admin')
  const paid = await aPaidCourse(school, teacher)
  await enrol(school, lena.id, paid.course)
  assert.equal((await found(lena.client, 'secret')).length, 1)
  await owner.client.grants.end({ email: lena.email, course: paid.course, note: 'Asked for it' })
  assert.deepEqual([await found(lena.client, 'secret'), (await found(lena.client, 'umber'))[0]], [[], TITLE])
  await teacher.client.courses.unpublish({ course: paid.course })
  assert.deepEqual([await found(stranger.client, 'umber'), await found(lena.client, 'umber')], [[], []])
  assert.equal((await found(teacher.client, 'umber')).length, 3)
  const gone = await aCourse(teacher, { title: 'Gone' })
  await publish(school, teacher, (await anArticle(teacher, { ...gone, title: 'Ash', text: 'Ash.' })) && gone.course)
  assert.equal((await found(teacher.client, 'ash')).length, 2)
  await teacher.client.courses.unpublish({ course: gone.course })
  await teacher.client.courses.remove({ course: gone.course })
  await school.settle()
  for (const client of [school.visitor, teacher.client]) assert.deepEqual(await found(client, 'ash'), [])
})

test('a catalogue’s index that lags shows nothing of a course that is no longer listed', async () => {
  const { school, teacher, stranger } = await aSchool()
  const paid = await aPaidCourse(school, teacher)
  const before = await school.world.tables.listIndex('catalogue')
  await teacher.client.courses.unpublish({ course: paid.course })
  const { tables } = school.world
  const listIndex: typeof tables.listIndex = async (ipk, options) => (ipk === 'catalogue' ? before : tables.listIndex(ipk, options))
  const lagging = { ...school.world, tables: { ...tables, listIndex } }
  const person = await school.world.identity.find(stranger.id)
  assert.deepEqual((await find(lagging, person, { words: 'umber', limit: 20, skip: 0 })).hits, [])
})

test('titles and what a course says of itself are as they are stored now, whatever the listing that led to them says', async () => {
  const { school, teacher, stranger } = await aSchool()
  const paid = await aPaidCourse(school, teacher)
  const { tables } = school.world
  const before = new Map(await Promise.all(['catalogue', `teacher#${teacher.id}`].map(async (ipk) => [ipk, await tables.listIndex(ipk)] as const)))
  await teacher.client.courses.update({ course: paid.course, title: 'Painting in oil', summary: 'Colours of oil' })
  await teacher.client.courses.updateLesson({ lesson: paid.closed, title: 'Ochre alone' })
  await publish(school, teacher, paid.course)
  const listIndex: typeof tables.listIndex = async (ipk, options) => before.get(ipk) ?? tables.listIndex(ipk, options)
  const lagging = { ...school.world, tables: { ...tables, listIndex } }
  for (const { id } of [stranger, teacher]) {
    const person = await school.world.identity.find(id)
    const seen = async (words: string) =>
      (await find(lagging, person, { words, limit: 20, skip: 0 })).hits.map(({ kind, course, text }) => `${kind} ${course.title}: ${text}`)
    assert.deepEqual(await seen('painting'), ['course Painting in oil: Painting in oil'])
    assert.deepEqual([await seen('earth'), await seen('“umber and”')], [[], []])
    assert.deepEqual(await seen('ochre'), ['lesson Painting in oil: Ochre alone'])
  }
})

test('a sentence of a film is found with its second and leads nobody there who may not watch it', async () => {
  const { school, teacher, lena } = await aSchool()
  const place = await aCourse(teacher, { title: 'Film' })
  const talk = await anUploadedVideo(school, teacher, { ...place, title: 'The talk' })
  await encode(school, talk)
  await school.settle()
  const vtt = 'WEBVTT\n\n00:00.000 --> 00:02.000\nGood evening\n\n01:23.500 --> 01:25.000\n<i>Ségur’s</i> blue\n'
  const { revision } = await teacher.client.captions.upload({ video: talk.video, language: 'en', label: 'English', text: vtt })
  await teacher.client.captions.publish({ video: talk.video, language: 'en', revision })
  await teacher.client.courses.update({ course: place.course, price: { amountMinor: 4900, currency: 'EUR' } })
  await publish(school, teacher, place.course)
  assert.deepEqual(await found(lena.client, 'segur'), [])
  await enrol(school, lena.id, place.course)
  assert.deepEqual(await found(lena.client, 'segur'), ['spoken | Film | The talk | Ségur’s blue | 83.5'])
  const [hit] = (await lena.client.search.find({ words: 'segur' })).hits
  assert.deepEqual(
    hit?.matches.map(({ start, end }) => hit.text.slice(start, end)),
    ['Ségur'],
  )
})

test('one’s own notes are found wherever they are, and nobody else’s', async () => {
  const { school, teacher, lena, stranger } = await aSchool()
  const paid = await aPaidCourse(school, teacher)
  await enrol(school, lena.id, paid.course)
  await lena.client.notes.add({ lesson: paid.closed, body: 'Buy **sienna** soon', atSeconds: 12 })
  assert.deepEqual(await found(lena.client, 'sienna'), ['note | Painting | Umber and ochre | Buy sienna soon | 12'])
  for (const client of [teacher.client, stranger.client, school.visitor]) assert.deepEqual(await found(client, 'sienna'), [])
})

test('a course of three hundred lessons is searched and paged without a hit twice or left out; making its index again changes nothing', async () => {
  const { school, teacher, lena } = await aSchool()
  const { course } = await aCourse(teacher, { title: 'Long' })
  const words = (n: number) => `Lesson ${n} speaks of cobalt. ${'More of it follows here. '.repeat(80)}`
  for (let n = 0; n < 3; n += 1) {
    const { sections } = await teacher.client.courses.addSection({ course, title: `Part ${n}` })
    const section = sections.at(-1)?.id ?? ''
    for (let each = 0; each < 100; each += 1) await anArticle(teacher, { course, section, title: `Number ${n * 100 + each}`, text: words(n * 100 + each) })
  }
  await publish(school, teacher, course)
  await lena.client.learning.enrol({ course })
  const seen = new Set<string>()
  let pages = 0
  for (let isMore = true; isMore; pages += 1) {
    const page = await lena.client.search.find({ words: 'cobalt', limit: 50, skip: pages * 50 })
    for (const { lesson } of page.hits) assert.ok(lesson && !seen.has(lesson.id) && seen.add(lesson.id))
    isMore = page.isMore
  }
  assert.deepEqual([seen.size, pages], [300, 6])
  const key = `search/${course}.json`
  const index = (await school.store.get(key))?.etag
  await publish(school, teacher, course)
  assert.equal((await school.store.get(key))?.etag, index)
})
