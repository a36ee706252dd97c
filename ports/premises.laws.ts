import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Premises } from './premises.ts'

export type PremisesUnderTest = {
  premises: Premises
  /** Where people are told what its databases take: here, or by its cloud. */
  tellsBytes: 'here' | 'elsewhere'
  /** Has something that it rests on go wrong, and tells of which check that is. */
  damage(): Promise<string>
  close(): Promise<void>
}

/** What looking at a home means, whichever it is. */
export const premisesLaws = (home: string, open: () => Promise<PremisesUnderTest>): void => {
  describe(`premises of ${home}`, () => {
    let under: PremisesUnderTest
    before(async () => {
      under = await open()
    })
    after(() => under.close())

    it('says something of each thing it looks at, once', async () => {
      const checks = await under.premises.look()
      assert.ok(checks.length > 0)
      assert.ok(checks.every(({ name, says }) => name !== '' && says !== ''))
      assert.deepEqual(
        checks.filter(({ state }) => state === 'ill'),
        [],
      )
      assert.equal(new Set(checks.map(({ name }) => name)).size, checks.length)
    })

    it('tells what its databases take, or that its cloud does', async () => {
      const bytes = await under.premises.databaseBytes()
      if (under.tellsBytes === 'elsewhere') assert.equal(bytes, 'elsewhere')
      else assert.ok(typeof bytes === 'number' && bytes > 0, String(bytes))
    })

    it('names what has gone wrong, and answers for the rest', async () => {
      const name = await under.damage()
      const checks = await under.premises.look()
      assert.ok(['doubtful', 'ill'].includes(checks.find((check) => check.name === name)?.state ?? 'not looked at'), name)
      assert.ok(checks.some(({ state }) => state === 'well'))
    })
  })
}
