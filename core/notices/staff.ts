import { staffInvitations } from '#core/accounts/joining.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { schoolName } from '#core/storefront/brand.ts'
import { writeTo } from './write.ts'

const WORDS = { instructor: 'teach', support: 'look after its learners', admin: 'run the school' }

const invited = hearing('notices.staff', 'staff.invited', async (world, { invitation }, { id }) => {
  const found = (await staffInvitations.get(world.tables, { id: invitation }))?.value
  // Withdrawn before the letter went.
  if (!found) return
  const school = await schoolName(world)
  const content = {
    subject: `${found.byName} invites you to ${school}`,
    paragraphs: [
      `${found.byName} would like you to ${WORDS[found.role]} at ${school}.`,
      'Open the link and sign in with this address, or make an account with it. The link works for a week, and once.',
    ],
    action: { label: 'Take it up', url: `${world.settings.url}/joining/${found.token}` },
  }
  await writeTo(world, { id, kind: 'account', to: found.email, content })
})

export const staffLetters: readonly Hearing[] = [invited]
