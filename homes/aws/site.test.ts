import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openSchool } from '#test/school.ts'
import { deploySite } from './site.ts'

const built = async (t: TestContext) => {
  const school = await openSchool()
  const root = await mkdtemp(join(tmpdir(), 'lectern-web-'))
  t.after(async () => {
    await school.close()
    await rm(root, { recursive: true })
  })
  await mkdir(join(root, 'assets'))
  const write = (path: string, text: string) => writeFile(join(root, path), text)
  await write('assets/main-Cx_9.js', 'start()')
  await write('favicon.svg', '<svg/>')
  await write('index.html', '<!doctype html><title>Lectern</title>')
  const puts: string[] = []
  const { objects } = school.world
  const world = {
    ...school.world,
    objects: {
      ...objects,
      put: async (...args: Parameters<typeof objects.put>) => {
        puts.push(args[0])
        return objects.put(...args)
      },
    },
  }
  const deployments = (): number => school.database.prepare(`SELECT id FROM outbox WHERE name = 'web.deployed'`).all().length
  return { school, root, write, world, puts, deployments }
}

test('A deployed app lies where the distribution reads it, each file with its type and for as long as it may be kept', async (t) => {
  const { school, root, world, deployments } = await built(t)
  assert.equal(await deploySite(world, root), 3)
  const kept = async (key: string) => {
    const found = await school.world.objects.head(key)
    return [found?.type, found?.cacheControl]
  }
  assert.deepEqual(await kept('site/assets/main-Cx_9.js'), ['text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'])
  assert.deepEqual(await kept('site/favicon.svg'), ['image/svg+xml', 'no-cache'])
  assert.deepEqual(await kept('site/index.html'), ['text/html; charset=utf-8', 'no-cache'])
  assert.equal(deployments(), 1)
})

test('The page comes after everything it names, and a page that has not changed is no news', async (t) => {
  const { root, write, world, puts, deployments } = await built(t)
  await deploySite(world, root)
  assert.deepEqual(puts.slice(0, 2).toSorted(), ['site/assets/main-Cx_9.js', 'site/favicon.svg'])
  assert.deepEqual([puts[2], puts.at(-1)], ['site/index.html', 'web/index.html'])
  await deploySite(world, root)
  assert.equal(deployments(), 1)
  await write('index.html', '<!doctype html><title>Anew</title>')
  await deploySite(world, root)
  assert.equal(deployments(), 2)
})

test('A folder without a page is refused before anything is put anywhere', async (t) => {
  const { root, world, puts } = await built(t)
  await rm(join(root, 'index.html'))
  await assert.rejects(deploySite(world, root), /build the web app first/)
  assert.deepEqual(puts, [])
})
