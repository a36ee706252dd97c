import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { contentRecords, StoredContent } from '#core/content/records.ts'
import { event } from '#core/events.ts'
import { hearings } from '#core/platform.ts'
import { TaskRefused } from '#ports/tasks.ts'
import { refusalOf } from '#test/school.ts'
import { draftKey, keepBrief, readBrief, readDraft } from './papers.ts'
import { DAY_SECONDS, type Desk, openDesk } from './series.fixture.ts'

let desk: Desk
before(async () => {
  desk = await openDesk()
})
after(() => desk.school.close())

const MINUTE = 60

const aRun = async ({ isTrial = false, ...of }: Parameters<Desk['aSeries']>[0] & { isTrial?: boolean } = {}) => {
  const { id: series } = await desk.aSeries(of)
  const { id: run } = await desk.series.start({ series, isTrial })
  await desk.school.settle()
  const now = async () => (await desk.runs(series)).find(({ id }) => id === run) ?? assert.fail(`${run} is not listed.`)
  return { series, run, now }
}
const writersOf = (run: string): string[] => desk.school.tasks.flatMap((task) => (task.run === run ? [task.id.slice(run.length + 1)] : []))
const lettersAbout = (words: string): number => desk.school.letters.filter(({ subject }) => subject.includes(words)).length

test('a lesson is written, proposed, and told of in a letter that leads to the pull request', async () => {
  const { series, run, now } = await aRun()
  assert.equal((await now()).state, 'writing')
  await desk.write(run, { title: 'Wide open' })
  const written = await now()
  assert.deepEqual(
    [written.state, written.draft?.title, written.model, written.costMicros, written.tokens],
    ['proposing', 'Wide open', 'test-model-1', 1500, { input: 1000, output: 2000 }],
  )
  const pull = await desk.propose(run)
  const proposed = await now()
  assert.deepEqual([proposed.state, proposed.pull?.number, proposed.can], ['proposed', pull, { retry: false, discard: false, propose: false }])
  const letter = desk.school.letters.find(({ subject }) => subject === 'A draft waits for your review: Wide open')
  assert.equal(letter?.to, desk.teacher.email)
  assert.match(letter?.text ?? '', new RegExp(`https://github.test/school/courses/pull/${pull}`))
  const { spentThisMonth, written: count } = await desk.series.get({ series })
  assert.deepEqual([spentThisMonth, count], [{ tokens: 3000, micros: 1500 }, 1])
})

test('a pull request that is turned down closes its run, whether a webhook tells of it or none comes', async () => {
  for (const isTold of [true, false]) {
    const { run, now } = await aRun()
    await desk.write(run)
    const number = await desk.propose(run)
    desk.repository.close(number)
    if (isTold) {
      await desk.world.tables.commit([], [event(desk.world, 'repository.changed', { because: 'hook', pull: number })])
      await desk.school.settle()
    } else {
      await desk.look()
      assert.equal((await now()).state, 'proposed')
      desk.pass(10 * MINUTE)
      await desk.look()
    }
    assert.equal((await now()).state, 'closed')
  }
})

test('a proposal that a reviewer has made unsound says so within ten minutes though no webhook comes, once, and no longer than it is', async () => {
  const { run } = await aRun()
  await desk.write(run)
  const number = await desk.propose(run)
  const { path } = (await desk.briefOf(run)).lesson
  const checks = (commit: string) => desk.repository.statuses.flatMap((each) => (each.commit === commit ? [[each.context, each.state]] : []))
  for (const [text, state] of [
    ['---\nnothing: here\n---\n', 'failure'],
    ['---\ntitle: Wide open\nid: %\n---\nAs wide as it goes.\n'.replace('%', (await desk.briefOf(run)).lesson.id), 'success'],
  ] as const) {
    const head = desk.repository.edit(number, { [path]: text })
    for (let looks = 0; looks < 3; looks += 1) {
      desk.pass(10 * MINUTE)
      await desk.look()
    }
    assert.deepEqual(checks(head), [['lectern/content', state]])
  }
  assert.equal(desk.repository.said.filter(({ to }) => 'pull' in to && to.pull === number).length, 1)
})

test('a pull request of the same number in another repository is not this one’s', async () => {
  const { run, now } = await aRun()
  await desk.write(run)
  const number = await desk.propose(run)
  const pull = desk.repository.pulls.get(number)
  assert.ok(pull)
  desk.repository.pulls.set(number, { ...pull, branch: 'somebody-elses' })
  desk.pass(10 * MINUTE)
  await desk.look()
  assert.equal((await now()).state, 'closed')
})

test('a lesson that was merged into what is unsound stays in review, and says what is wrong', async () => {
  const { run, now } = await aRun()
  await desk.write(run)
  const commit = desk.repository.merge(await desk.propose(run))
  const findings = [{ path: 'courses/light/course.md', line: 3, says: 'There is no such price.' }]
  const content = StoredContent.parse({ name: 'school/courses', refused: { commit, at: '2026-05-04T09:00:00Z', findings } })
  await desk.world.tables.commit([contentRecords.put(content)])
  desk.pass(10 * MINUTE)
  await desk.look()
  assert.deepEqual([(await now()).state, (await now()).reason], ['proposed', { code: 'unsound', detail: 'courses/light/course.md:3: There is no such price.' }])
})

test('a repository that does not answer is asked again in ten minutes, and nothing else waits for it', async () => {
  const { run, now } = await aRun()
  await desk.write(run)
  desk.repository.close(await desk.propose(run))
  const other = await aRun()
  desk.repository.faults.pull = 'unreachable'
  desk.pass(21 * MINUTE)
  await assert.rejects(desk.look(), AggregateError)
  const asked = desk.repository.made.length
  await desk.look()
  assert.equal(desk.repository.made.length, asked)
  assert.equal((await other.now()).state, 'due')
  delete desk.repository.faults.pull
  desk.pass(10 * MINUTE)
  await desk.look()
  assert.equal((await now()).state, 'closed')
})

test('what fails is tried again after a minute and after ten, and then left, with its reason in words', async () => {
  const { series, run, now } = await aRun({ title: 'Ladder' })
  const alerts = () => desk.school.told.filter(({ subject }) => subject.includes('Ladder')).length
  for (const [attempt, pause] of [
    [1, MINUTE],
    [2, 10 * MINUTE],
  ] as const) {
    await desk.fail(run)
    assert.deepEqual([(await now()).state, (await now()).reason?.code], ['due', 'chatbot-unreachable'])
    desk.pass(pause - 1)
    await desk.look()
    assert.equal((await now()).attempt, attempt)
    desk.pass(1)
    await desk.look()
    assert.deepEqual([(await now()).state, (await now()).attempt, (await now()).reason], ['writing', attempt + 1, undefined])
  }
  assert.equal(alerts(), 0)
  await desk.fail(run)
  const failed = await now()
  assert.deepEqual([failed.state, failed.reason, failed.can.retry], ['failed', { code: 'chatbot-unreachable', detail: 'connection refused' }, true])
  assert.deepEqual(writersOf(run), ['1.writer', '2.writer', '3.writer'])
  // Each answer was paid for.
  assert.equal(failed.costMicros, 4500)
  assert.deepEqual((await desk.series.get({ series })).spentThisMonth, { tokens: 9000, micros: 4500 })
  assert.equal(alerts(), 1)
  assert.match(desk.school.letters.at(-1)?.text ?? '', /The chatbot could not be reached\.[\s\S]*http:\/\/school\.test\/teach\/series\/ser_/)
  assert.equal((await desk.series.retry({ run })).state, 'due')
  await desk.school.settle()
  await desk.write(run)
  assert.deepEqual([(await now()).state, (await now()).attempt], ['proposing', 4])
  assert.equal(await refusalOf(desk.series.retry({ run })), 'conflict')
})

test('nobody has to wait for the next attempt: it is told of, begun at once, or dropped', async () => {
  const { run, now } = await aRun()
  await desk.fail(run)
  const failed = await now()
  assert.deepEqual([failed.can, failed.nextAt], [{ retry: true, discard: true, propose: false }, new Date(Date.parse(failed.changedAt) + 60_000).toISOString()])
  assert.equal((await desk.series.retry({ run })).nextAt, undefined)
  await desk.school.settle()
  assert.deepEqual([(await now()).state, (await now()).attempt, (await now()).can.retry], ['writing', 2, false])
  await desk.write(run)
  await desk.fail(run, { by: 'publisher' })
  assert.equal((await desk.series.retry({ run })).state, 'drafted')
  await desk.school.settle()
  assert.deepEqual(writersOf(run), ['1.writer', '2.writer', '3.publisher'])
  await desk.fail(run, { by: 'publisher' })
  assert.equal((await desk.series.discard({ run })).state, 'discarded')
  desk.pass(20 * MINUTE)
  await desk.look()
  assert.deepEqual([(await now()).state, writersOf(run).length], ['discarded', 3])
})

test('what would not get better is not tried again', async () => {
  const { run, now } = await aRun()
  await desk.fail(run, { reason: { code: 'chatbot-refused', detail: 'bad key' }, isFinal: true })
  desk.pass(DAY_SECONDS)
  await desk.look()
  assert.deepEqual([(await now()).state, (await now()).attempt], ['failed', 1])
})

test('a program that is killed, or of which nothing is heard, is followed by another', async () => {
  const { run, now } = await aRun()
  await desk.end(run, 'writer')
  // That it was due is delivered once more: it is not the pause's end.
  for (const { hears, hear } of hearings) if (hears === 'run.due') await hear(desk.world, event(desk.world, 'run.due', { run, attempt: 1 }))
  assert.deepEqual([(await now()).state, (await now()).reason?.code], ['due', 'program-failed'])
  desk.pass(MINUTE)
  await desk.look()
  desk.pass(20 * MINUTE)
  await desk.look()
  assert.equal((await now()).state, 'due')
  desk.pass(10 * MINUTE)
  await desk.look()
  assert.deepEqual([(await now()).state, (await now()).attempt], ['writing', 3])
  await desk.write(run)
  await desk.end(run, 'publisher')
  assert.deepEqual([(await now()).state, (await now()).reason?.detail], ['drafted', 'It ended with SIGKILL.'])
  desk.pass(MINUTE)
  await desk.look()
  assert.deepEqual(writersOf(run), ['1.writer', '2.writer', '3.writer', '4.publisher'])
  // The publisher is told that it is its turn, and of what.
  assert.equal((await desk.briefOf(run)).attempt, 4)
  await desk.propose(run)
  assert.equal((await now()).state, 'proposed')
})

test('a program that cannot be begun just now is begun later, and a school cut short in between begins it all the same', async () => {
  const { tasks } = desk.world
  desk.world.tasks = { start: async () => Promise.reject(new TaskRefused('There is no room.')) }
  const { run, now } = await aRun()
  assert.equal((await now()).state, 'writing')
  assert.deepEqual(writersOf(run), [])
  desk.world.tasks = tasks
  desk.pass(5 * MINUTE)
  await desk.school.settle()
  assert.deepEqual(writersOf(run), ['1.writer'])
})

test('a school that is cut short as a lesson begins begins it once, when it is back', async () => {
  const { drafts } = desk.world
  const broken = async (): Promise<never> => Promise.reject(new Error('The disk is gone.'))
  desk.world.drafts = { ...drafts, put: broken }
  const { run, now } = await aRun()
  assert.equal((await now()).state, 'due')
  desk.world.drafts = drafts
  const { tables } = desk.world
  // The answer to its commit is lost, though it was written.
  desk.world.tables = { ...tables, commit: async (changes, events) => tables.commit(changes, events).then(broken) }
  desk.pass(5 * MINUTE)
  await desk.school.settle()
  desk.world.tables = tables
  assert.deepEqual([(await now()).state, writersOf(run)], ['writing', []])
  desk.pass(10 * MINUTE)
  await desk.school.settle()
  assert.deepEqual([(await now()).attempt, writersOf(run)], [1, ['1.writer']])
})

test('what an earlier attempt says late changes nothing but the costs, which count once', async () => {
  const { run, now } = await aRun()
  await desk.end(run, 'writer')
  desk.pass(MINUTE)
  await desk.look()
  const late = { run, attempt: 1, ...desk.paid, by: 'writer' as const, reason: { code: 'chatbot-malformed' as const, detail: '' }, isFinal: true }
  await desk.say({ type: 'draft.failed', detail: late })
  await desk.say({ type: 'draft.failed', detail: late })
  assert.deepEqual([(await now()).state, (await now()).attempt, (await now()).costMicros], ['writing', 2, 1500])
})

test('a draft that is unsound is proposed to nobody; it can be written anew or dropped', async () => {
  const { run, now } = await aRun()
  await desk.write(run)
  const findings = [{ check: 'links', says: 'A link leads nowhere.', severity: 'error' as const }]
  await desk.say({ type: 'draft.refused', detail: { run, attempt: 1, findings } })
  const refused = await now()
  assert.deepEqual([refused.state, refused.findings, refused.reason?.code, refused.pull], ['refused', findings, 'unsound', undefined])
  assert.equal(lettersAbout('A draft did not pass the checks'), 1)
  const again = await desk.series.retry({ run })
  assert.deepEqual([again.state, again.findings, again.draft], ['due', [], undefined])
  await desk.school.settle()
  assert.deepEqual(writersOf(run), ['1.writer', '2.writer'])
})

test('a draft waits for another day when as many have been proposed as may be', async () => {
  const { run, now } = await aRun()
  await desk.write(run)
  const until = new Date(desk.school.clock.now().getTime() + 3600_000).toISOString()
  await desk.say({ type: 'draft.waiting', detail: { run, attempt: 1, until } })
  assert.deepEqual([(await now()).state, (await now()).reason?.code], ['waiting', 'daily-limit'])
  await desk.look()
  assert.deepEqual(writersOf(run), ['1.writer'])
  desk.pass(3600)
  await desk.look()
  assert.deepEqual([(await now()).state, writersOf(run)], ['proposing', ['1.writer', '2.publisher']])
  await desk.propose(run)
  assert.equal((await now()).state, 'proposed')
})

test('of those that waited for another day one a minute goes on, so that none is overlooked in the counting', async () => {
  const [first, second] = [await aRun(), await aRun()]
  const until = new Date(desk.school.clock.now().getTime() + 3600_000).toISOString()
  for (const { run } of [first, second]) {
    await desk.write(run)
    await desk.say({ type: 'draft.waiting', detail: { run, attempt: 1, until } })
  }
  const states = async () => [(await first.now()).state, (await second.now()).state].toSorted()
  desk.pass(3600)
  await desk.look()
  assert.deepEqual(await states(), ['proposing', 'waiting'])
  await desk.look()
  assert.deepEqual(await states(), ['proposing', 'proposing'])
})

test('what could not be proposed is not written again, unless its draft is lost', async () => {
  const { run, now } = await aRun()
  await desk.write(run)
  const reason = { code: 'repository-refused' as const, detail: 'no leave' }
  await desk.fail(run, { by: 'publisher', reason, isFinal: true })
  assert.deepEqual([(await now()).state, (await desk.series.retry({ run })).state], ['failed', 'drafted'])
  await desk.school.settle()
  assert.deepEqual(writersOf(run), ['1.writer', '2.publisher'])
  await desk.world.drafts.remove(draftKey(run))
  await desk.fail(run, { by: 'publisher', reason: { code: 'expired', detail: 'gone' }, isFinal: true })
  assert.equal((await desk.series.retry({ run })).state, 'due')
  await desk.school.settle()
  assert.deepEqual(writersOf(run), ['1.writer', '2.publisher', '3.writer'])
})

test('a trial is shown to its teacher and to nobody else, and proposed when they ask for it', async () => {
  const { series, run, now } = await aRun({ isTrial: true, outline: ['Aperture'] })
  await desk.write(run)
  assert.deepEqual([(await now()).state, (await now()).can], ['drafted', { retry: false, discard: true, propose: true }])
  const shown = await desk.series.draft({ run })
  assert.deepEqual([shown.title, shown.series, shown.about.language], ['What an aperture is', { id: series, title: 'Light, daily' }, 'en'])
  assert.match(shown.text, /^Light falls/)
  assert.deepEqual(writersOf(run), ['1.writer'])
  assert.equal((await desk.series.get({ series })).status, 'paused')
  const asked = await desk.series.propose({ run })
  assert.deepEqual([asked.state, asked.kind], ['drafted', 'asked'])
  await desk.school.settle()
  assert.deepEqual([(await desk.briefOf(run)).isTrial, (await now()).state, writersOf(run)], [false, 'proposing', ['1.writer', '2.publisher']])
  assert.equal(await refusalOf(desk.series.propose({ run })), 'conflict')
  // It has taken the only point there was.
  assert.equal((await desk.series.get({ series })).status, 'done')
})

test('of two trials of one point the second cannot be proposed too', async () => {
  const { series, run } = await aRun({ isTrial: true })
  const { id: second } = await desk.series.start({ series, isTrial: true })
  await desk.school.settle()
  for (const each of [run, second]) await desk.write(each)
  await desk.series.propose({ run })
  assert.equal(await refusalOf(desk.series.propose({ run: second })), 'conflict')
})

test('a draft that is dropped is gone with all its papers', async () => {
  const { run, now } = await aRun({ isTrial: true })
  await desk.write(run)
  assert.equal((await desk.series.discard({ run })).state, 'discarded')
  assert.deepEqual([(await now()).draft, await readDraft(desk.world, run), await readBrief(desk.world, run)], [undefined, undefined, undefined])
  assert.equal(await refusalOf(desk.series.draft({ run })), 'not-found')
  assert.equal(await refusalOf(desk.series.discard({ run })), 'conflict')
})

test('drafts are kept for two weeks: one that was proposed to nobody has expired, one in review stays in review', async () => {
  const trial = await aRun({ isTrial: true })
  const proposed = await aRun()
  for (const { run } of [trial, proposed]) await desk.write(run)
  await desk.propose(proposed.run)
  desk.pass(14 * DAY_SECONDS - 1)
  await desk.look()
  assert.equal((await trial.now()).state, 'drafted')
  desk.pass(1)
  await desk.look()
  assert.deepEqual([(await trial.now()).state, (await trial.now()).reason?.code], ['failed', 'expired'])
  assert.deepEqual([(await proposed.now()).state, (await proposed.now()).draft], ['proposed', undefined])
  for (const { run } of [trial, proposed]) assert.equal(await readDraft(desk.world, run), undefined)
  await desk.series.retry({ run: trial.run })
  await desk.school.settle()
  assert.equal((await trial.now()).state, 'writing')
})

test('a lesson whose section is gone is not written, and says so', async () => {
  const { course } = desk.place
  const { sections } = await desk.teacher.client.courses.addSection({ course, title: 'Endings' })
  const section = sections.at(-1)?.id ?? ''
  const { id: series } = await desk.aSeries({ section })
  await desk.teacher.client.courses.removeSection({ course, section })
  const run = await desk.series.start({ series, isTrial: false })
  await desk.school.settle()
  const { newest, place } = await desk.series.get({ series })
  assert.deepEqual([newest?.id, newest?.state, newest?.reason?.code, place], [run.id, 'failed', 'no-section', undefined])
})

test('the series that is removed takes its drafts with it; what is in review, or written late, is left alone', async () => {
  const [waiting, late, proposed] = [await aRun({ isTrial: true }), await aRun(), await aRun()]
  await desk.write(waiting.run)
  await desk.write(proposed.run)
  await desk.propose(proposed.run)
  const told = await desk.briefOf(late.run)
  for (const { series } of [waiting, late, proposed]) await desk.series.remove({ series })
  assert.equal(await refusalOf(desk.series.draft({ run: waiting.run })), 'not-found')
  assert.deepEqual([await readDraft(desk.world, waiting.run), await readBrief(desk.world, late.run)], [undefined, undefined])
  assert.notEqual(await readBrief(desk.world, proposed.run), undefined)
  // Its program had not heard of it, and is done.
  await keepBrief(desk.world, told)
  await desk.write(late.run)
  await desk.look()
  assert.deepEqual([await readDraft(desk.world, late.run), await readBrief(desk.world, late.run)], [undefined, undefined])
})
