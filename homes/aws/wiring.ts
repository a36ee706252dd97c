import type { AnyContractProcedure } from '@orpc/contract'
import type { EndpointMeta } from '#contract/base.ts'
import { contract } from '#contract/contract.ts'
import { tokenScopeOf } from '#contract/token-scopes.ts'
import { type Behaviour, behavioursOf } from '#core/delivery/behaviours.ts'
import type { Sites } from '#core/delivery/headers.ts'
import { hearings, timers } from '#core/platform.ts'
import { LEAST_PASSWORD } from '../least-password.ts'
import { featureOf } from './routes.ts'

/** What the infrastructure has to know of the school. Nothing here reads the environment or opens anything. */

/**
 * What the keys of objects begin with, by what the functions do there. `written`: media, course pages, indexes of what is searched, drafts of captions,
 * recipes, files beside lessons, texts of a repository's files · `read`: the app's page, which a deployment writes · `uploaded`: in the
 * other bucket, by browsers · `papers`: in the bucket of drafts, what programs that write and propose hand to each other.
 */
export const PREFIXES = {
  written: ['media', 'files', 'catalogue', 'drafts', 'search', 'recipes', 'repository'],
  read: ['web'],
  uploaded: ['sources'],
  papers: ['runs'],
} as const

/** What the pool asks of a password, and nothing else. */
export const passwordLength = LEAST_PASSWORD

/** Deliveries under way at once where a listener does not say; Lambda takes no fewer than two from a queue. */
const AT_ONCE = 4
const LEAST_AT_ONCE = 2

export type Listening = { name: string; feature: string; hears: string }

export const listening: readonly Listening[] = hearings.map(({ name, hears }) => ({ name, feature: featureOf(name), hears }))

export type Feature = { name: string; atOnce: number }

export const features: readonly Feature[] = [...new Set(listening.map(({ feature }) => feature))].map((name) => {
  const wishes = hearings.flatMap(({ name: listener, atOnce }) => (featureOf(listener) === name && atOnce !== undefined ? [atOnce] : []))
  return { name, atOnce: Math.max(LEAST_AT_ONCE, ...(wishes.length > 0 ? wishes : [AT_ONCE])) }
})

/** How often the directory is compared with the pool: a timer of this home alone. */
export const PEOPLE_REFRESH_SECONDS = 6 * 3600

/** The paces that timers run at, each a schedule. */
export const paces: readonly number[] = [...new Set([...timers.map(({ everySeconds }) => everySeconds), PEOPLE_REFRESH_SECONDS])].toSorted((a, b) => a - b)

export type Places = {
  url: string
  mediaUrl: string
  uploadOrigin: string
  storeOrigin: string
  signInOrigin: string
  issuerOrigin: string
  /** Where a page is given its person's own keys to the bucket of uploads. */
  identityOrigin: string
}

/** Where the school is reached, and what its pages talk to besides: buckets that take videos and files, and the pages people sign in at. */
export const sitesOf = ({ url, mediaUrl, uploadOrigin, storeOrigin, signInOrigin, issuerOrigin, identityOrigin }: Places): Sites => ({
  url,
  mediaUrl,
  connects: [uploadOrigin, storeOrigin, signInOrigin, issuerOrigin, identityOrigin],
})

export type Row = Behaviour

export const behaviours = (places: Places): readonly Row[] => behavioursOf(sitesOf(places))

/** `isJudgedInside`: by the school alone. A gateway knows no access tokens, and would turn visitors away. */
export type Endpoint = { method: string; path: string; isJudgedInside: boolean }

/** Every endpoint of the contract as a gateway has it: parameters in braces are the same in both. */
export const endpoints: readonly Endpoint[] = Object.entries<Record<string, AnyContractProcedure>>(contract).flatMap(([feature, each]) =>
  Object.entries(each).map(([verb, declared]) => {
    const { route, meta } = declared['~orpc']
    // Every endpoint is declared through `endpoint()`, which writes exactly this meta.
    const { access } = meta as EndpointMeta
    if (route.method === undefined || route.path === undefined) throw new Error('An endpoint has no address.')
    return { method: route.method, path: `/api${route.path}`, isJudgedInside: access === 'anyone' || tokenScopeOf(`${feature}.${verb}`) !== undefined }
  }),
)
