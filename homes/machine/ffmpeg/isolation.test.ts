import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { plain } from './awkward-film.fixture.ts'
import { findFfmpeg } from './found.fixture.ts'
import { probing, type Sprung, setTraps, spring } from './isolation.fixture.ts'
import { work } from './work.ts'

const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** A folder with what nobody may read lying beside the place of a job. */
const aPlace = async () => {
  const root = await mkdtemp(join(tmpdir(), 'lectern-isolation-'))
  folders.push(root)
  const [job, canary] = [join(root, 'job'), join(root, 'canary.mp4')]
  await mkdir(job)
  await writeFile(canary, await plain())
  return { root, job, canary }
}

/** A server at which it is counted who calls. */
const aServer = async () => {
  let calls = 0
  const server = createServer((socket) => {
    calls += 1
    socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  return { url: `http://127.0.0.1:${address.port}/film.mp4`, calls: () => calls, close: () => server.close() }
}

/** Opening a pipe to write waits until somebody opens it to read: nobody can do so unseen. */
const aPipe = (path: string) => {
  execFileSync('mkfifo', [path])
  let isRead = false
  const opened = open(path, 'w').then((handle) => {
    isRead = true
    return handle.close()
  })
  const release = async (): Promise<void> => {
    const handle = await open(path, 'r+')
    await opened
    await handle.close()
  }
  return { isRead: () => isRead, release }
}

const found = findFfmpeg()
const engines: [name: string, ffmpegPath: string | undefined, skip: string | undefined][] = [
  ['the FFmpeg that came with npm', undefined, undefined],
  ['an ffmpeg of the machine', 'path' in found ? found.path : undefined, 'skip' in found ? found.skip : undefined],
]
const hasPipes = process.platform !== 'win32'

/** A film that names an address only is its own; of one by alias a copy is made, of nothing. */
const isItsOwn = ({ source, kind }: Sprung): boolean => source.includes('a-film-by-address') || (source.includes('a-film-by-alias') && kind === 'copy')

const assertNothingMade = (sprung: readonly Sprung[]): void => {
  const wentWell = sprung.filter(({ ended }) => ended === 'probed' || ended === 'done')
  assert.deepEqual(
    wentWell.filter((one) => !isItsOwn(one)),
    [],
  )
}

const assertCanaryMade = (sprung: readonly Sprung[]): void =>
  assert.deepEqual(sprung.map(({ kind, ended }) => `${kind} ${ended}`).toSorted(), ['copy done', 'probe probed', 'run done'])

const findStrace = (): string | undefined => {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'there is no strace on this machine'
  }
}
const withoutStrace = findStrace()
/** Over a hundred workers start in one test, on however busy a machine. */
const MOST_MS = 300_000

const PROJECT = resolve(import.meta.dirname, '../../..')
/** Where programs, and the libraries a system's own ffmpeg brings, have their code and settings. */
const PROGRAMS = [
  resolve(process.execPath, '../..'),
  '/lib',
  '/usr',
  '/proc',
  '/sys',
  '/dev',
  ...['ld.so', 'ssl', 'gcrypt', 'gnutls', 'pki'].map((name) => `/etc/${name}`),
]

/** What a program says, the paths that it and all it starts open, and the kinds of sockets they make, as strace tells of them. */
const watched = async (log: string, program: readonly string[]): Promise<{ said: string; opened: string[]; sockets: string[] }> => {
  // With the filter in the kernel only these calls stop a worker, not every one it makes.
  const calls = ['-f', '--seccomp-bpf', '-qq', '-e', 'trace=open,openat,openat2,connect,socket', '-o', log]
  const { stdout } = await promisify(execFile)('strace', [...calls, process.execPath, ...program])
  const trace = await readFile(log, 'utf8')
  const opened = [...trace.matchAll(/open(?:at2?)?\((?:AT_FDCWD, )?"([^"]*)"/g)].map(([, path = '']) => path)
  const sockets = [...trace.matchAll(/(?:socket\(|sa_family=)(AF_\w+)/g)].map(([, family = '']) => family)
  return { said: stdout, opened, sockets }
}

for (const [engine, ffmpegPath, skip = withoutStrace] of engines) {
  // One run of the workers shows what is made, what is opened and who is called; other machines have a run for each, below.
  test(`of a file that names others workers open no other, make nothing, and make no socket, with ${engine}`, {
    skip: skip ?? false,
    timeout: MOST_MS,
  }, async () => {
    const { root, job, canary } = await aPlace()
    const [uploads, log, list] = [join(root, 'uploads'), join(root, 'trace'), join(root, 'list')]
    const server = await aServer()
    const traps = await setTraps(uploads, [canary, '../canary.mp4', server.url])
    const watch = async (paths: string[]) => {
      await writeFile(list, paths.join('\n'))
      const seen = await watched(log, [join(import.meta.dirname, 'isolation.fixture.ts'), list, job, ...(ffmpegPath === undefined ? [] : [ffmpegPath])])
      // What the fixture writes when it is run as a program.
      return { ...seen, sprung: JSON.parse(seen.said) as Sprung[] }
    }
    const { opened, sockets, sprung } = await watch(traps.map(({ path }) => path))
    const isTheirs = (path: string): boolean => !path.startsWith('/') || [PROJECT, uploads, job, list, ...PROGRAMS].some((place) => path.startsWith(place))
    assert.equal(sprung.length, 3 * traps.length)
    assertNothingMade(sprung)
    assert.deepEqual(
      opened.filter((path) => !isTheirs(path)),
      [],
    )
    assert.ok(!opened.some((path) => path.includes('canary')))
    assert.deepEqual([sockets, server.calls()], [[], 0])
    for (const { path } of traps) assert.ok(opened.includes(path), `${path} itself was opened`)

    const control = await watch([canary])
    assert.ok(control.opened.includes(canary), 'an opened canary is noticed')
    assertCanaryMade(control.sprung)
    const calling = await watched(log, ['-e', `await fetch(${JSON.stringify(server.url)})`])
    assert.deepEqual([calling.sockets.includes('AF_INET'), server.calls()], [true, 1], 'a call is noticed')
    server.close()
  })

  if (withoutStrace === undefined) continue
  describe(`a file that names others, with ${engine}`, skip === undefined || skip === withoutStrace ? {} : { skip }, () => {
    /** The workers that files which name these places make nothing of, by all that can be seen from inside. */
    const sprungOn = async (places: string[], { root, job }: { root: string; job: string }): Promise<Sprung[]> => {
      const traps = await setTraps(join(root, 'uploads'), places)
      const paths = traps.map(({ path }) => path)
      return spring(paths, job, ffmpegPath)
    }

    test('makes nothing of a film that lies beside it', async () => {
      const place = await aPlace()
      assertNothingMade(await sprungOn([place.canary, '../canary.mp4'], place))
      assertCanaryMade(await spring([place.canary], place.job, ffmpegPath))
    })

    test('opens no other file', { skip: hasPipes ? false : 'there are no named pipes on this system' }, async () => {
      const { root, job } = await aPlace()
      const pipe = aPipe(join(root, 'pipe'))
      try {
        await sprungOn([join(root, 'pipe'), '../pipe'], { root, job })
        assert.equal(pipe.isRead(), false)
        await work(probing(join(root, 'pipe')), { folder: job, limits: { seconds: 20 } })
        assert.equal(pipe.isRead(), true, 'an opened pipe is noticed')
      } finally {
        await pipe.release()
      }
    })

    test('calls nobody', async () => {
      const server = await aServer()
      await sprungOn([server.url], await aPlace())
      assert.equal(server.calls(), 0)
      await fetch(server.url)
      assert.equal(server.calls(), 1, 'a call is noticed')
      server.close()
    })
  })
}

test('a worker knows where programs lie, and nothing secret', {
  skip: process.platform === 'linux' ? false : 'only Linux shows what a process was given',
}, async () => {
  const { job, canary } = await aPlace()
  process.env['LECTERN_TEST_SECRET'] = 'a secret of the school'
  process.env['AWS_SECRET_ACCESS_KEY'] = 'a secret of the school'
  let given = ''
  await work({ kind: 'probe', source: canary }, { folder: job, onStart: (pid) => (given = readFileSync(`/proc/${pid}/environ`, 'utf8')) })
  const names = given
    .split('\0')
    .filter(Boolean)
    .map((entry) => entry.slice(0, entry.indexOf('=')))
  const allowed = new Set(['PATH', 'LD_LIBRARY_PATH', 'NODE_COMPILE_CACHE', 'NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE'])
  assert.ok(names.includes('PATH'))
  assert.deepEqual(
    names.filter((name) => !allowed.has(name)),
    [],
  )
  assert.ok(!given.includes('a secret of the school'))
})
