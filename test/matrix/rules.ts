import { type Call, missingOf, type Outcome, type Route, usedBy } from './calls.ts'
import { listening } from './listening.ts'
import type { Caller, Exception, Row, To } from './row.ts'
import type { Scene, Things } from './scene.ts'

export type Case = { scene: Scene; route: Route; row: Row; call: Call }

const RUN_IT: readonly Caller[] = ['ada', 'oona']
const HELPERS: readonly Caller[] = ['carl', 'eve', 'gus', 'tal', 'lea']
const EVERYBODY: readonly Caller[] = ['visitor', 'sam', 'lena', 'nina', 'max', 'theo', 'olga', 'sue', ...RUN_IT, ...HELPERS]
const ADMITTED: Record<Route['access'], readonly Caller[]> = {
  anyone: EVERYBODY,
  person: EVERYBODY.slice(1),
  teaching: ['theo', 'olga', ...RUN_IT, ...HELPERS],
  instructor: ['theo', 'olga', ...RUN_IT],
  support: ['sue', ...RUN_IT],
  admin: RUN_IT,
  owner: ['oona'],
}

/** Who besides Theo and those who run the school does such a thing in his courses. */
const LET_TO: Record<To, readonly Caller[]> = {
  see: HELPERS,
  ...{ edit: ['carl', 'eve'], grade: ['carl', 'gus'], talk: ['carl', 'tal'], learners: ['carl', 'lea'] },
  ...{ teach: ['carl'], earn: [], own: [] },
}

const isOwner = ({ row, route }: Case, who: Caller): boolean => {
  switch (row.of) {
    case 'nobody':
    case 'everybody':
      return ADMITTED[route.access].includes(who)
    case 'course':
      return ['lena', 'nina', 'theo', ...RUN_IT, ...HELPERS].includes(who)
    case 'learner':
      return who === 'lena' || row.also?.includes(who) === true
    default:
      return who === 'theo' || RUN_IT.includes(who) || LET_TO[row.to ?? 'own'].includes(who)
  }
}

const told = ({ code, text }: Outcome): string => (code === 'answered' ? 'answered' : text)
/** Whose exceptions are theirs too: who helps stands to a course as its teacher does, and owners as admins. */
const LIKE: Partial<Record<Caller, Caller>> = { oona: 'ada', carl: 'theo', eve: 'theo', gus: 'theo', tal: 'theo', lea: 'theo' }
const excepted = ({ row }: Case, who: Caller): Exception | undefined => row.but?.[who] ?? row.but?.[LIKE[who] ?? who]

/** Where no right in a course is asked for, one assistant is like another. */
const ALIKE: readonly Caller[] = ['gus', 'tal', 'lea']

/** Who is not let in by the contract is told so, whether the thing is there or not. */
const atTheDoor = async ({ scene, route, row, call }: Case): Promise<string[]> => {
  const found: string[] = []
  for (const who of EVERYBODY.filter((each) => !ADMITTED[route.access].includes(each) && !ALIKE.includes(each))) {
    const expected = who === 'visitor' ? 'not-signed-in' : 'not-allowed'
    for (const things of [scene.own, missingOf(scene.own)]) {
      const outcome = await call(who, row.input(things))
      if (outcome.code !== expected) found.push(`${who} is not let in, and gets ${told(outcome)}`)
      if (outcome.stored !== undefined) found.push(`${who} is not let in, and changes something`)
    }
  }
  return found
}

/** What is compared knows nothing of which thing was named. */
const without = (text: string | undefined, things: readonly string[]): string | undefined =>
  text === undefined ? undefined : things.reduce((left, thing) => left.replaceAll(thing, '…'), text)

const isSame = (one: Outcome, other: Outcome, things: readonly string[]): boolean =>
  one.code === other.code && without(one.text, things) === without(other.text, things) && without(one.stored, things) === without(other.stored, things)

type Pair = { who: Caller; named: Things; absent: Things; as: string }

/** Somebody else's things, all of them or one beside things of the caller's own; and the same call with things that do not exist. */
const pairsOf = ({ scene, row }: Case, who: Caller, theirs: Things): Pair[] => {
  const nothing = missingOf(scene.own)
  const whole = { who, named: theirs, absent: nothing, as: 'somebody else’s things' }
  const mine = { nina: scene.fellow, max: scene.other, olga: scene.other }[String(who)]
  if (!mine) return [whole]
  const differing = usedBy(row.input, scene.own).filter((name) => mine[name] !== theirs[name])
  const one = differing.map((name) => ({
    ...{ who, as: `somebody else’s ${name} beside things of their own` },
    named: { ...mine, [name]: theirs[name] },
    absent: { ...mine, [name]: nothing[name] },
  }))
  return [whole, ...one]
}

const compared = async (of: Case, { who, named, absent, as }: Pair): Promise<Seen> => {
  const { row, call, scene } = of
  const [here, gone] = [await call(who, row.input(named)), await call(who, row.input(absent))]
  const nothing = missingOf(scene.own)
  const words = usedBy(row.input, scene.own).flatMap((name) => [named[name], absent[name], nothing[name]])
  if (here.code !== 'answered' && here.stored !== undefined) return { code: here.code, fault: `${who} with ${as} is refused, and changes something` }
  const isLike = isSame(here, gone, words)
  return { code: here.code, fault: isLike ? undefined : `${who} with ${as} gets ${told(here)}, and ${told(gone)} where there is none` }
}

/** In the place of each course and lesson, those of which nobody but their teacher knows. */
const hiddenOf = (things: Things): Things => {
  const { hiddenCourse, hiddenLesson } = things
  const hidden = (value: string): string => (value.startsWith('crs_') ? hiddenCourse : value.startsWith('les_') ? hiddenLesson : value)
  // The same names with texts.
  return Object.fromEntries(Object.entries(things).map(([name, value]) => [name, hidden(value)])) as Things
}

const isPublicly = ({ code }: Outcome, who: Caller): boolean => code === (who === 'visitor' ? 'not-signed-in' : 'not-enrolled')

/** Who is let in, and has nothing to do with it. What is published is there for everybody; what is not, for its teacher and the admins. */
const strangersTo = (of: Case): readonly Caller[] => {
  const admitted = ADMITTED[of.route.access]
  return of.row.of === 'everybody'
    ? admitted.filter((who) => who !== 'theo' && !RUN_IT.includes(who) && !HELPERS.includes(who))
    : admitted.filter((who) => !isOwner(of, who))
}

type Seen = { code: string; fault: string | undefined }

const seenBy = async (of: Case, who: Caller): Promise<Seen[]> => {
  const { scene, row, call } = of
  const isShown = row.of === 'course' || row.of === 'everybody'
  const seen: Seen[] = []
  for (const pair of pairsOf(of, who, isShown ? hiddenOf(scene.own) : scene.own)) seen.push(await compared(of, pair))
  if (row.of !== 'course') return seen
  const outcome = await call(who, row.input(scene.own))
  const fault = isPublicly(outcome, who) ? undefined : `${who}, who does not have the course, gets ${told(outcome)}`
  return [...seen, { code: outcome.code, fault }]
}

/** Whoever it does not belong to cannot tell it from what does not exist. That a published course is there is no secret. */
const forOthers = async (of: Case): Promise<string[]> => {
  const found: string[] = []
  for (const who of strangersTo(of)) {
    const faults = (await seenBy(of, who)).filter(({ fault }) => fault !== undefined)
    const exception = isOwner(of, who) ? undefined : excepted(of, who)
    const isMeant = ({ code }: Seen): boolean => code === exception?.gets
    found.push(...faults.filter((each) => !isMeant(each)).map(({ fault }) => fault ?? ''))
    if (exception && !faults.some(isMeant)) found.push(`${who} needs no exception`)
  }
  return found
}

/** Whom it belongs to is answered. */
const forOwners = async (of: Case): Promise<string[]> => {
  const { scene, route, row, call } = of
  const [found, changing]: [string[], Caller[]] = [[], []]
  const owners = ADMITTED[route.access].filter((who) => isOwner(of, who))
  // Nina has the course as Lena has; one of them will do.
  for (const who of owners.filter((each) => each !== 'nina' && (row.of === 'teacher' || !ALIKE.includes(each))).slice(0, row.isOnce ? 1 : undefined)) {
    const outcome = await call(who, row.input(scene.own))
    const exception = excepted(of, who)
    if (outcome.code !== (exception?.gets ?? 'answered')) found.push(`${who}, whose it is, gets ${told(outcome)}`)
    if (route.method === 'GET' && outcome.stored !== undefined) changing.push(who)
  }
  if (row.leaves === undefined) found.push(...changing.map((who) => `${who}, who only looks, changes something`))
  else if (changing.length === 0) found.push('a look leaves nothing stored, and the row says it does')
  return found
}

/** What stands in records and is for the school to write. Inside of a field some of these names have a meaning. */
const NOT_THEIRS = {
  ...{ owner: 'prs_3', teacher: 'prs_3', learner: 'prs_3', person: 'prs_3', buyer: 'prs_3', actor: 'prs_3' },
  ...{ role: 'admin', roles: ['admin'], isAdmin: true, isStaff: true },
  ...{ state: 'published', status: 'published', isListed: true, isPaid: true, isPassed: true, isVerified: true, earned: 100, grade: 100, version: 7 },
  ...{ createdAt: '2020-01-01T00:00:00.000Z', updatedAt: '2020-01-01T00:00:00.000Z', slug: 'mine', learners: 99 },
}
const NOT_THEIRS_WHOLE = { ...NOT_THEIRS, id: 'crs_00000000', by: 'prs_3', email: 'sam@lectern.test', name: 'Somebody else', at: '2020-01-01T00:00:00.000Z' }

const inside = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inside)
  if (typeof value !== 'object' || value === null) return value
  return { ...NOT_THEIRS, ...Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inside(each)])) }
}

/** The same input with all of that in it, save what the contract itself names. */
const laden = (input: unknown, fields: readonly string[]): unknown => {
  const more = Object.entries(NOT_THEIRS_WHOLE).filter(([name]) => !fields.includes(name))
  const given = Object.entries(Object(input)).map(([name, value]) => [name, inside(value)])
  return Object.fromEntries([...more, ...given])
}

/** Signatures, and tickets of the store, are other ones each time; ids of this scene's calls are short. */
const readable = ({ code, text, stored }: Outcome): Outcome => {
  const plain = (words: string): string => words.replaceAll(/[\w~.-]{24,}/g, '…')
  return { code, text: plain(text), stored: stored === undefined ? undefined : plain(stored) }
}

/** Fields beside those the contract names are taken from nobody: the answer and all that is stored stay the same. */
const forFields = async (of: Case): Promise<string[]> => {
  const { scene, route, row, call } = of
  const who = ADMITTED[route.access].find((each) => isOwner(of, each) && each !== 'visitor' && each !== 'sam')
  if (!who || row.isOnce) return []
  const input = row.input(scene.own)
  const [plain, more] = [readable(await call(who, input)), readable(await call(who, laden(input, route.fields)))]
  return isSame(plain, more, []) ? [] : [`${who} changes something by fields that the contract does not name: ${told(plain)}, ${told(more)}`]
}

/** Who of some is let in, and whose it is. */
export const whoseOf = <W extends Caller>(of: Case, some: readonly W[]): W | undefined =>
  some.find((who) => ADMITTED[of.route.access].includes(who) && isOwner(of, who))

/** With an access token that lacks the scope nothing is answered and nothing changes; with one that has it alone, the same as by the sign-in. */
export const unexpectedByToken = async (of: Case, who: Caller, { lacking, having }: { lacking: Call; having: Call | undefined }): Promise<string[]> => {
  const { scene, row, call, route } = of
  const input = row.input(scene.own)
  const refused = await lacking(who, input)
  const found = refused.code === 'not-in-scope' && refused.stored === undefined ? [] : [`${route.name}: a token without its scope gets ${told(refused)}`]
  if (!having || row.isOnce) return found
  const [signedIn, byToken] = [readable(await call(who, input)), readable(await having(who, input))]
  return isSame(signedIn, byToken, []) ? found : [...found, `${route.name}: ${who} gets ${told(signedIn)}, and ${told(byToken)} by a token`]
}

/** All that is not as it should be, in words. */
export const unexpected = async (asked: Case): Promise<string[]> => {
  const { call, overheard } = listening(asked)
  const of = { ...asked, call }
  const found = [...(await atTheDoor(of)), ...(of.row.of === 'nobody' ? [] : await forOthers(of)), ...(await forFields(of)), ...(await forOwners(of))]
  return [...new Set([...found, ...overheard])].map((what) => `${of.route.name}: ${what}`)
}
