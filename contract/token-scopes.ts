import type { Contract } from './contract.ts'
import type { Scope } from './scopes.ts'

/** `any`: a token of whatever scope. */
export type TokenScope = Scope | 'any'

/**
 * What access tokens open, and with which scope. What is not named here no token opens, whatever its person may do: signing in, tokens themselves,
 * films, money that moves, and what nobody has thought of yet.
 */
const OPENED: { [F in keyof Contract]?: { [V in keyof Contract[F]]?: TokenScope } } = {
  accounts: { me: 'any' },
  learning: { mine: 'learning:read', curriculum: 'learning:read', lesson: 'learning:read' },
  calendar: { mine: 'learning:read' },
  notes: { list: 'learning:read' },
  certificates: { mine: 'learning:read', issued: 'people:read' },
  courses: {
    ...{ mine: 'courses:read', get: 'courses:read', lesson: 'courses:read', removedLessons: 'courses:read' },
    ...{ create: 'courses:write', update: 'courses:write', duplicate: 'courses:write', archive: 'courses:write' },
    ...{ addSection: 'courses:write', renameSection: 'courses:write', openSection: 'courses:write', removeSection: 'courses:write', arrange: 'courses:write' },
    ...{ addLesson: 'courses:write', updateLesson: 'courses:write', removeLesson: 'courses:write', restoreLesson: 'courses:write' },
    ...{ duplicateLesson: 'courses:write', schedule: 'courses:write', publish: 'courses:write', unpublish: 'courses:write' },
  },
  files: {
    ...{ ofLesson: 'courses:read', upload: 'courses:read', startUpload: 'courses:write', signParts: 'courses:write', finishUpload: 'courses:write' },
    ...{ rename: 'courses:write', arrange: 'courses:write', remove: 'courses:write' },
  },
  media: {
    ...{ upload: 'courses:read', video: 'courses:read', startUpload: 'courses:write', signParts: 'courses:write', finishUpload: 'courses:write' },
    ...{ cancelUpload: 'courses:write', retry: 'courses:write' },
  },
  captions: { all: 'courses:read', read: 'courses:read', upload: 'courses:write', save: 'courses:write', publish: 'courses:write', remove: 'courses:write' },
  versions: { list: 'courses:read', compare: 'courses:read' },
  insights: {
    ...{ overview: 'courses:read', heat: 'courses:read', quiz: 'courses:read', revenue: 'orders:read' },
    ...{ learners: 'people:read', learner: 'people:read', exportLearners: 'people:read' },
  },
  people: { list: 'people:read', person: 'people:read' },
  grants: { explain: 'people:read', give: 'access:write', end: 'access:write' },
  money: { overview: 'orders:read', orders: 'orders:read', order: 'orders:read', memberships: 'orders:read', revenue: 'orders:read', table: 'orders:read' },
}

/** The scope that opens an endpoint to access tokens, by its name such as `courses.get`; undefined where none does. */
export const tokenScopeOf = (name: string): TokenScope | undefined => {
  const [feature = '', verb = ''] = name.split('.')
  // Whatever is asked for: what the table has no row for is undefined.
  const rows = OPENED as Record<string, Record<string, TokenScope | undefined> | undefined>
  return Object.hasOwn(rows, feature) ? rows[feature]?.[verb] : undefined
}
