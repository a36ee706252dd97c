import { type Hearing, hearing } from '#core/events.ts'
import { erasureRecords } from '#core/privacy/records.ts'
import { write } from './write.ts'

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' })

/** While there is still time: whoever did not ask for it themselves hears of it so. */
const asked = hearing('notices.leaving', 'erasure.asked', async (world, { erasure: id }) => {
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
  await write(world, { id: `${id}.asked`, person: erasure.subject.person, content })
})

/** Letters to whoever leaves. */
export const leavingLetters: readonly Hearing[] = [asked]
