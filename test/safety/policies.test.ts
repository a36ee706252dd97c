import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { MOST_TOKEN_DAYS } from '#contract/tokens.ts'
import { DELIVERIES_KEPT } from '#contract/webhooks.ts'
import { FRESH_SECONDS } from '#core/accounts/fresh.ts'
import { KEPT_MONTHS } from '#core/audit/records.ts'
import { REMOVED_KEPT_DAYS } from '#core/courses/records.ts'
import { LEAST_PASSWORD } from '#homes/least-password.ts'
import { CHANGE_HOURS } from '#homes/machine/identity/addresses.ts'
import { LIMITS } from '#homes/machine/identity/limits.ts'
import { LINK_HOURS } from '#homes/machine/identity/links.ts'
import { ACCESS_SECONDS, SESSION_SECONDS } from '#homes/machine/identity/provider.ts'
import { LOG_BOUNDS } from '#homes/machine/log-files.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const FOLDER = join(ROOT, 'docs', 'security')
const page = readFileSync(join(FOLDER, 'policies.md'), 'utf8')

/** What the page says, with the number of the program in it. */
const NUMBERS: readonly string[] = [
  `a password of ${LEAST_PASSWORD} characters or more`,
  `${LIMITS.signInPerAccount.points} wrong in ${LIMITS.signInPerAccount.seconds / 60} minutes`,
  `${LIMITS.codesPerAccount.points} wrong codes in ${LIMITS.codesPerAccount.seconds / 60} minutes`,
  `${LIMITS.formsPerAddress.points} forms a minute from one network`,
  `${LIMITS.lettersPerAccount.points} letters an hour to an address`,
  `confirm for ${LINK_HOURS.confirm} hours, a new password for ${LINK_HOURS.reset} hour`,
  `a sign-in of the last ${FRESH_SECONDS / 60} minutes`,
  `| of a browser | ${SESSION_SECONDS / 3600} hours from the sign-in`,
  `| a token | ${ACCESS_SECONDS / 60} minutes |`,
  `hashed; ${MOST_TOKEN_DAYS} days at most`,
  `| ${KEPT_MONTHS} months |`,
  `${REMOVED_KEPT_DAYS} days to bring back`,
  `| ${LOG_BOUNDS.days} days, in files of a day each`,
  `the newest ${DELIVERIES_KEPT} of each address`,
]

test('the page of policies says the numbers that the program goes by', () => {
  assert.deepEqual([LIMITS.formsPerAddress.seconds, LIMITS.lettersPerAccount.seconds, CHANGE_HOURS], [60, 3600, LINK_HOURS.confirm])
  assert.deepEqual(
    NUMBERS.filter((said) => !page.includes(said)),
    [],
  )
})

test('what the page of policies names is there', () => {
  const named = [...page.matchAll(/`((?:test|core|\.github)\/[\w./-]+)`/g)].map(([, path = '']) => join(ROOT, path))
  const linked = [...page.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, path = '']) => join(FOLDER, path))
  assert.ok(named.length > 0 && linked.length > 0)
  assert.deepEqual(
    [...named, ...linked].filter((path) => !existsSync(path)),
    [],
  )
})
