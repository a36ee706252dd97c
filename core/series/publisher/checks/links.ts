import { scanMarkdown } from '../markdown.ts'
import { type Check, error, type Facts, type Field, type Found, quoted, type Reached, warning } from './check.ts'

const ADDRESS_SIGNS = /^https:\/\/[^\s\\<>"'`{}|^]+$/i
const LITERAL = /^\[|^[\d.]+$/
const ENTITY = /&(#?\w+);/
const MOST_ADDRESS_CHARACTERS = 2000

/** Who may be linked to: the hosts of the list with all names below them, and exactly the hosts that the teacher gave as sources. */
type Hosts = { below: readonly string[]; exact: readonly string[] }

const parsed = (url: string): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined)

const hostsOf = ({ brief, linkHosts }: Facts): Hosts => ({
  below: linkHosts,
  exact: brief.brief.sources.flatMap(({ url }) => parsed(url)?.hostname ?? []),
})

const isAllowed = (host: string, { below, exact }: Hosts): boolean => exact.includes(host) || below.some((each) => host === each || host.endsWith(`.${each}`))

/** What is wrong with an address; undefined for one that may be linked to. */
export const wrongIn = (url: string, hosts: Hosts): string | undefined => {
  const address = parsed(url)
  if (!address || !ADDRESS_SIGNS.test(url) || ENTITY.test(url) || url.length > MOST_ADDRESS_CHARACTERS) return 'is no plain https address'
  if (address.username !== '' || address.password !== '') return 'has a name before its host'
  if (address.port !== '') return 'names a port'
  if (LITERAL.test(address.hostname)) return 'names no host but a number'
  return isAllowed(address.hostname, hosts)
    ? undefined
    : `leads to ${address.hostname}, which is neither on the school’s list of hosts nor a source of the series`
}

const BARE = /[a-z][a-z0-9+.-]{0,20}:\/\/[^\s<>()[\]"'`]*|\/\/[^\s<>()[\]"'`]+|\bmailto:\S+|\bwww\.[^\s<>()[\]"'`]+/gi
/** What a page makes a link of although it is written as none: names below the domains that it knows. */
const NAME = /(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:com|net|org|edu|gov|info|biz|shop|pro|xxx|io|co|ru|cn|de|uk|eu|me|tk)\b(?![\w-])(\/\S*)?/gi

type Address = { url: string; place: string }

const bareIn = (prose: string): string[] =>
  [...prose.matchAll(BARE)].map(([url]) => url.replace(/[.,;:!?*_]+$/, '').replace(/&amp;/g, '&')).filter((url) => !/^\/\/$/.test(url))

/** Names written as plain words; a warning is enough, since many are names of products. */
const namesIn = (prose: string, hosts: Hosts): { name: string; isError: boolean }[] =>
  [...prose.replace(BARE, ' ').matchAll(NAME)].flatMap(([name, rest]) => {
    const host = parsed(`https://${name}`)?.hostname ?? name
    return isAllowed(host, hosts) ? [] : [{ name, isError: rest !== undefined }]
  })

const linksIn = ({ name, text }: Field, hosts: Hosts): { addresses: Address[]; found: Found[] } => {
  const { links, prose, unclear } = scanMarkdown(text)
  const written = links
    .filter(({ url }) => !url.startsWith('#'))
    .map(({ url, line }) => ({ url: url.replaceAll('&amp;', '&'), place: `${name}, line ${line}` }))
  const bare = prose.flatMap((line, at) => bareIn(line).map((url) => ({ url, place: `${name}, line ${at + 1}` })))
  const names = prose.flatMap((line, at) => namesIn(line, hosts).map((each) => ({ ...each, place: `${name}, line ${at + 1}` })))
  const found = [
    ...unclear.map((line) => error(`${name}, line ${line}: a link is written as [words](https://…), on one line.`)),
    ...names.map(({ name: host, isError, place }) => (isError ? error : warning)(`${place}: ${quoted(host)} may be shown as a link.`)),
  ]
  return { addresses: [...written, ...bare], found }
}

const MOST_ADDRESSES = 40
const AT_ONCE = 4

const reachedFinding = ({ url, place }: Address, reached: Reached): Found[] => {
  if (reached === 'reachable') return []
  return [reached === 'missing' ? error(`${place}: there is nothing at ${quoted(url)}.`) : warning(`${place}: ${quoted(url)} could not be looked at.`)]
}

const reachAll = async (addresses: readonly Address[], { reach }: Facts, hosts: Hosts): Promise<Found[]> => {
  const found: Found[] = []
  const waiting = [...addresses]
  const look = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      found.push(...reachedFinding(next, await reach(next.url, (url) => wrongIn(url, hosts) === undefined)))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, look))
  return found.toSorted((one, other) => (one.says < other.says ? -1 : 1))
}

export const links: Check = {
  name: 'links',
  title: 'Its links lead to hosts on the school’s list, or to those of the series’ own sources, and something is there',
  find: async (facts) => {
    const hosts = hostsOf(facts)
    const inFields = facts.fields.map((field) => linksIn(field, hosts))
    const sources = facts.draft.about.sources.map(({ url }, at) => ({ url, place: `Source ${at + 1}` }))
    const addresses = [...sources, ...inFields.flatMap((field) => field.addresses)]
    const wrong = addresses.flatMap(({ url, place }) => {
      const says = wrongIn(url, hosts)
      return says === undefined ? [] : [error(`${place}: ${quoted(url)} ${says}.`)]
    })
    const found = [...inFields.flatMap((field) => field.found), ...wrong]
    // Nobody is visited for a draft that is refused anyhow.
    if (found.some(({ severity }) => severity === 'error')) return found
    const distinct = [...new Map(addresses.toReversed().map((address) => [address.url.replace(/#.*$/, ''), address])).values()].toReversed()
    if (distinct.length > MOST_ADDRESSES) return [error(`It links to ${distinct.length} addresses; ${MOST_ADDRESSES} are the most.`)]
    return [...found, ...(await reachAll(distinct, facts, hosts))]
  },
}

const FILE_NAME = /^\S+\.(png|jpe?g|gif|svg|webp|avif)$/i

export const images: Check = {
  name: 'images',
  title: 'Its images say in words what they show',
  find: ({ fields }) =>
    fields.flatMap(({ name, text }) =>
      scanMarkdown(text).links.flatMap(({ kind, text: words, line }) => {
        if (kind !== 'image') return []
        const place = `${name}, line ${line}`
        const shown = warning(`${place}: an image from elsewhere is not shown; the school shows only pictures that lie in it.`)
        const says = words.trim() === '' ? 'has no words' : FILE_NAME.test(words.trim()) ? 'has the name of a file for words' : undefined
        return says === undefined ? [shown] : [error(`${place}: an image ${says}; write ![what it shows](https://…).`)]
      }),
    ),
}
