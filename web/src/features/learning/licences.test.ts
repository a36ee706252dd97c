import assert from 'node:assert/strict'
import { test } from 'node:test'
import { licencePage } from './licences.ts'

test('a Creative Commons licence leads to its own page, any other nowhere', () => {
  assert.equal(licencePage('CC-BY-4.0'), 'https://creativecommons.org/licenses/by/4.0/')
  assert.equal(licencePage('CC-BY-NC-SA-3.0'), 'https://creativecommons.org/licenses/by-nc-sa/3.0/')
  assert.equal(licencePage('CC0-1.0'), 'https://creativecommons.org/publicdomain/zero/1.0/')
  for (const other of ['MIT', 'All rights reserved', 'CC-BY-4.0 OR MIT', 'CC-BY-X-4.0']) assert.equal(licencePage(other), undefined)
})
