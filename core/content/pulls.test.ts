import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { githubHook } from '#api/webhooks.ts'
import { aContentSchool, aFile, aTaughtCourse } from './content.fixture.ts'

const WAVES = 'courses/light/01-beginnings/02-waves.md'
const RAYS = 'courses/light/01-beginnings/01-rays.md'
const UNSOUND = '---\ntitle: Rays\nnothing: here\n---\nOf rays.\n'
/** The same in other words, so that it is another head. */
const mended = (text: string): string => aFile('Rays', { text })

const aProposal = async (
  t: TestContext,
  { branch = 'lectern/run_1', files = { [RAYS]: aFile('Rays') } }: { branch?: string; files?: Record<string, string> } = {},
) => {
  const content = await aContentSchool(t)
  const { course } = await aTaughtCourse(content)
  await content.push({ [WAVES]: aFile('Waves') })
  const { school, repository } = content
  const proposal = { branch, title: 'Rays', body: '', files: Object.entries(files).map(([path, text]) => ({ path, text })) }
  const { number, head } = await repository.propose(proposal)
  return {
    ...{ ...content, course, number, head },
    /** A webhook of the pull request: opened, edited, synchronize, … */
    tell: async (): Promise<void> => {
      assert.equal((await githubHook(school.world)(repository.hook('pull_request', { pull_request: { number } }))).status, 200)
      await school.settle()
    },
    checks: (commit: string): string[] =>
      repository.statuses.flatMap((each) => (each.commit === commit && each.context === 'lectern/content' ? [each.state] : [])),
    comments: (): string[] => repository.said.flatMap(({ to, mark, text }) => ('pull' in to && to.pull === number && mark === 'lectern-content' ? [text] : [])),
  }
}

test('What a reviewer makes of a proposal is looked at again: its line is named on the pull request until it is mended, and learners see none of it', async (t) => {
  const { repository, number, head, tell, checks, comments, shown, learner, course, events } = await aProposal(t)
  await tell()
  assert.deepEqual([checks(head), comments()], [['success'], []], 'what never failed needs no words')
  const edited = repository.edit(number, { [RAYS]: UNSOUND })
  await tell()
  assert.deepEqual(checks(edited), ['failure'])
  assert.equal(comments().length, 1)
  assert.match(comments()[0] ?? '', new RegExp(`\`${RAYS}:3\``))
  const again = repository.edit(number, { [RAYS]: mended('Of rays, mended.') })
  await tell()
  assert.deepEqual(checks(again), ['success'])
  assert.equal(comments().length, 1, 'changed in place')
  assert.match(comments()[0] ?? '', /sound now/)
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Waves')
  assert.equal(events('content.refused'), 0)
})

test('A head that has been told of is not told of again, however often there is news of it', async (t) => {
  const { repository, number, tell, checks, comments } = await aProposal(t)
  for (const text of [UNSOUND, mended('Of rays.')]) {
    const head = repository.edit(number, { [RAYS]: text })
    await tell()
    const asked = repository.made.filter((call) => call === 'comment' || call === 'setStatus').length
    await tell()
    await tell()
    assert.equal(repository.made.filter((call) => call === 'comment' || call === 'setStatus').length, asked)
    assert.equal(checks(head).length, 1)
    assert.equal(comments().length, 1)
  }
})

test('A pull request that a person opened is looked at like any other, also one that touches no course', async (t) => {
  const bad = await aProposal(t, { branch: 'theo/rays', files: { [RAYS]: UNSOUND, 'README.md': 'Ours.' } })
  await bad.tell()
  assert.deepEqual([bad.checks(bad.head), bad.comments().length], [['failure'], 1])
  const other = await aProposal(t, { branch: 'theo/readme', files: { 'README.md': 'Ours.' } })
  await other.tell()
  assert.deepEqual([other.checks(other.head), other.comments()], [['success'], []])
})

test('Words of a file in a comment call nobody and lead nowhere', async (t) => {
  const { tell, comments } = await aProposal(t, { branch: 'fork/rays', files: { [RAYS]: '---\ntitle: Rays\n"@everybody": fixes #1\n---\nOf rays.\n' } })
  await tell()
  assert.equal(comments().length, 1)
  assert.doesNotMatch(comments()[0] ?? '', /@everybody/)
})

test('Of a pull request that is closed nothing is said, nor of a head that the school may not read', async (t) => {
  const { repository, number, tell, comments } = await aProposal(t)
  const before = repository.statuses.length
  const edited = repository.edit(number, { [RAYS]: UNSOUND }, { isReadable: false })
  await tell()
  assert.equal(repository.statuses.length, before, edited)
  repository.edit(number, { [RAYS]: UNSOUND })
  repository.close(number)
  await tell()
  assert.equal(repository.statuses.length, before)
  assert.deepEqual(comments(), [])
})

test('A repository that was out of reach in the middle of it is told when it is back, once', async (t) => {
  const { school, repository, number, tell, checks, comments } = await aProposal(t)
  const head = repository.edit(number, { [RAYS]: UNSOUND })
  repository.faults.setStatus = 'limited'
  await tell()
  assert.deepEqual(checks(head), [])
  delete repository.faults.setStatus
  await tell()
  await school.settle()
  assert.deepEqual([checks(head), comments().length], [['failure'], 1])
})

test('What was unsound because of the school is sound once the school is mended, with the same commit', async (t) => {
  const { school, number, head, tell, checks, comments } = await aProposal(t, {
    branch: 'theo/colour',
    files: { 'courses/colour/course.md': '---\ntitle: Colour\nteacher: nora@lectern.test\n---\nOf colour.\n' },
  })
  await tell()
  assert.deepEqual(checks(head), ['failure'], String(number))
  await school.person('Nora', 'instructor')
  await tell()
  assert.deepEqual(checks(head), ['failure', 'success'])
  assert.match(comments()[0] ?? '', /sound now/)
})

test('A pull request of more files than the school reads for it is to be split, and none of them is read', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`courses/light/01-beginnings/${index + 100}-ray.md`, aFile(`Ray ${index}`)]))
  const { repository, head, tell, checks, comments } = await aProposal(t, { branch: 'fork/flood', files })
  const read = repository.made.filter((call) => call === 'read').length
  await tell()
  assert.deepEqual(checks(head), ['failure'])
  assert.match(comments()[0] ?? '', /1001 files/)
  assert.equal(repository.made.filter((call) => call === 'read').length, read)
})
