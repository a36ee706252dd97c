import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aContentSchool, aCourseFile, aFile, aTaughtCourse } from './content.fixture.ts'

const WAVES = 'courses/light/01-beginnings/02-waves.md'

const MIB = 1024 * 1024
const many = (count: number, nameOf: (index: number) => string, text: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [nameOf(index), text]))

test('A commit that no school has the memory for is refused in words before any of its files is read', async (t) => {
  const content = await aContentSchool(t)
  const { repository, push, shown, learner } = content
  const { course } = await aTaughtCourse(content)
  const { refused } = await push(many(70, (index) => `courses/heavy/01-all/${index + 10}-heavy.md`, 'x'.repeat(MIB)))
  assert.match(refused?.findings.map(({ says }) => says).join() ?? '', /70 files of 70 MiB have come at once/)
  assert.equal(repository.made.filter((call) => call === 'read').length, 0)
  const mended = await push({ ...many(70, (index) => `courses/heavy/01-all/${index + 10}-heavy.md`, ''), [WAVES]: aFile('Waves') })
  assert.doesNotMatch(mended.refused?.findings.map(({ says }) => says).join() ?? '', /at once/)
  assert.equal(await shown(learner, course), 'Beginnings: By hand')
})

test('What is no lesson by its name is told of, and its bytes are never asked for', async (t) => {
  const content = await aContentSchool(t)
  const { repository, push } = content
  await aTaughtCourse(content)
  const { refused } = await push({ 'courses/light/01-beginnings/film.mp4': 'bytes of a film', [WAVES]: aFile('Waves') })
  assert.match(refused?.findings.map(({ path, says }) => `${path} ${says}`).join() ?? '', /film\.mp4 Only lessons are read here/)
  assert.equal(repository.made.filter((call) => call === 'read').length, 1)
})

test('However many paths of whatever length are wrong, the school can say so', async (t) => {
  const content = await aContentSchool(t)
  const { school, repository, push } = content
  await aTaughtCourse(content)
  const path = (index: number): string => `courses/light/${'long:'.repeat(900)}/${index}.md`
  const { refused, applied } = await push({ ...many(150, path, aFile('Lost')), 'courses/new/course.md': aCourseFile('New') })
  assert.equal(applied, undefined)
  assert.equal(refused?.findings.length, 100)
  assert.ok(refused?.findings.every((finding) => finding.path.length <= 300))
  assert.equal(school.letters.filter(({ subject }) => subject.startsWith('A commit')).length, 1)
  assert.equal(repository.said.length, 1)
})

test('A repository that cannot be read for an hour is told of once, whichever way it fails from one time to the next', async (t) => {
  const content = await aContentSchool(t)
  const { school, repository, pass } = content
  for (const fault of ['unreachable', 'limited', 'unreachable', 'limited', 'not-allowed', 'limited', 'unreachable', 'limited'] as const) {
    repository.faults.all = fault
    await pass(600)
  }
  assert.deepEqual([...new Set(school.told.map(({ subject }) => subject))], ['The repository of your courses cannot be read'])
})
