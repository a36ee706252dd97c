import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { aCourseOf } from '#test/journeys/courses.ts'
import { type Someone, someone } from '#test/journeys/people.ts'
import { program } from '#test/journeys/program.ts'
import { refusalOf } from '#test/school.ts'
import { smallDisk } from './disks.ts'

const school = await program({ args: ['--empty'] })
let teacher: Someone

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
})
after(() => school.close())

test('while another program holds the database the school is read as ever, says after some seconds that it can save nothing, and saves again by itself', async () => {
  const { course } = await aCourseOf(teacher, { title: 'Held', kind: 'article' })
  const other = new DatabaseSync(join(school.data, 'school.sqlite'))
  other.exec('BEGIN IMMEDIATE')
  const refused = refusalOf(teacher.client.courses.create({ title: 'Refused' }))
  const began = performance.now()
  let reads = 0
  let slowest = 0
  let isOver = false
  void refused.finally(() => {
    isOver = true
  })
  while (!isOver) {
    const from = performance.now()
    assert.equal((await teacher.client.courses.get({ course })).title, 'Held')
    slowest = Math.max(slowest, performance.now() - from)
    reads += 1
  }
  assert.equal(await refused, 'not-kept')
  assert.ok(performance.now() - began < 15_000)
  assert.ok(reads > 20 && slowest < 2000, `${reads} reads, the slowest ${Math.round(slowest)} ms`)
  other.exec('ROLLBACK')
  other.close()
  await teacher.client.courses.create({ title: 'Kept' })
  const titles = (await teacher.client.courses.mine({})).courses.map(({ title }) => title)
  assert.deepEqual(titles.toSorted(), ['Held', 'Kept'])
})

const found = await smallDisk(8)

test('a school whose disk takes no writing does not open, and says which folder that is', { skip: 'skip' in found && found.skip }, async () => {
  assert.ok(!('skip' in found))
  try {
    await found.seal()
    const sealed = await program({ args: ['--empty'] })
    await assert.rejects(sealed.start({ LECTERN_DATA: found.path }), new RegExp(`ended with 1:[\\s\\S]*The data folder ${found.path} cannot be written to`))
    await sealed.close()
  } finally {
    await found.remove()
  }
})
