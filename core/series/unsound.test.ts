import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { event } from '#core/events.ts'
import { openDesk } from './series.fixture.ts'

const desk = await openDesk()
after(() => desk.school.close())

/** A webhook, and nothing by the clock. */
const tellOf = async (pull?: number): Promise<void> => {
  await desk.world.tables.commit([], [event(desk.world, 'repository.changed', { because: 'hook', ...(pull !== undefined && { pull }) })])
  await desk.school.settle()
}

const aProposed = async (title: string) => {
  const { id: series } = await desk.aSeries({ title, outline: [title] })
  const { id: run } = await desk.series.start({ series, isTrial: false })
  await desk.school.settle()
  await desk.write(run, { title })
  const { path, id } = (await desk.briefOf(run)).lesson
  const number = await desk.propose(run)
  return {
    ...{ number, path },
    now: async () => {
      const found = (await desk.runs(series)).find((each) => each.id === run)
      if (!found) throw new Error(`${run} is not listed.`)
      return found
    },
    sound: `---\ntitle: ${title}\nid: ${id}\n---\nOf it.\n`,
    letters: () => desk.school.letters.filter(({ to, subject }) => to === desk.teacher.email && subject === `The school cannot show it yet: ${title}`),
  }
}

test('the teacher of a lesson that was merged unsound is told at once what to mend and where, once; mended, it is shown', async () => {
  const { number, path, now, letters, sound } = await aProposed('Rays')
  const other = await aProposed('Still in review')
  desk.repository.edit(number, { [path]: '---\ntitle: Rays\nnothing: here\n---\nOf it.\n' })
  desk.repository.merge(number)
  await tellOf(number)
  await tellOf()
  const { state, reason } = await now()
  assert.deepEqual([state, reason?.code], ['proposed', 'unsound'])
  assert.match(reason?.detail ?? '', /rays\.md:3: /)
  assert.equal(letters().length, 1)
  assert.match(letters()[0]?.text ?? '', /rays\.md:3: /)
  desk.repository.commit({ 'README.md': 'Ours.' })
  await tellOf()
  assert.deepEqual([(await now()).reason?.code, letters().length], ['unsound', 1], 'another commit, and the same to mend')
  assert.deepEqual([(await other.now()).reason, other.letters()], [undefined, []])
  desk.repository.commit({ [path]: sound })
  await tellOf()
  assert.deepEqual([(await now()).state, (await now()).reason], ['live', undefined])
})

test('a lesson whose merging mends what was unsound is not told of as unsound', async () => {
  const bad = 'courses/nowhere/course.md'
  const { number, path, sound, now, letters } = await aProposed('Mending')
  desk.repository.commit({ [bad]: '---\nnothing: here\n---\n' })
  await tellOf()
  assert.equal((await now()).reason, undefined, 'it is not in there')
  desk.repository.edit(number, { [path]: sound, [bad]: '---\ntitle: Nowhere\nteacher: theo@lectern.test\n---\nOf it.\n' })
  desk.repository.merge(number)
  await tellOf(number)
  assert.deepEqual([(await now()).state, letters()], ['live', []])
})
