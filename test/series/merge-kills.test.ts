import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { openDesk } from './desk.fixture.ts'
import { mergedOnce } from './once.fixture.ts'

const desk = await openDesk()
after(() => desk.close())

describe('a school that is killed on the way from a merge to a lesson', () => {
  for (const [when, point, dies] of [
    ['with the webhook just stored', 'Portraits', 'repository.changed told'],
    ['with the lesson written and not published', 'Flash', 'content-files written'],
    ['with the lesson published and the rest of the commit not', 'Bellows', 'content.applied told'],
  ] as const)
    test(`${when} shows the lesson once`, async () => {
      await mergedOnce(desk, await desk.proposed(point), (pull) => desk.killedAt(dies, () => desk.outside.merge(pull)))
    })

  test('and on the way back to none: nothing of a lesson that is reverted is left', async () => {
    const live = await mergedOnce(desk, await desk.proposed('Darkrooms'))
    const revert = await desk.outside.revert(live.pull?.number ?? 0)
    await desk.killedAt('content-gone written', () => desk.outside.merge(revert))
    await desk.until(live.series, 'withdrawn', ({ state }) => state === 'withdrawn')
    assert.deepEqual(
      (await desk.lessonsOf(live.series)).map(({ title }) => title),
      ['By hand'],
    )
  })
})
