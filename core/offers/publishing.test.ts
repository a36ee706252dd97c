import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OfferCatalogue } from '#contract/offers.ts'
import { standingIndex } from '#test/standing-index.ts'
import { aBundle, aPricedCourse, aSellingSchool } from './selling.fixture.ts'

const HOUR_SECONDS = 3600

test('An offer is on sale although the index does not know of it yet, and others that came meanwhile are in the end', async (t) => {
  const school = await aSellingSchool(t)
  const shown = async (): Promise<string[]> => {
    const bytes = (await school.store.get('catalogue/offers.json'))?.bytes
    return OfferCatalogue.parse(JSON.parse(new TextDecoder().decode(bytes))).offers.map(({ id }) => id)
  }
  const courses = [await aPricedCourse(school, 'Colour')]
  await school.settle()
  const { tables } = school.world
  school.world.tables = await standingIndex(tables, 'offers')
  const { id } = await aBundle(school, courses)
  await school.settle()
  assert.deepEqual(await shown(), [id])
  const another = await aBundle(school, courses)
  await school.settle()
  school.world.tables = tables
  school.clock.pass(HOUR_SECONDS)
  await school.settle()
  assert.deepEqual((await shown()).toSorted(), [id, another.id].toSorted())
})
