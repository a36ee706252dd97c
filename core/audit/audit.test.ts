import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { noting } from './noting.ts'
import { actRecords } from './records.ts'
import { isNoted } from './which.ts'

const school = await openSchool()
after(() => school.close())
const ada = await school.person('Ada', 'admin')
const theo = await school.person('Theo', 'instructor')
const lena = await school.person('Lena')
const { course, section } = await aCourse(theo, { title: 'Light' })
await aLesson(theo, { course, section })
await theo.client.courses.publish({ course })
await school.settle()
school.clock.pass(60)

const acts = async (wanted: Parameters<typeof ada.client.audit.list>[0] = {}) => (await ada.client.audit.list(wanted)).acts
const newest = async () => {
  const [act] = await acts()
  assert.ok(act)
  return act
}

describe('what the staff do', () => {
  it('is written down with who, what, about whom, and what it made of what was there', async () => {
    await ada.client.grants.give({ email: lena.email, course, note: 'A prize' })
    const { act, says, by, asked, changes, at, request } = await newest()
    assert.deepEqual([act, by, asked], ['grants.give', { id: ada.id, name: 'Ada', email: ada.email }, { email: lena.email, course, note: 'A prize' }])
    assert.match(says, /Give somebody a published course/)
    assert.equal(at, school.clock.now().toISOString())
    assert.match(request, /^req_/)
    assert.ok(changes.some(({ field, after: made }) => field === 'facts' && made?.includes('A prize')))
    const [stored] = (await actRecords.list(school.world.tables, `audit#${at.slice(0, 7)}`, { descending: true, limit: 1 })).items
    assert.ok(stored?.whom?.includes(lena.id))
    school.clock.pass(60)
    await ada.client.watching.putPolicy({ streams: 2, hasWatermark: true })
    school.clock.pass(60)
    await ada.client.watching.putPolicy({ streams: 3, hasWatermark: true })
    assert.deepEqual((await newest()).changes, [{ of: 'policy', field: 'streams', before: '2', after: '3' }])
  })

  it('is named in the answer by the request it came with', async () => {
    school.clock.pass(1)
    const answer = await school.api(
      new Request('http://school.test/api/school/access/ends', {
        method: 'POST',
        headers: { authorization: `Bearer ${ada.id}`, 'content-type': 'application/json' },
        body: JSON.stringify({ email: lena.email, course, note: 'Over' }),
      }),
    )
    assert.equal(answer.status, 200)
    assert.equal((await newest()).request, answer.headers.get('x-request-id'))
  })

  it('is not written down where it was refused, or where somebody only looked', async () => {
    const before = await acts()
    assert.equal(await refusalOf(ada.client.grants.end({ email: lena.email, course, note: 'Twice' })), 'conflict')
    assert.equal(await refusalOf(theo.client.grants.give({ email: lena.email, course, note: 'Me too' })), 'not-allowed')
    await ada.client.grants.explain({ email: lena.email, lesson: (await theo.client.courses.get({ course })).sections[0]?.lessons[0]?.id ?? '' })
    assert.deepEqual(await acts(), before)
  })

  it('is found by person, act and day, page by page, and by admins alone', async () => {
    assert.deepEqual([...new Set((await acts({ person: 'LENA@' })).map(({ act }) => act))].toSorted(), ['grants.end', 'grants.give'])
    assert.ok((await acts({ act: 'watching.putPolicy' })).every(({ act }) => act === 'watching.putPolicy'))
    assert.deepEqual(await acts({ to: '2026-01-01T00:00:00.000Z' }), [])
    for (let time = 0; time < 120; time += 1) {
      school.clock.pass(3600)
      await ada.client.watching.putPolicy({ streams: 1 + (time % 3), hasWatermark: false })
    }
    const first = await ada.client.audit.list({})
    const second = await ada.client.audit.list({ ...(first.next !== undefined && { page: first.next }) })
    assert.deepEqual([first.acts.length >= 50, second.acts.length >= 50], [true, true])
    assert.equal(new Set([...first.acts, ...second.acts].map(({ id }) => id)).size, first.acts.length + second.acts.length)
    for (const { client } of [theo, lena]) assert.equal(await refusalOf(client.audit.list({})), 'not-allowed')
  })

  it('can be taken out as a table in which no name is a formula', async () => {
    await ada.client.grants.give({ email: lena.email, course, note: '=HYPERLINK("x")' })
    const { fileName, csv } = await ada.client.audit.table({ act: 'grants.give' })
    assert.match(fileName, /^audit-\d{4}-\d\d-\d\d\.csv$/)
    const [head = '', row = ''] = csv.split('\r\n')
    assert.equal(head.split(',').length, 8)
    assert.match(row, /^"[^"]+","Ada","ada@lectern\.test","grants\.give","[^"]*","email: lena@lectern\.test;/)
    assert.doesNotMatch(csv, /(^|,)=/m)
  })

  it('is kept for two years, and then no longer', async () => {
    const sweep = school.timers.find(({ name }) => name === 'audit.sweep') ?? assert.fail('nobody sweeps')
    await sweep.run(school.world)
    assert.ok((await acts({ person: 'Lena' })).length > 0)
    school.clock.pass(26 * 31 * 24 * 3600)
    const [, month] = [await sweep.run(school.world), '2026-05']
    assert.deepEqual((await actRecords.list(school.world.tables, `audit#${month}`)).items, [])
  })
})

describe('an act', () => {
  const { world } = school
  const anAct = { name: 'grants.give', by: ada, request: 'req_1', input: { email: 'x@lectern.test', clientSecret: 'hush', text: 'x'.repeat(5000) } }
  const key = (sk: string) => ({ pk: 'thing#1', sk })

  it('is written in the commit that does it, and not at all where that is lost', async () => {
    const act = noting(world, anAct)
    const before = (await acts()).length
    assert.equal(await act.world.tables.commit([{ kind: 'put', key: key('a'), body: { n: 1 }, expect: 'present' }]), 'conflict')
    assert.equal((await acts()).length, before)
    assert.equal(await act.world.tables.commit([{ kind: 'put', key: key('a'), body: { n: 2, apiKey: 'hush', title: 'A thing' } }]), 'done')
    const { changes, asked } = await newest()
    assert.deepEqual(changes, [
      { of: 'A thing', field: 'n', after: '2' },
      { of: 'A thing', field: 'apiKey', after: '[secret]' },
      { of: 'A thing', field: 'title', after: 'A thing' },
    ])
    assert.deepEqual([asked['clientSecret'], asked['text']?.length], ['[secret]', 201])
  })

  it('of several commits is one note of all of them', async () => {
    school.clock.pass(1)
    const act = noting(world, anAct)
    await act.world.tables.commit([{ kind: 'put', key: key('b'), body: { n: 1 } }])
    await act.world.tables.commit([{ kind: 'remove', key: key('b') }])
    await act.settle()
    assert.deepEqual(
      (await newest()).changes.map(({ field, before, after: made }) => [field, before, made]),
      [
        ['n', undefined, '1'],
        ['all of it', 'there', undefined],
      ],
    )
  })

  it('that fills its commit, or changes nothing here, is written down after it', async () => {
    for (const count of [100, 0]) {
      school.clock.pass(1)
      const before = (await acts()).at(0)?.id
      const act = noting(world, anAct)
      const full = Array.from({ length: count }, (_, at) => ({ kind: 'put' as const, key: key(`full${at}`), body: { at } }))
      if (count > 0) assert.equal(await act.world.tables.commit(full), 'done')
      await act.settle()
      assert.notEqual((await newest()).id, before)
    }
  })

  it('of an admin is noted by its kind; of a teacher where it takes something away or is about people', () => {
    const deed = (name: string, method: string, access: string, input: unknown = {}) => isNoted({ name, method, access, input })
    assert.equal(deed('new.thing', 'PUT', 'admin'), true)
    assert.equal(deed('new.thing', 'GET', 'admin'), false)
    assert.equal(deed('people.setRoles', 'PUT', 'owner'), true)
    assert.equal(deed('courses.update', 'PATCH', 'instructor', { title: 'A' }), false)
    assert.equal(deed('courses.update', 'PATCH', 'instructor', { price: null }), true)
    assert.equal(deed('courses.removeLesson', 'DELETE', 'teaching'), true)
    assert.equal(deed('talk.moderate', 'POST', 'person', { what: 'hide' }), true)
    assert.equal(deed('talk.moderate', 'POST', 'person', { what: 'answer' }), false)
    assert.equal(deed('notes.remove', 'DELETE', 'person'), false)
  })
})
