import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { Keys, LiveKeys, SigningKey } from './keys.ts'

export type KeysUnderTest = {
  keys: Keys
  /** A new key in front of the one there is, as the operator asks for it. */
  rotate(): Promise<void>
  /** New keys, and none of those there were. */
  rotateAtOnce(): Promise<void>
  /** Makes what the keys are kept in unreadable, until `mend`. */
  spoil(): Promise<void>
  mend(): Promise<void>
  pass(seconds: number): void
  close(): Promise<void>
}

const PROMISED_SECONDS = 5

const idsOf = (live: LiveKeys): string[] => live.map(({ id }) => id)
const opens = (text: string, signer: SigningKey, verifier: SigningKey): boolean =>
  verify('sha256', Buffer.from(text), createPublicKey(verifier.publicKey), sign('sha256', Buffer.from(text), createPrivateKey(signer.privateKey.reveal())))

/** What keys mean in every home. */
export const keysLaws = (home: string, open: () => Promise<KeysUnderTest>): void => {
  describe(`keys in ${home}`, () => {
    let under: KeysUnderTest
    before(async () => {
      under = await open()
    })
    after(() => under.close())

    it('are there from the first moment, each a pair of halves that belong together', async () => {
      const live = await under.keys.live()
      for (const key of live) assert.ok(opens('a lesson', key, key) && !Number.isNaN(Date.parse(key.since)), key.id)
    })

    it('are the same list, as an object, until something changes', async () => {
      const first = await under.keys.live()
      under.pass(PROMISED_SECONDS)
      assert.equal(await under.keys.live(), first)
      const asked = await Promise.all([under.keys.live(), under.keys.live(), under.keys.live()])
      assert.ok(asked.every((each) => each === first))
    })

    it('keep verifying what the former key signed, once a new one signs', async () => {
      const [former] = await under.keys.live()
      await under.rotate()
      under.pass(PROMISED_SECONDS)
      const live = await under.keys.live()
      assert.deepEqual([live.length, live[1]?.id], [2, former.id])
      assert.notEqual(live[0].id, former.id)
      assert.ok(live[1] && opens('a lesson', former, live[1]))
      assert.equal(opens('a lesson', former, live[0]), false)
    })

    it('stay the last good ones while what they are kept in cannot be read', async () => {
      const good = await under.keys.live()
      await under.spoil()
      under.pass(PROMISED_SECONDS)
      assert.deepEqual(idsOf(await under.keys.live()), idsOf(good))
      await under.mend()
      under.pass(PROMISED_SECONDS)
      assert.deepEqual(idsOf(await under.keys.live()), idsOf(good))
    })

    it('leave no former key when all are replaced at once', async () => {
      const before = idsOf(await under.keys.live())
      await under.rotateAtOnce()
      under.pass(PROMISED_SECONDS)
      assert.deepEqual(
        idsOf(await under.keys.live()).filter((id) => before.includes(id)),
        [],
      )
    })

    it('never show their private halves, printed or as JSON', async () => {
      const live = await under.keys.live()
      assert.doesNotMatch(`${JSON.stringify(live)} ${live.map(({ privateKey }) => `${privateKey}`).join()}`, /PRIVATE/)
      assert.match(live[0].privateKey.reveal(), /PRIVATE KEY/)
    })
  })
}
