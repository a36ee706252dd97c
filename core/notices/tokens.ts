import { type Hearing, hearing } from '#core/events.ts'
import { schoolName } from '#core/storefront/brand.ts'
import { tokenRecords } from '#core/tokens/records.ts'
import { write } from './write.ts'

/** Whoever finds a browser open could make themselves a way in that outlasts it: its person is told, with the way to end it. */
const made = hearing('notices.token-made', 'token.made', async (world, { token: id, person }, { id: happening }) => {
  const found = (await tokenRecords.get(world.tables, { person, id }))?.value
  // Revoked before the letter went.
  if (!found) return
  const content = {
    subject: `An access token was made: ${found.name}`,
    paragraphs: [
      `Somebody who is signed in with your account has made an access token for a program at ${await schoolName(world)}. It is called “${found.name}”, ends in ${found.hint}, and holds until ${found.expiresAt.slice(0, 10)}.`,
      'If that was you, there is nothing to do. If it was not, revoke it, and change your password: that ends every token and every session.',
    ],
    action: { label: 'See my tokens', url: `${world.settings.url}/account/tokens` },
  }
  await write(world, { id: happening, kind: 'account', person, content })
})

export const tokenLetters: readonly Hearing[] = [made]
