import { type Hearing, hearing } from '#core/events.ts'
import { schoolName } from '#core/storefront/brand.ts'
import { tokenRecords } from '#core/tokens/records.ts'
import { write } from './write.ts'

/** Whoever finds a browser open could make themselves a way in that outlasts it: its person is told, with the way to end it. */
const made = hearing('notices.token-made', 'token.made', async (world, { token: id, person }, { id: happening }) => {
  const found = (await tokenRecords.get(world.tables, { person, id }))?.value
  // Revoked before the letter went.
  if (!found) return
  const { name, hint, expiresAt } = found
  const school = await schoolName(world)
  await write(world, {
    id: happening,
    kind: 'account',
    person,
    content: ({ token: words }, { day }) => ({
      subject: words.subject(name),
      paragraphs: [`${words.made(school)} ${words.called(name, hint, day(expiresAt))}`, words.after],
      action: { label: words.action, url: `${world.settings.url}/account/tokens` },
    }),
  })
})

export const tokenLetters: readonly Hearing[] = [made]
