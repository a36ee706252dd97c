import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { alertsLaws } from '#ports/alerts.laws.ts'
import { startMailSandbox } from '#sandbox/mail.ts'
import { smtpMail } from '#vendors/mail/mail.ts'
import { alerts } from './alerts.ts'
import { openSchoolFile } from './school-file.ts'
import { aClock, scratchFolder } from './scratch.fixture.ts'

const TO = 'owner@lectern.test'

alertsLaws('the machine home', async () => {
  const folder = await scratchFolder()
  const inbox = await startMailSandbox({ folder })
  const mail = smtpMail({ url: inbox.smtpUrl, from: 'The School <school@lectern.test>' })
  const clock = aClock()
  const path = join(folder, 'school.sqlite')
  let file = openSchoolFile(path)
  return {
    alerts: alerts({ mail, to: TO, file, clock }),
    async told(subject) {
      const answer = await fetch(`${inbox.url}/sandbox/mail/api/messages?to=${TO}`)
      // The stand-in's own answer; it shows what came several times under one Message-ID as one, and says how often it came.
      const letters = (await answer.json()) as { subject: string; text: string; times: number }[]
      return letters.filter((letter) => letter.subject === subject).flatMap((letter) => Array.from({ length: letter.times }, () => letter))
    },
    async reopen() {
      await file.close()
      file = openSchoolFile(path)
      return alerts({ mail, to: TO, file, clock })
    },
    async close() {
      mail.close()
      await inbox.close()
      await file.close()
      await rm(folder, { recursive: true })
    },
  }
})

test('An alert that the post did not take is told when it is told again, and one that still holds after three months is told once more', async () => {
  const file = openSchoolFile(':memory:')
  const clock = aClock()
  const sent: string[] = []
  let isDown = true
  const send = async ({ id }: { id: string }): Promise<void> => {
    if (isDown) throw new Error('The post is shut.')
    sent.push(id)
  }
  const { tell } = alerts({ mail: { send }, to: TO, file, clock })
  const alert = { id: 'alert-1', subject: 'A plan at a wrong price', text: 'Look at it.' }
  await assert.rejects(tell(alert), /shut/)
  isDown = false
  // As often as a sweep looks at it in two days.
  for (let looks = 0; looks < 289; looks += 1) {
    await tell(alert)
    clock.pass(600_000)
  }
  assert.deepEqual(sent, ['alert-1'])
  clock.pass(90 * 24 * 3600_000)
  await tell(alert)
  await tell(alert)
  assert.deepEqual(sent, ['alert-1', 'alert-1'])
  await file.close()
})
