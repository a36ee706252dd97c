import type { World } from '#ports/world.ts'

/** RFC 9116 §3. */
export const SECURITY_TXT = '/.well-known/security.txt'

/** Well below the year that RFC 9116 §2.5.5 recommends at most: whoever keeps a copy asks again. */
const GOOD_FOR_DAYS = 90

/** Whom to tell of a weakness of this school: its owner, or whom they have named. It is made when it is asked for, so that it never runs out. */
export const securityTxt = ({ clock, settings }: Pick<World, 'clock' | 'settings'>): string => {
  const { securityContact, url } = settings
  const until = new Date(clock.now().getTime() + GOOD_FOR_DAYS * 24 * 3_600_000)
  until.setUTCHours(0, 0, 0, 0)
  const expires = until.toISOString().replace('.000Z', 'Z')
  return [`Contact: ${securityContact}`, `Expires: ${expires}`, `Canonical: ${url}${SECURITY_TXT}`, 'Preferred-Languages: en', ''].join('\n')
}
