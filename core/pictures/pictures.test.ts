import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { cloudFrontOf } from '#homes/machine/cloudfront.ts'
import { aCourse, aLesson, streamOf } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { aGif, aPng } from './pictures.fixture.ts'

const aSchool = async () => {
  const school = await openSchool()
  after(() => school.close())
  const teacher = await school.person('Theo', 'instructor')
  const rival = await school.person('Rita', 'instructor')
  const learner = await school.person('Lena')
  const place = await aCourse(teacher)
  const lesson = await aLesson(teacher, { ...place, title: 'One' })
  const other = await aLesson(teacher, { ...place, title: 'Two' })
  const { course } = place
  const send = async (bytes: Uint8Array, { type = 'image/png', where = 'lesson' }: { type?: 'image/png' | 'image/gif'; where?: 'lesson' | 'page' } = {}) => {
    const { id, url } = await teacher.client.pictures.start({ course, place: where, type, sizeBytes: bytes.length })
    assert.equal((await school.store.receivePart(new URL(url), streamOf(bytes))).status, 200)
    return id
  }
  const aPicture = async (bytes = aPng(80, 60), how: Parameters<typeof send>[1] = {}) => {
    const id = await send(bytes, how)
    return { id, ...(await teacher.client.pictures.finish({ picture: id })) }
  }
  const publish = async () => {
    await teacher.client.courses.publish({ course })
    await school.settle()
  }
  const signedBy = cloudFrontOf(school.world.keys)
  const opens = async (url: string): Promise<boolean> =>
    (await signedBy({ url, cookies: undefined, address: undefined, now: school.clock.now() })) === undefined
  return { school, teacher, rival, learner, course, lesson, other, send, aPicture, publish, opens }
}

test('a picture of a lesson opens for whoever may see that lesson, by a URL that ends, and for nobody else', async () => {
  const { school, teacher, rival, learner, course, lesson, other, aPicture, publish, opens } = await aSchool()
  const { id, address } = await aPicture()
  assert.equal(address, `/files/${id}/80x60.png`)
  await teacher.client.courses.updateLesson({ lesson, text: `![A lamp](${address})` })
  await publish()
  assert.equal(await refusalOf(learner.client.pictures.open({ lesson, pictures: [id] })), 'not-enrolled')
  assert.equal(await refusalOf(school.visitor.pictures.open({ lesson, pictures: [id] })), 'not-signed-in')
  assert.equal(await refusalOf(rival.client.pictures.open({ lesson, pictures: [id] })), 'not-enrolled')
  await learner.client.learning.enrol({ course })
  const { pictures } = await learner.client.pictures.open({ lesson, pictures: [id, id] })
  assert.deepEqual(
    pictures.map((each) => each.id),
    [id],
  )
  assert.equal(await opens(pictures[0]?.url ?? ''), true)
  // The lesson beside it says nothing of it.
  assert.deepEqual(await learner.client.pictures.open({ lesson: other, pictures: [id] }), { pictures: [] })
  school.clock.pass(301)
  assert.equal(await opens(pictures[0]?.url ?? ''), false)
})

test('learners see no picture before the text that names it is published, and its teacher sees it at once', async () => {
  const { teacher, learner, course, lesson, aPicture, publish } = await aSchool()
  await publish()
  await learner.client.learning.enrol({ course })
  const { id, address } = await aPicture()
  await teacher.client.courses.updateLesson({ lesson, text: `![A lamp](${address})` })
  assert.deepEqual(await learner.client.pictures.open({ lesson, pictures: [id] }), { pictures: [] })
  assert.equal((await teacher.client.pictures.open({ lesson, pictures: [id] })).pictures.length, 1)
})

test('a copy of a course shows the pictures of the course it was made of, and no other teacher’s course does', async () => {
  const { school, teacher, rival, learner, course, lesson, aPicture } = await aSchool()
  const { id, address } = await aPicture()
  const text = `![A lamp](${address})`
  await teacher.client.courses.updateLesson({ lesson, text })
  const copy = await teacher.client.courses.duplicate({ course, title: 'Copy' })
  await teacher.client.courses.publish({ course: copy.id })
  await school.settle()
  await learner.client.learning.enrol({ course: copy.id })
  const copied = copy.sections[0]?.lessons[0]?.id ?? ''
  assert.equal((await learner.client.pictures.open({ lesson: copied, pictures: [id] })).pictures.length, 1)
  const place = await aCourse(rival, { title: 'Taken' })
  const taken = await aLesson(rival, { ...place, title: 'Taken' })
  await rival.client.courses.updateLesson({ lesson: taken, text })
  assert.deepEqual(await rival.client.pictures.open({ lesson: taken, pictures: [id] }), { pictures: [] })
})

test('a picture of the page that sells a course lies where everybody may fetch it, and is opened by no lesson', async () => {
  const { school, teacher, lesson, aPicture } = await aSchool()
  const { id, address, width, height } = await aPicture(aGif(9, 4), { type: 'image/gif', where: 'page' })
  assert.deepEqual([address, width, height], [`/catalogue/pictures/${id}/9x4.gif`, 9, 4])
  assert.equal((await school.store.head(address.slice(1)))?.type, 'image/gif')
  assert.equal(await school.store.head(`files/${id}/content`), undefined)
  assert.deepEqual(await teacher.client.pictures.open({ lesson, pictures: [id] }), { pictures: [] })
  // Told once more, after an answer that was lost.
  assert.equal((await teacher.client.pictures.finish({ picture: id })).address, address)
})

test('what only says that it is a picture is refused, and nothing of it is left', async () => {
  const { school, teacher, send } = await aSchool()
  const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'.padEnd(80))
  for (const bytes of [svg, aGif(9, 4), aPng(0, 60), aPng(20_000, 60), aPng(12_000, 12_000)]) {
    const picture = await send(bytes)
    assert.match(await refusalOf(teacher.client.pictures.finish({ picture })), /wrong-type|too-large/)
    assert.equal(await refusalOf(teacher.client.pictures.finish({ picture })), 'not-found')
  }
  assert.deepEqual((await school.store.list('files/')).items, [])
  assert.deepEqual((await school.store.list('catalogue/pictures/')).items, [])
})

test('nobody sends a picture to a course of others, one without bytes, or one of more than ten megabytes', async () => {
  const { rival, learner, teacher, course, send } = await aSchool()
  const wanted = { course, place: 'page', type: 'image/png', sizeBytes: 100 } as const
  assert.equal(await refusalOf(rival.client.pictures.start(wanted)), 'not-found')
  assert.equal(await refusalOf(learner.client.pictures.start(wanted)), 'not-allowed')
  assert.equal(await refusalOf(teacher.client.pictures.start({ ...wanted, sizeBytes: 0 })), 'bad-input')
  assert.equal(await refusalOf(teacher.client.pictures.start({ ...wanted, sizeBytes: 10 * 1024 ** 2 + 1 })), 'too-large')
  const picture = await send(aPng(8, 8))
  assert.equal(await refusalOf(rival.client.pictures.finish({ picture })), 'not-found')
})

test('pictures go with their course, and what was begun and left goes after a week', async () => {
  const { school, teacher, course, aPicture } = await aSchool()
  await aPicture()
  await aPicture(aPng(8, 8), { where: 'page' })
  const { id } = await teacher.client.pictures.start({ course, place: 'page', type: 'image/png', sizeBytes: 100 })
  school.clock.pass(8 * 86_400)
  await school.timers.find(({ name }) => name === 'pictures.sweep')?.run(school.world)
  assert.equal(await refusalOf(teacher.client.pictures.finish({ picture: id })), 'not-found')
  await teacher.client.courses.remove({ course })
  await school.settle()
  assert.deepEqual((await school.store.list('files/')).items, [])
  assert.deepEqual((await school.store.list('catalogue/pictures/')).items, [])
})
