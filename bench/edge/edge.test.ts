import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRow, isSkip } from '../rows.ts'
import { roundOf, type Spent } from './contest.ts'
import { entriesOf } from './entries.ts'
import { configOf, readBuild, secureLink } from './nginx.ts'

const spent = (name: string, key: Spent['key'], ...rounds: number[]): Spent => ({ name, key, rounds })

test('a segment stands beside its limit and nginx with goals, and beside plain Node to be read', () => {
  const rows = entriesOf([spent('segment', 'ours', 1.5, 1, 1.2), spent('segment', 'node', 2, 4), spent('segment', 'nginx', 0.5, 0.25)]).filter(isRow)
  const told = rows.map(({ name, ours, theirs, ratio, goal }) => [name, ours, theirs, ratio, goal])
  assert.deepEqual(told, [
    ['edge.segment.cpu', 1, 2, 0.5, 1],
    ['edge.segment.nginx.cpu', 1, 0.25, 4, 4],
    ['edge.segment.node.cpu', 1, 2, 0.5, undefined],
    ['edge.segment.nginx.median.cpu', 1.2, 0.375, 3.2, undefined],
    ['edge.gigabyte.nginx.cpu', 0.5, 0.125, 4, undefined],
    ['edge.gigabyte.node.cpu', 0.5, 1, 0.5, undefined],
  ])
})

test('without nginx the rows beside it are left out, and everything else stays', () => {
  const all = [spent('segment', 'ours', 1), spent('segment', 'node', 2), spent('me', 'ours', 0.2), spent('me', 'node', 0.1)]
  const names = entriesOf(all).map(({ name }) => name)
  assert.deepEqual(names, ['edge.segment.cpu', 'edge.segment.node.cpu', 'edge.gigabyte.node.cpu', 'edge.me.node.cpu'])
  assert.equal(entriesOf(all).filter(isSkip).length, 0)
})

test('a round is as long as its cost can be told from, within reason', () => {
  assert.equal(roundOf(300, 0.6), 300)
  assert.equal(roundOf(300, 0.06), 3000)
  assert.equal(roundOf(300, 0), 18_000)
  assert.equal(roundOf(300, 600), 50)
})

test('an nginx counts only when it was built with secure_link', () => {
  const words = 'nginx version: nginx/1.22.1\nconfigure arguments: --with-http_ssl_module'
  assert.deepEqual(readBuild(`${words} --with-http_secure_link_module`), { version: '1.22.1' })
  assert.deepEqual(readBuild(words), { skip: 'nginx 1.22.1 was built without secure_link' })
  assert.match(JSON.stringify(readBuild('')), /there is no nginx/)
})

test('nginx is given links for one path each, and writes nowhere but in its own folder', () => {
  // As its manual makes them: openssl md5 -binary | openssl base64 | tr +/ -_ | tr -d =
  assert.equal(secureLink('/index.m3u8'), '/index.m3u8?md5=MKLJyuPI9Bm1oE0eJ_xA2Q&expires=4000000000')
  const config = configOf({ port: 4801, root: '/files', scratch: '/scratch' })
  const paths = [...config.matchAll(/\s(\/[^;\s]+);/g)].map(([, path]) => path)
  assert.ok(paths.length >= 7 && paths.every((path) => path === '/files' || path?.startsWith('/scratch/')), paths.join(' '))
  assert.match(config, /listen 127\.0\.0\.1:4801;/)
})
