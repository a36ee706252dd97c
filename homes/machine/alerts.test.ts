import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { alertsLaws } from '#ports/alerts.laws.ts'
import { startMailSandbox } from '#sandbox/mail.ts'
import { smtpMail } from '#vendors/mail/mail.ts'
import { alerts } from './alerts.ts'

alertsLaws('the machine home', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'alerts-'))
  const inbox = await startMailSandbox({ folder })
  const mail = smtpMail({ url: inbox.smtpUrl, from: 'The School <school@lectern.test>' })
  return {
    alerts: alerts({ mail, to: 'owner@lectern.test' }),
    async told(subject) {
      const answer = await fetch(`${inbox.url}/sandbox/mail/api/messages?to=owner@lectern.test`)
      // The stand-in's own answer.
      const letters = (await answer.json()) as { subject: string; text: string }[]
      return letters.filter((letter) => letter.subject === subject)
    },
    async close() {
      mail.close()
      await inbox.close()
      await rm(folder, { recursive: true })
    },
  }
})
