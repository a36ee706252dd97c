/** An endpoint as the contract declares it. */
export type Deed = { name: string; method: string; access: string; input: unknown }

/** What teachers and their helpers do all day; written down only where it takes something from people, or is named below. */
const TEACHING: readonly string[] = ['instructor', 'teaching']
const ONES_OWN: readonly string[] = ['anyone', 'person']

/** Done by staff about people, their standing and what is shown, though it is no admin's endpoint and removes nothing. */
const BESIDES: readonly string[] = [
  ...['assignments.grade', 'certificates.putRules', 'certificates.revoke', 'reviews.judge', 'talk.block', 'content.release', 'versions.restore'],
  ...['courses.publish', 'courses.unpublish', 'courses.archive', 'announcements.send', 'helpers.add', 'helpers.change'],
]

/** Prices and terms are set with everything else that a course says of itself, which is saved with every word. */
const isPricing = ({ name, input }: Deed): boolean => name === 'courses.update' && typeof input === 'object' && input !== null && 'price' in input

/** Whoever is staff of a course moderates there; the same endpoint lets a learner say which post was the answer. */
const isModerating = ({ name, input }: Deed): boolean =>
  name === 'talk.moderate' && typeof input === 'object' && input !== null && 'what' in input && input.what !== 'answer'

/** Whether an act is one of staff about people, money, access, roles, settings or what is removed. Whatever only an admin may change is. */
export const isNoted = (deed: Deed): boolean => {
  const { name, method, access } = deed
  if (method === 'GET') return false
  if (BESIDES.includes(name) || isPricing(deed) || isModerating(deed)) return true
  if (ONES_OWN.includes(access)) return false
  return TEACHING.includes(access) ? method === 'DELETE' : true
}
