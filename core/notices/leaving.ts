import { type Hearing, hearing } from '#core/events.ts'
import { erasureRecords } from '#core/privacy/records.ts'
import { write } from './write.ts'

/** While there is still time: whoever did not ask for it themselves hears of it so. */
const asked = hearing('notices.leaving', 'erasure.asked', async (world, { erasure: id }, { id: event }) => {
  const erasure = (await erasureRecords.get(world.tables, { id }))?.value
  if (erasure?.state !== 'waiting' || !erasure.subject) return
  await write(world, {
    id: `${id}.asked`,
    event,
    kind: 'account',
    person: erasure.subject.person,
    content: ({ leaving: { asked: words } }, { weekday }) => ({
      subject: words.subject,
      paragraphs: [words.text(weekday(erasure.dueAt)), words.after],
      action: { label: words.action, url: `${world.settings.url}/account` },
    }),
  })
})

/** They count on being forgotten by now. */
const hindered = hearing('notices.staying', 'erasure.hindered', async (world, { erasure: id, person, because }, { id: event }) => {
  await write(world, {
    id: `${id}.hindered`,
    event,
    kind: 'account',
    person,
    content: ({ leaving: { hindered: words } }) => ({
      subject: words.subject,
      paragraphs: [words.text, words.because[because]],
      action: { label: words.action, url: `${world.settings.url}/account` },
    }),
  })
})

/** Letters to whoever leaves. */
export const leavingLetters: readonly Hearing[] = [asked, hindered]
