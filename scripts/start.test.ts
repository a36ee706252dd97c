import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const ROOT = join(import.meta.dirname, '..')

/** Runs a script as npm would, and answers with how it ended and what it said of trouble. */
const run = (script: string, args: string[], environment: Record<string, string> = {}): Promise<{ code: number; out: string; trouble: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', ...environment }
    execFile(process.execPath, [join(ROOT, 'scripts', script), ...args], { cwd: ROOT, env }, (error, out, trouble) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, trouble: trouble.trim() }),
    )
  })

describe('npm start', () => {
  it('names the port that is taken, and how to choose another, before it installs anything', async () => {
    const server = createServer()
    await once(server.listen(0), 'listening')
    const address = server.address()
    assert.ok(address !== null && typeof address === 'object')
    const { code, out, trouble } = await run('start.mjs', [], { PORT: String(address.port) })
    server.close()
    assert.equal(code, 1)
    assert.match(trouble, new RegExp(`^Port ${address.port} is taken.*PORT=${address.port + 1} npm start$`))
    assert.doesNotMatch(out, /Packages/)
  })

  it('says in one line that a port is no port', async () => {
    const { code, trouble } = await run('start.mjs', [], { PORT: 'four' })
    assert.deepEqual([code, trouble], [1, 'PORT is "four", which is no port. Try: PORT=4700 npm start'])
  })

  it('says in one line that the data folder cannot be written to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lectern-start-'))
    await writeFile(join(folder, 'file'), '')
    const { code, trouble } = await run('start.mjs', [], { PORT: '0', LECTERN_DATA: join(folder, 'file', 'data') })
    await rm(folder, { recursive: true })
    assert.equal(code, 1)
    assert.match(trouble, /^The data folder \S+ cannot be written to \(ENOTDIR\)\. Try: LECTERN_DATA=\S+ npm start$/)
  })

  it('tells an old Node apart in a file that an old Node can read', async () => {
    const old = `Object.defineProperty(process.versions, 'node', { value: '18.20.0' }); await import(${JSON.stringify(join(ROOT, 'scripts', 'start.mjs'))})`
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) =>
      execFile(process.execPath, ['--input-type=module', '--eval', old], (error, _, said) => resolve({ code: error?.code, stderr: said })),
    )
    assert.equal(code, 1)
    assert.match(stderr.trim(), /^Lectern needs Node 20 or newer; this is Node 18\.20\.0\. [^\n]*$/)
  })
})

describe('the verbs of the AWS home', () => {
  for (const verb of ['synth', 'rehearse', 'test', 'diff', 'deploy', 'outputs', 'destroy', 'secrets', 'keys'])
    it(`explains ${verb} instead of doing it`, async () => {
      const { code, out } = await run('aws.mjs', [verb, '--help'])
      assert.equal(code, 0)
      assert.match(out, new RegExp(`npm run ${verb === 'test' ? 'test:aws' : `aws:${verb}`}\\b`))
      assert.doesNotMatch(out, /Packages/)
    })
})

describe('npm run lectern', () => {
  it('lists its verbs', async () => {
    const { code, out } = await run('lectern.ts', [])
    assert.equal(code, 0)
    assert.match(out, /^ {2}doctor +\S/m)
  })

  it('explains a verb instead of doing it', async () => {
    const { code, out } = await run('lectern.ts', ['doctor', '--help'])
    assert.equal(code, 0)
    assert.match(out, /LECTERN_DATA/)
    assert.doesNotMatch(out, /GB free/)
  })

  it('knows no other verbs', async () => {
    const { code, trouble } = await run('lectern.ts', ['dance'])
    assert.equal(code, 2)
    assert.match(trouble, /There is no verb "dance"/)
  })

  it('finds a school well, and one ill whose FFmpeg is gone', async () => {
    const data = await mkdtemp(join(tmpdir(), 'lectern-doctor-'))
    const healthy = await run('lectern.ts', ['doctor'], { LECTERN_DATA: data, PORT: '0', FFMPEG_PATH: '' })
    const ill = await run('lectern.ts', ['doctor'], { LECTERN_DATA: data, PORT: '0', FFMPEG_PATH: join(data, 'gone') })
    await rm(data, { recursive: true })
    assert.deepEqual([healthy.code, ill.code], [0, 1], healthy.out)
    assert.match(ill.out, /✗ FFmpeg .*ENOENT/)
  })
})
