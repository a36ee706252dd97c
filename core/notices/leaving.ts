import type { Hindrance } from '#contract/privacy.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { erasureRecords } from '#core/privacy/records.ts'
import { write } from './write.ts'

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' })

/** While there is still time: whoever did not ask for it themselves hears of it so. */
const asked = hearing('notices.leaving', 'erasure.asked', async (world, { erasure: id }, { id: event }) => {
  const erasure = (await erasureRecords.get(world.tables, { id }))?.value
  if (erasure?.state !== 'waiting' || !erasure.subject) return
  const content = {
    subject: 'Your account will be erased',
    paragraphs: [
      `You have asked us to erase your account and all that we know of you. That happens on ${DAY.format(new Date(erasure.dueAt))}, and cannot be undone.`,
      'Until then you can change your mind. If it was not you who asked, change your password as well.',
    ],
    action: { label: 'Stay after all', url: `${world.settings.url}/account` },
  }
  await write(world, { id: `${id}.asked`, event, kind: 'account', person: erasure.subject.person, content })
})

const BECAUSE: Record<Hindrance, string> = {
  teaches: 'You teach courses by now, which others have paid for: hand them over to somebody else first, and ask again.',
  membership: 'A membership or plan of yours is being paid by now: end it first, and ask again.',
  staff: 'You are one of the staff by now: an admin can erase your account, or take your role from you so that you can ask again.',
}

/** They count on being forgotten by now. */
const hindered = hearing('notices.staying', 'erasure.hindered', async (world, { erasure: id, person, because }, { id: event }) => {
  const content = {
    subject: 'Your account was not erased',
    paragraphs: ['You had asked us to erase your account, and its day has come. We have not done so, and everything is as it was.', BECAUSE[because]],
    action: { label: 'Open your account', url: `${world.settings.url}/account` },
  }
  await write(world, { id: `${id}.hindered`, event, kind: 'account', person, content })
})

/** Letters to whoever leaves. */
export const leavingLetters: readonly Hearing[] = [asked, hindered]
