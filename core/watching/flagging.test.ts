import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aCourse, aLesson, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'
import { flagViewer } from './flagging.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const place = await aCourse(teacher)
const film = await anUploadedVideo(school, teacher, { ...place, title: 'Light and shade' })
await encode(school, film)
await aLesson(teacher, { ...place, title: 'Words' })
await teacher.client.courses.publish({ course: place.course })
await school.settle()

test('a viewer who is flagged again and again is told of once a day, and their player as long as it lasts', async () => {
  const lena = await school.person('Lena')
  await lena.client.learning.enrol({ course: place.course })
  const { stream } = await lena.client.watching.open({ lesson: film.lesson })
  const isSlowed = async () => (await lena.client.watching.beat({ stream, positionSeconds: 0, watched: [] })).isSlowed
  const told = () => [school.letters.filter(({ to, subject }) => to === lena.email && subject.includes('faster')).length, school.told.length]
  for (const [passes, times] of [
    [0, 1],
    [300, 1],
    [3600, 1],
    [24 * 3600, 2],
  ] as const) {
    school.clock.pass(passes)
    await flagViewer(school.world, { person: lena.id, stream, lesson: film.lesson })
    await flagViewer(school.world, { person: lena.id, stream, lesson: film.lesson })
    await school.settle()
    assert.deepEqual([...told(), await isSlowed()], [times, times, true], `${passes} s later`)
  }
  assert.match(school.told[0]?.text ?? '', /“Light and shade”/)
  school.clock.pass(601)
  assert.equal(await isSlowed(), false)
})

test('flagging somebody who opens a video at the same moment loses neither', async () => {
  const mia = await school.person('Mia')
  await mia.client.learning.enrol({ course: place.course })
  const flagged = { person: mia.id, stream: 'str_00000000', lesson: film.lesson }
  const [opened] = await Promise.all([mia.client.watching.open({ lesson: film.lesson }), flagViewer(school.world, flagged), flagViewer(school.world, flagged)])
  assert.deepEqual(
    (await mia.client.watching.streams({})).streams.map(({ id }) => id),
    [opened.stream],
  )
  assert.equal((await mia.client.watching.beat({ stream: opened.stream, positionSeconds: 0, watched: [] })).isSlowed, true)
})

test('an account that is closed, or gone, gets no letter', async () => {
  await school.settle()
  const before = school.letters.length
  const nora = await school.person('Nora')
  await school.world.identity.disable(nora.id)
  for (const person of [nora.id, 'prs_gone']) await flagViewer(school.world, { person, stream: 'str_00000000', lesson: film.lesson })
  await school.settle()
  assert.equal(school.letters.length, before)
})
