import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Messenger } from './alerts.ts'

export type AlertsUnderTest = {
  alerts: Messenger
  /** Each delivery to the operator with this subject so far, counted by itself however alike they are. */
  told(subject: string): Promise<{ subject: string; text: string }[]>
  /** The same alerts after the program has been started anew. */
  reopen(): Promise<Messenger>
  close(): Promise<void>
}

/** What telling the operator means in every home. */
export const alertsLaws = (home: string, open: () => Promise<AlertsUnderTest>): void => {
  describe(`alerts in ${home}`, () => {
    let under: AlertsUnderTest
    before(async () => {
      under = await open()
    })
    after(() => under.close())

    it('reaches the operator with its subject and its whole text', async () => {
      await under.alerts.tell({ id: 'alert-1', subject: 'A video could not be converted: über <b>.mov', text: 'First line.\n\nSecond & last.' })
      const [told] = await under.told('A video could not be converted: über <b>.mov')
      assert.equal(told?.text.trim(), 'First line.\n\nSecond & last.')
    })

    it('is one alert to the operator when it is told twice', async () => {
      const alert = { id: 'alert-2', subject: 'Told twice', text: 'Once is enough.' }
      await under.alerts.tell(alert)
      await under.alerts.tell(alert)
      assert.equal((await under.told('Told twice')).length, 1)
    })

    it('is one alert when it is told by two at once', async () => {
      const alert = { id: 'alert-5', subject: 'Told at once', text: 'Once is enough.' }
      await Promise.all([under.alerts.tell(alert), under.alerts.tell(alert)])
      assert.equal((await under.told('Told at once')).length, 1)
    })

    it('is two alerts when two things happened, even of the same name', async () => {
      await under.alerts.tell({ id: 'alert-3', subject: 'Same name', text: 'One.' })
      await under.alerts.tell({ id: 'alert-4', subject: 'Same name', text: 'Two.' })
      assert.equal((await under.told('Same name')).length, 2)
    })

    it('is one alert when it is told again after a restart', async () => {
      const alert = { id: 'alert-6', subject: 'Told before and after', text: 'Once is enough.' }
      await under.alerts.tell(alert)
      await (await under.reopen()).tell(alert)
      assert.equal((await under.told('Told before and after')).length, 1)
    })
  })
}
