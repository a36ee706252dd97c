import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aBrowser, aSignIn } from '#test/browser.ts'
import { aCourseOf } from '#test/journeys/courses.ts'
import { someone } from '#test/journeys/people.ts'
import { program } from '#test/journeys/program.ts'
import { refusalOf } from '#test/school.ts'
import { breakingDisk } from './disks.ts'

const DISK_MB = 96
const found = await breakingDisk(DISK_MB)

test('a disk that turns read-only under an open school takes no reading away: whatever would be saved is refused in words, and all that was kept is there once the disk is mended', {
  skip: 'skip' in found && found.skip,
}, async () => {
  assert.ok(!('skip' in found))
  const school = await program({ args: ['--empty'], below: found.path })
  try {
    await school.start()
    const teacher = await someone(school, 'Theo', 'instructor')
    const lena = await someone(school, 'Lena')
    const { course, lesson } = await aCourseOf(teacher, { title: 'Kept', kind: 'article' })
    await teacher.client.courses.publish({ course })
    await lena.client.learning.enrol({ course })

    await found.break()
    for (const path of ['/', '/api/health', '/catalogue/index.json']) assert.equal((await fetch(school.url + path)).status, 200, path)
    assert.equal((await lena.client.learning.lesson({ lesson })).title, 'The lesson')
    assert.equal(await refusalOf(teacher.client.courses.create({ title: 'Refused' })), 'not-kept')
    await assert.rejects(teacher.client.courses.updateLesson({ lesson, text: 'Refused.' }), /can save nothing at this moment/)
    const signIn = await aBrowser(school.url).open(aSignIn(school.url).address)
    assert.equal(signIn.status, 503)
    assert.match(signIn.text, /can save nothing at this moment/)
    assert.equal((await lena.client.learning.lesson({ lesson })).title, 'The lesson')

    await school.kill()
    await found.mend()
    await school.start()
    assert.deepEqual(
      (await teacher.client.courses.mine({})).courses.map(({ title }) => title),
      ['Kept'],
    )
    assert.equal((await lena.client.learning.mine({})).enrolled.length, 1)
    await teacher.client.courses.create({ title: 'Kept as well' })
    await school.close()
  } finally {
    await school.kill()
    await found.remove()
  }
})
