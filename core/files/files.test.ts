import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { enrolmentOf, withFact } from '#core/enrolments/enrolments.ts'
import { cloudFrontOf } from '#homes/machine/cloudfront.ts'
import { aCourse, aLesson, aLessonFile, sendFileParts } from '#test/builders.ts'
import { lateIndex } from '#test/late-index.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { settleEveryFile, settleFiles } from './settle.ts'

const NAME = 'Übungsblatt №1 – 練習.pdf'

const aSchool = async () => {
  const school = await openSchool()
  after(() => school.close())
  const teacher = await school.person('Theo', 'instructor')
  const learner = await school.person('Lena')
  const stranger = await school.person('Stefan')
  const place = await aCourse(teacher)
  const lesson = await aLesson(teacher, { ...place, title: 'One' })
  const other = await aLesson(teacher, { ...place, title: 'Two' })
  const { course } = place
  const publish = async () => {
    await teacher.client.courses.publish({ course })
    await school.settle()
  }
  /** Whether the edge opens a URL now, as it was signed or another. */
  const signedBy = cloudFrontOf(school.world.keys)
  const opens = async (url: string): Promise<boolean> =>
    (await signedBy({ url, cookies: undefined, address: undefined, now: school.clock.now() })) === undefined
  const stored = async () => (await school.store.list('files/')).items.map(({ key }) => key.split('/')[1]).sort()
  return { school, teacher, learner, stranger, course, lesson, other, publish, opens, stored }
}

test('a file of a lesson reaches learners when the course is published, under its own name and whole', async () => {
  const { school, teacher, learner, course, lesson, publish } = await aSchool()
  const bytes = new TextEncoder().encode('work '.repeat(500))
  await publish()
  await learner.client.learning.enrol({ course })
  const file = await aLessonFile(school, teacher, { lesson, name: NAME, bytes })
  assert.equal((await teacher.client.courses.get({ course })).hasUnpublishedChanges, true)
  assert.deepEqual((await learner.client.learning.lesson({ lesson })).files, [])
  assert.equal(await refusalOf(learner.client.files.download({ lesson, file })), 'not-found')
  await publish()
  assert.deepEqual((await learner.client.learning.lesson({ lesson })).files, [{ id: file, name: NAME, sizeBytes: bytes.length, type: 'application/pdf' }])
  const { url } = await learner.client.files.download({ lesson, file })
  const object = await school.store.get(new URL(url).pathname.slice(1))
  assert.deepEqual([object?.fileName, Buffer.from(object?.bytes ?? [])], [NAME, Buffer.from(bytes)])
})

test('only whoever may open the lesson is given a URL, and only for a file of that lesson', async () => {
  const { school, teacher, learner, stranger, course, lesson, other, publish, opens } = await aSchool()
  const [file, elsewhere] = [await aLessonFile(school, teacher, { lesson }), await aLessonFile(school, teacher, { lesson: other })]
  assert.equal(await opens((await teacher.client.files.download({ lesson, file })).url), true, 'a teacher has it before anybody')
  assert.equal(await refusalOf(stranger.client.files.download({ lesson, file })), 'not-found')
  await teacher.client.courses.update({ course, price: { amountMinor: 1000, currency: 'EUR' } })
  await publish()
  assert.equal(await refusalOf(stranger.client.files.download({ lesson, file })), 'not-enrolled')
  assert.equal(await refusalOf(school.visitor.files.download({ lesson, file })), 'not-signed-in')
  await teacher.client.courses.update({ course, price: { amountMinor: 0, currency: 'EUR' } })
  await publish()
  await learner.client.learning.enrol({ course })
  assert.equal(await opens((await learner.client.files.download({ lesson, file })).url), true)
  for (const [one, two] of [
    [lesson, elsewhere],
    [other, file],
    [lesson, 'fil_00000000'],
  ] as const)
    assert.equal(await refusalOf(learner.client.files.download({ lesson: one, file: two })), 'not-found')
  await teacher.client.courses.updateLesson({ lesson: other, isPreview: true })
  await publish()
  assert.equal(await opens((await school.visitor.files.download({ lesson: other, file: elsewhere })).url), true, 'a free preview is free with its files')
})

test('a URL works from anywhere for five minutes, for its one file only', async () => {
  const { school, teacher, lesson, opens } = await aSchool()
  const [file, second] = [await aLessonFile(school, teacher, { lesson }), await aLessonFile(school, teacher, { lesson, name: 'second.pdf' })]
  const { url, expiresAt } = await teacher.client.files.download({ lesson, file })
  assert.ok(Date.parse(expiresAt) - school.clock.now().getTime() <= 300_000)
  assert.equal(await opens(url.replace(file, second)), false)
  assert.equal(await opens(url.replace(/\/files\/[^?]*/, '/media/vid_a/master.m3u8')), false)
  school.clock.pass(299)
  assert.equal(await opens(url), true)
  school.clock.pass(1)
  assert.equal(await opens(url), false)
})

test('whoever was given their money back is given no URL any more', async () => {
  const { school, teacher, learner, course, lesson, publish } = await aSchool()
  const file = await aLessonFile(school, teacher, { lesson })
  await publish()
  const happen = async (kind: 'paid' | 'refunded') => {
    const fact = { id: school.world.ids.make('fct'), kind, at: school.clock.now().toISOString(), order: 'ord_00000001' }
    const enrolment = await enrolmentOf(school.world.tables, learner.id, course)
    await school.world.tables.commit([withFact(enrolment, { learner: learner.id, course }, fact)])
  }
  await happen('paid')
  await learner.client.files.download({ lesson, file })
  school.clock.pass(60)
  await happen('refunded')
  assert.equal(await refusalOf(learner.client.files.download({ lesson, file })), 'access-ended')
})

test('a teacher names, orders and removes files; learners see all of it once published', async () => {
  const { school, teacher, learner, course, lesson, publish } = await aSchool()
  const { client } = teacher
  const [one, two, three] = [
    await aLessonFile(school, teacher, { lesson, name: '1.pdf' }),
    await aLessonFile(school, teacher, { lesson, name: '2.pdf' }),
    await aLessonFile(school, teacher, { lesson, name: '3.pdf' }),
  ]
  await publish()
  await learner.client.learning.enrol({ course })
  const seen = async () => (await learner.client.learning.lesson({ lesson })).files.map(({ name }) => name)
  const savedAs = async (file: string) => (await school.store.head(`files/${file}/content`))?.fileName
  await client.files.arrange({ lesson, files: [three, one, two] })
  await client.files.rename({ file: one, name: NAME })
  await client.files.remove({ file: two })
  await client.files.remove({ file: two })
  await school.settle()
  assert.deepEqual(
    (await client.files.ofLesson({ lesson })).files.map(({ name }) => name),
    ['3.pdf', NAME],
  )
  assert.deepEqual([await seen(), await savedAs(one)], [['1.pdf', '2.pdf', '3.pdf'], '1.pdf'])
  await learner.client.files.download({ lesson, file: two })
  await publish()
  assert.deepEqual([await seen(), await savedAs(one), await savedAs(two)], [['3.pdf', NAME], NAME, undefined])
  for (const files of [[three], [three, three], [three, one, two], [one, 'fil_00000000']])
    assert.equal(await refusalOf(client.files.arrange({ lesson, files })), 'conflict')
  assert.equal(await refusalOf(client.files.rename({ file: two, name: 'a' })), 'not-found')
})

test('files of another teacher’s lesson are none of one’s business', async () => {
  const { school, teacher, lesson } = await aSchool()
  const file = await aLessonFile(school, teacher, { lesson })
  const { client } = await school.person('Tess', 'instructor')
  const tries = [
    client.files.ofLesson({ lesson }),
    client.files.startUpload({ lesson, name: 'a', sizeBytes: 1, type: '' }),
    client.files.upload({ file }),
    client.files.signParts({ file, parts: [1] }),
    client.files.finishUpload({ file }),
    client.files.rename({ file, name: 'a' }),
    client.files.arrange({ lesson, files: [file] }),
    client.files.remove({ file }),
    client.files.download({ lesson, file }),
  ]
  for (const attempt of tries) assert.equal(await refusalOf(attempt), 'not-found')
  assert.equal(await refusalOf((await school.person('Lou')).client.files.ofLesson({ lesson })), 'not-allowed')
})

test('an object goes once neither draft nor published lesson has its file, by whatever way that comes about', async () => {
  const { school, teacher, course, lesson, other, publish, stored } = await aSchool()
  const { client } = teacher
  const kept = await aLessonFile(school, teacher, { lesson: other })
  const file = await aLessonFile(school, teacher, { lesson })
  await publish()
  const never = await aLessonFile(school, teacher, { lesson, name: 'never.pdf' })
  const begun = await client.files.startUpload({ lesson, name: 'begun.pdf', sizeBytes: 5000, type: '' })
  await sendFileParts(school, teacher, { file: begun.id, bytes: new Uint8Array(5000), only: [1] })
  await client.courses.removeLesson({ lesson, isForGood: true })
  await school.settle()
  assert.deepEqual(await stored(), [kept, file].sort(), 'what learners have stays; what they never had is gone')
  assert.equal(await refusalOf(client.files.upload({ file: never })), 'not-found')
  assert.deepEqual(await school.store.listParts(`files/${begun.id}/content`, 'any'), [])
  await publish()
  await Promise.all([settleFiles(school.world, course), settleFiles(school.world, course)])
  assert.deepEqual(await stored(), [kept])
  await client.courses.unpublish({ course })
  await client.courses.remove({ course })
  await school.settle()
  assert.deepEqual(await stored(), [])
  assert.deepEqual((await school.world.tables.listIndex(`files-of#${course}`)).items, [])
})

test('a file whose object is gone holds up none of the others, and is told of', async () => {
  const { school, teacher, course, lesson, publish } = await aSchool()
  const [gone, other] = [await aLessonFile(school, teacher, { lesson, name: 'gone.pdf' }), await aLessonFile(school, teacher, { lesson, name: 'other.pdf' })]
  await publish()
  await school.store.remove(`files/${gone}/content`)
  await school.store.nameFile(`files/${other}/content`, 'stale.pdf')
  await assert.rejects(settleFiles(school.world, course), AggregateError)
  assert.equal((await school.store.head(`files/${other}/content`))?.fileName, 'other.pdf')
})

test('a file that came and went before any index listed it is gone a day later, with its room', async () => {
  const { school, teacher, lesson, other, publish, stored } = await aSchool()
  const kept = await aLessonFile(school, teacher, { lesson: other, name: 'old.pdf' })
  await aLessonFile(school, teacher, { lesson })
  await publish()
  await teacher.client.courses.removeLesson({ lesson, isForGood: true })
  await publish()
  const tables = lateIndex(school.world.tables, ({ pk }) => pk.startsWith('file#'))
  const late = await aLessonFile(school, teacher, { lesson: other, name: 'late.pdf' })
  await teacher.client.files.remove({ file: late })
  await settleFiles({ ...school.world, tables }, 'crs_any')
  assert.ok((await stored()).includes(late), 'the event found nothing to settle')
  await settleEveryFile({ ...school.world, tables })
  assert.deepEqual(await stored(), [kept])
  assert.equal(await school.world.tables.get({ pk: 'room', sk: late }), undefined)
})
