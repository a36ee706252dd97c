import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Catalogue } from '#contract/catalogue.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'
import { standingIndex } from '#test/standing-index.ts'

const HOUR_SECONDS = 3600

/** A school that has a course in its catalogue, and whose index stands still until it is let go on. */
const aSchool = async (t: TestContext) => {
  const school = await openSchool()
  t.after(() => school.close())
  const teacher = await school.person('Theo', 'instructor')
  const publish = async (title: string): Promise<string> => {
    const { course, section } = await aCourse(teacher, { title })
    await aLesson(teacher, { course, section })
    await teacher.client.courses.publish({ course })
    // Of two published in one instant nobody could say which is the newer.
    school.clock.pass(1)
    return course
  }
  const first = await publish('First')
  await school.settle()
  const { tables } = school.world
  return {
    ...{ first, publish, teacher, settle: school.settle },
    stand: async () => {
      school.world.tables = await standingIndex(tables, 'catalogue')
    },
    /** What was told in vain is told again. */
    goOn: async () => {
      school.world.tables = tables
      school.clock.pass(HOUR_SECONDS)
      await school.settle()
    },
    shown: async (): Promise<string[]> => {
      const { courses } = Catalogue.parse(JSON.parse(new TextDecoder().decode((await school.store.get('catalogue/index.json'))?.bytes)))
      return courses.map(({ title }) => title)
    },
  }
}

test('a course that is published shows in the catalogue although the index does not know of it yet', async (t) => {
  const { publish, settle, stand, shown } = await aSchool(t)
  await stand()
  await publish('Second')
  await settle()
  assert.deepEqual(await shown(), ['Second', 'First'])
})

test('a course that is taken out leaves the catalogue although the index still has it, and so does one that is removed', async (t) => {
  const { first, teacher, settle, stand, shown } = await aSchool(t)
  await stand()
  await teacher.client.courses.unpublish({ course: first })
  await settle()
  assert.deepEqual(await shown(), [])
  await teacher.client.courses.remove({ course: first })
  await settle()
  assert.deepEqual(await shown(), [])
})

test('of two courses published while the index stands still, both show in the end', async (t) => {
  const { publish, settle, stand, goOn, shown } = await aSchool(t)
  await stand()
  await publish('Second')
  await publish('Third')
  await settle()
  await goOn()
  assert.deepEqual((await shown()).toSorted(), ['First', 'Second', 'Third'])
})
