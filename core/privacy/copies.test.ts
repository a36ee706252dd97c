import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool, type School } from '#test/school.ts'
import { exportRecords } from './records.ts'

const GONE = { posts: false, certificates: false }

/** A school where somebody wants to see what is kept of them, and there are many pages to read. */
const aReader = async () => {
  const school = await openSchool()
  after(() => school.close())
  const [mia, ada, theo] = [await school.person('Mia'), await school.person('Ada', 'admin'), await school.person('Theo', 'instructor')]
  const place = await aCourse(theo)
  for (let lesson = 1; lesson <= 30; lesson += 1) await aLesson(theo, { ...place, title: `Lesson ${lesson}` })
  await school.settle()
  const { tables } = school.world
  const { every } = tables
  // One item a page, and nothing to be read from some place on while something is broken.
  const broken = { from: Number.POSITIVE_INFINITY }
  tables.every = async (page) => {
    const [at, { items }] = [Number(page ?? 0), await every()]
    if (at >= broken.from) throw new Error('the disk is broken')
    return { items: items.slice(at, at + 1), ...(at + 1 < items.length && { next: String(at + 1) }) }
  }
  return { school, mia, ada, broken }
}

const pieces = async ({ world: { objects } }: School): Promise<string[]> => (await objects.list('drafts/exports/')).items.map(({ key }) => key)
const zips = async ({ world: { objects } }: School): Promise<string[]> =>
  (await objects.list('files/')).items.map(({ key }) => key).filter((key) => key.endsWith('/content'))

describe('what was gathered for a copy', () => {
  it('goes when the copy was given up and another is asked for', async () => {
    const { school, mia, ada, broken } = await aReader()
    broken.from = 25
    await mia.client.privacy.copy({})
    for (let hours = 0; hours < 25; hours += 1) {
      await school.settle()
      school.clock.pass(3600)
    }
    school.database.prepare('DELETE FROM deliveries').run()
    assert.equal((await mia.client.privacy.mine({})).copy.state, 'failed')
    assert.equal((await pieces(school)).length, 1)
    broken.from = Number.POSITIVE_INFINITY
    await mia.client.privacy.copy({})
    await school.settle()
    assert.equal((await mia.client.privacy.mine({})).copy.state, 'ready')
    assert.deepEqual([await pieces(school), (await zips(school)).length], [[], 1])
    await ada.client.privacy.erase({ email: mia.email, keeps: GONE })
    await school.settle()
    assert.deepEqual([await pieces(school), await zips(school)], [[], []])
  })

  it('goes with the copy that was ready before', async () => {
    const { school, mia } = await aReader()
    await mia.client.privacy.copy({})
    await school.settle()
    const first = await zips(school)
    school.clock.pass(25 * 3600)
    await mia.client.privacy.copy({})
    await school.settle()
    const second = await zips(school)
    assert.deepEqual([first.length, second.length, first[0] === second[0]], [1, 1, false])
  })

  it('goes where whoever it is for has left while it was put', async () => {
    const { school, mia } = await aReader()
    const { objects, tables } = school.world
    const { put } = objects
    let times = 0
    objects.put = async (key, ...rest) => {
      if (key.startsWith('drafts/exports/')) {
        times += 1
        if (times === 1) await tables.commit([exportRecords.remove({ person: mia.id })])
      }
      return put(key, ...rest)
    }
    await mia.client.privacy.copy({})
    await school.settle()
    assert.deepEqual([times, await pieces(school)], [1, []])
  })

  it('goes once the copy is there, even where the school is killed right before', async () => {
    const { school, mia } = await aReader()
    const { objects } = school.world
    const { remove } = objects
    objects.remove = async () => {
      throw new Error('killed')
    }
    await mia.client.privacy.copy({})
    await school.settle()
    assert.equal((await mia.client.privacy.mine({})).copy.state, 'ready')
    assert.ok((await pieces(school)).length > 1)
    objects.remove = remove
    school.clock.pass(3600)
    await school.settle()
    assert.deepEqual([await pieces(school), (await zips(school)).length], [[], 1])
  })
})
