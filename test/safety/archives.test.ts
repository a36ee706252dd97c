import assert from 'node:assert/strict'
import { test } from 'node:test'
import { programFiles } from './program-files.ts'

/** Who unpacks, and what: nothing that people have sent. */
const UNPACKERS: Record<string, string> = {
  'scripts/browser.ts': 'the browser of journeys, from a package whose digest stands in package-lock.json',
}

/** What unpacks: of Node, of the web and of fflate, which packs what people take along; the program `tar` and its like; and the packages that people take for it. */
const UNPACKS = new RegExp(
  [
    /\b(?:create|Async)?(?:Gunzip|Unzip|Unzlib|Inflate(?:Raw)?|Decompress|BrotliDecompress|ZstdDecompress)\b|\bDecompressionStream\b/,
    /\b(?:gunzip|unzip|unzlib|inflate(?:Raw)?|decompress|brotliDecompress|zstdDecompress)(?:Sync)?\b/,
    /'(?:tar|unzip|bsdtar|gunzip|7z|unzipper|yauzl|adm-zip|jszip|node-stream-zip|decompress)'/,
  ]
    .map(({ source }) => source)
    .join('|'),
)

/** A bomb needs somebody who unpacks it, and a path that leads out of its archive too. */
test('nothing that people send is ever unpacked', async () => {
  const found = (await programFiles()).filter(({ text }) => UNPACKS.test(text)).map(({ path }) => path)
  assert.deepEqual(found, Object.keys(UNPACKERS))
})

test('no way of unpacking is overlooked', () => {
  const ways = [
    "new DecompressionStream('gzip')",
    "import { createGunzip } from 'node:zlib'",
    'zlib.unzipSync(bytes)',
    'zlib.createZstdDecompress()',
    "import { AsyncUnzip } from 'fflate'",
    "import { Unzip } from 'fflate'",
    "import yauzl from 'yauzl'",
    "await import('tar')",
    "execFile('tar', ['-xf', path])",
  ]
  assert.deepEqual(
    ways.filter((way) => !UNPACKS.test(way)),
    [],
  )
  for (const other of ["import { gzip } from 'node:zlib'", 'new CompressionStream("gzip")', "import { Zip } from 'fflate'"]) assert.doesNotMatch(other, UNPACKS)
})
