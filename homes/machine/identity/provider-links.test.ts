import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { providerLinks } from './provider-links.ts'

test('two accounts of one provider are one way in: both go with it', () => {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE provider_links (issuer TEXT, subject TEXT, account TEXT, PRIMARY KEY (issuer, subject)) STRICT')
  const links = providerLinks(database)
  for (const subject of ['lena-then', 'lena-now']) links.add('https://accounts.example', subject, 'prs_lena')
  links.add('https://other.example', 'lena', 'prs_lena')
  assert.deepEqual(links.of('prs_lena'), ['https://accounts.example', 'https://other.example'])
  assert.equal(links.remove('prs_lena', 'https://accounts.example'), true)
  assert.equal(links.accountOf('https://accounts.example', 'lena-then'), undefined)
  assert.deepEqual(links.of('prs_lena'), ['https://other.example'])
})
