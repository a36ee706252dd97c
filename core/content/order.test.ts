import assert from 'node:assert/strict'
import { test } from 'node:test'
import { githubHook } from '#api/webhooks.ts'
import type { Hook } from '#test/repository.ts'
import { aContentSchool, aFile, aTaughtCourse, type ContentSchool } from './content.fixture.ts'
import { look } from './sync.ts'

const WAVES = 'courses/light/01-beginnings/02-waves.md'
const RAYS = 'courses/light/01-beginnings/01-rays.md'

const taking =
  ({ school }: ContentSchool) =>
  async (hook: Hook) =>
    (await githubHook(school.world)(hook)).status

test('Webhooks that come many times, late and in any order change nothing that the head does not say', async (t) => {
  const content = await aContentSchool(t)
  const { school, repository, learner, shown, events } = content
  const { course } = await aTaughtCourse(content)
  const take = taking(content)
  const pushed = () => repository.hook('push', { ref: 'refs/heads/main' })
  repository.commit({ [WAVES]: aFile('Waves') })
  const first = pushed()
  repository.commit({ [WAVES]: aFile('Waves, anew') })
  const second = pushed()
  repository.commit({ [RAYS]: aFile('Rays') })
  const third = pushed()
  for (const hook of [third, first, third, second, first, second]) {
    assert.equal(await take(hook), 200)
    await school.settle()
  }
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Rays, Waves, anew')
  assert.equal(events('repository.changed'), 3)
  assert.equal(events('content.applied'), 2, 'one of what has changed, and one of the commit')
  assert.equal(repository.statuses.length, 1)
})

test('Of two that look at once, and one of them still holds an older head, the newer head is what is shown', async (t) => {
  const content = await aContentSchool(t)
  const { school, repository, learner, shown, pass } = content
  const { course } = await aTaughtCourse(content)
  repository.commit({ [WAVES]: aFile('Waves') })
  const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>()
  // The slow one has read the older head, and stands still before its files.
  const slow = { ...repository, files: async (commit: string) => goOn.then(() => repository.files(commit)) }
  const late = look({ ...school.world, repository: slow })
  repository.commit({ [WAVES]: undefined, [RAYS]: aFile('Rays') })
  await look(school.world)
  letGo()
  await late
  await school.settle()
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Rays')
  await pass(600)
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Rays')
})

test('Eight that look at once at the same commit make one lesson of it', async (t) => {
  const content = await aContentSchool(t)
  const { school, repository, learner, shown, pass } = content
  const { course } = await aTaughtCourse(content)
  repository.commit({ [WAVES]: aFile('Waves') })
  await Promise.allSettled(Array.from({ length: 8 }, () => look(school.world)))
  await pass(600)
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Waves')
  assert.equal(await content.draft(course), 'Beginnings: By hand, Waves')
  const lessons = school.database.prepare("SELECT count(*) AS count FROM items WHERE pk LIKE 'lesson#%' AND sk = 'draft'").get()
  assert.equal(lessons?.['count'], 2)
})

test('A branch that is set back to an older commit is shown as it is', async (t) => {
  const content = await aContentSchool(t)
  const { repository, learner, shown, look: lookNow } = content
  const { course } = await aTaughtCourse(content)
  const older = repository.commit({ [WAVES]: aFile('Waves') })
  await lookNow()
  repository.commit({ [RAYS]: aFile('Rays') })
  await lookNow()
  repository.reset(older)
  await lookNow()
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Waves')
})

test('While the repository does not answer, lets nobody in, or has lost its branch, everything stays and the state says why', async (t) => {
  const content = await aContentSchool(t)
  const { school, repository, owner, learner, shown, push, look: lookNow, pass } = content
  const { course } = await aTaughtCourse(content)
  await push({ [WAVES]: aFile('Waves') })
  repository.commit({ [WAVES]: undefined })
  for (const fault of ['unreachable', 'limited', 'not-allowed', 'refused'] as const) {
    for (const call of ['head', 'files'] as const) {
      repository.faults[call] = fault
      assert.ok((await lookNow()).fault, `${call} ${fault}`)
      assert.equal(await shown(learner, course), 'Beginnings: By hand, Waves')
      delete repository.faults[call]
    }
  }
  school.world.repository = { ...repository, head: async () => undefined }
  assert.match((await lookNow()).fault ?? '', /no such branch/)
  await pass(3700)
  await pass(600)
  const alerts = school.told.filter(({ subject }) => subject === 'The repository of your courses cannot be read')
  assert.equal(new Set(alerts.map(({ id }) => id)).size, 1)
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Waves')
  school.world.repository = repository
  assert.equal((await lookNow()).fault, undefined)
  assert.equal(await shown(learner, course), 'Beginnings: By hand')
  assert.equal((await owner.client.content.state({})).applied?.lessons, 0)
})

test('A webhook while the repository is out of reach is not lost: what it told of is read as soon as it answers', async (t) => {
  const content = await aContentSchool(t)
  const { school, repository, learner, shown } = content
  const { course } = await aTaughtCourse(content)
  repository.commit({ [WAVES]: aFile('Waves') })
  repository.faults.all = 'unreachable'
  await taking(content)(repository.hook('push', { ref: 'refs/heads/main' }))
  await school.settle()
  delete repository.faults.all
  school.clock.pass(120)
  await school.settle()
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Waves')
})
