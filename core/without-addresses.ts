/** A name in marks, `"odd@name"@host.test`, as it is or in JSON; what stands between two strings of JSON is no name. */
const QUOTED = /(\\?")[^"\s\\:,[\]{}]+\\?"(@[^\s<>"'():;,@\\]+)/gu

/** What people, programs and JSON put around an address ends it. Begun at the start of a run alone, so that no long line takes long. */
const PLAIN = /(?<![^\s<>"():;,@/\\…])([^\s<>"():;,@/\\…])[^\s<>"():;,@/\\…]*(@[^\s<>"'():;,@\\]+)/gu

/**
 * A text with no whole e-mail address in it: `a…@school.example`, enough to know whose post office it was. Nobody logs one on purpose, but a post
 * office says in its errors to whom it did not want to bring a letter.
 */
export const withoutAddresses = (text: string): string => text.replace(QUOTED, '$1…$2').replace(PLAIN, '$1…$2')

/** The same of what is an address and nothing else: there a name may have marks that would end it in a text. */
export const withoutName = (address: string): string => {
  const at = address.lastIndexOf('@')
  return at < 1 ? withoutAddresses(address) : `${[...address][0]}…${address.slice(at)}`
}

const MOST_REASON = 2000

/** What an error says, for people who look for its cause: no address, and at most 2000 characters. */
export const reasonOf = (error: unknown): string => withoutAddresses(error instanceof Error ? error.message : String(error)).slice(0, MOST_REASON)
